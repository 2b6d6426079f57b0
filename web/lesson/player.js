// The classroom page at work: its state, and what changes it. All else is drawn from the state.
import { render } from "lit-html";
import { keeper, read } from "./address.js";
import { clock, still } from "../stage/clock.js";
import { gap, yearsGap } from "./guess.js";
import { meaning } from "../stage/keys.js";
import { fateOf, outcomeOf } from "../stage/knockout.js";
import { opened } from "./lesson.js";
import { looking } from "../stage/looking.js";
import { whole } from "./page.js";
import { pictures } from "../stage/pictures.js";
import { tried, verdict } from "./puzzles.js";
import { ALL_ON, sceneOf } from "./scenes.js";
import { switched } from "./explain.js";
import { texts } from "../text.js";

const TEASER = 12; // weeks that play by themselves before the bet

const fresh = (lesson, language) => ({
  language, step: "guess", before: "guess", week: 0, year: 0, playing: false, until: lesson.recordings[0].weeks, speed: "normal",
  person: null, hovered: null, around: null, guess: Math.round(lesson.asked.people / 2), years: 5, given: false, skipped: false, ended: false,
  switches: ALL_ON, without: null, arrows: false, puzzle: 0, chosen: "", answer: null, group: 0, left: null, right: null,
  why: "", listing: false, said: "", width: 640, room: 340,
});

export function mountPlayer(root, data, words, language) {
  const lesson = opened(data), state = fresh(lesson, language), keep = keeper(), times = [];
  const { paint: painted, found, drawn, shapes } = pictures(root);
  let speech = texts(words, language), scene = null;
  const set = (changes) => { Object.assign(state, changes); update(); };
  const said = (...sentences) => sentences.filter(Boolean).join(" ");
  const say = (...all) => speech.say(...all);

  // -- drawing --------------------------------------------------------------------------------------
  function page() {
    return { state, lesson, scene, say, has: speech.has, act };
  }
  function update() {
    scene = sceneOf(lesson, state);
    render(whole(page()), root);
    paint();
    keep(state, scene.recording.people);
    const width = root.querySelector(".show, .papers-view")?.clientWidth, room = (root.querySelector(".panel")?.clientWidth ?? state.room + 32) - 32;
    if (width && (Math.abs(width - state.width) > 1 || Math.abs(room - state.room) > 1)) { state.width = width; state.room = room; update(); }
  }
  function paint(mix = 1) {
    const from = performance.now();
    painted(scene, state, mix);
    times.push(performance.now() - from);
    if (times.length > 400) times.shift();
  }

  // -- time -----------------------------------------------------------------------------------------
  const time = clock(state, { weeks: () => scene.recording.weeks, update, paint, ended: () => state.step === "see" && end() });
  /** The year has been seen to its end: what was guessed is set beside what came. */
  function end() {
    if (state.ended || !(state.given || state.skipped) || state.year) return;
    Object.assign(state, { ended: true, said: said(gap(page()), yearsGap(page())) });
  }

  // -- what can be done -----------------------------------------------------------------------------
  const act = {
    set, ...time.act, ...looking(state, { set, scene: () => scene, found }),
    step(step) {
      const paper = ["sheet", "teacher"].includes(step);
      set({ step, before: paper ? (["sheet", "teacher"].includes(state.step) ? state.before : state.step) : step, playing: false, without: null, hovered: null,
        person: samePeople(step) ? state.person : null, arrows: step === "explain" || (step === "see" && state.arrows), ...(step === "explain" && { year: 0, week: state.week || lesson.weeks }), ...(step === "puzzles" && state.step !== "puzzles" && { week: lesson.weeks }) });
    },
    back: () => act.step(state.before),
    speak(language) {
      speech = texts(words, language);
      document.documentElement.lang = language;
      document.title = say(lesson.title.key, lesson.title.values);
      set({ language, said: "" });
    },
    give() { Object.assign(state, { given: true, skipped: false, step: "see", before: "see", week: 0, ended: false }); update(); time.play(); },
    skip() { Object.assign(state, { skipped: true, ...(state.step === "guess" && { step: "see", before: "see", week: 0 }) }); update(); },
    guessAgain: () => set({ given: false, skipped: false, ended: false, said: "" }),
    note: (why) => set({ why }),
    anotherYear: () => set({ year: (state.year + 1) % lesson.recordings.length, person: null, around: null, week: 0, playing: false }),
    switchTo(switches) { Object.assign(state, { switches, without: null }); set({ said: switches === ALL_ON ? "" : said(switched(page())) }); },
    without(key, person = state.person) {
      const without = key === state.without ? null : key;
      Object.assign(state, { without, person, switches: ALL_ON });
      scene = sceneOf(lesson, state);
      if (scene.kept && state.week < scene.kept.week) state.week = scene.recording.weeks;
      set({ said: scene.kept ? said(outcomeOf(scene.kept, scene.recording.people, say), person === null ? "" : fateOf(scene.kept, person, scene.gone.includes(person), scene.recording.people, say)) : "" });
    },
    puzzle: (puzzle) => set({ puzzle, chosen: "", answer: null, without: null, person: null, week: lesson.puzzles[puzzle].recording.weeks, playing: false, said: "" }),
    choose(chosen) { const puzzle = lesson.puzzles[state.puzzle], found = tried(puzzle, chosen); set({ chosen, said: found ? said(verdict(puzzle, found, say)) : said(say("puzzle.too_much")) }); },
    answer(answer) { set({ answer, said: said(say(answer === lesson.puzzles[state.puzzle].answer ? "puzzle.right" : "puzzle.wrong")) }); },
    print(paper) { const fold = root.querySelector(`[data-paper=${paper}]`).closest("details"); if (fold) fold.open = true; document.body.dataset.print = paper; window.print(); },
    keep(name, text) {
      const link = Object.assign(document.createElement("a"), { download: name, href: URL.createObjectURL(new Blob([text], { type: "text/csv" })) });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    },
    skipTo(event) { event.preventDefault(); root.querySelector("#content").focus(); },
  };
  const samePeople = (step) => step !== "puzzles" && state.step !== "puzzles" && !(step === "try" && state.group) && !(state.step === "try" && state.group) && !(step === "explain" && state.year);

  // -- beginning ------------------------------------------------------------------------------------
  const listeners = [
    [document, "keydown", (event) => { const known = meaning(event); if (known && root.querySelector(".stage")) { event.preventDefault(); act[known[0]](...known.slice(1)); } }],
    [window, "hashchange", () => { const asked = read(location.hash, lesson); if (asked.language && asked.language !== state.language) act.speak(asked.language); set({ playing: false, ...asked }); }],
    [window, "resize", () => update()],
    [window, "afterprint", () => { delete document.body.dataset.print; }],
  ];
  for (const [where, what, does] of listeners) where.addEventListener(what, does);
  const asked = read(location.hash, lesson);
  Object.assign(state, asked, asked.step ? { before: asked.step } : {});
  act.speak(state.language);
  if (!still.matches && !asked.step && asked.week === undefined) time.play(Math.min(TEASER, lesson.weeks));
  return { state, act, drawn, times, get scene() { return scene; }, shapes,
    destroy() { time.stop(); for (const [where, what, does] of listeners) where.removeEventListener(what, does); } };
}
