// One imagined year of two designs, by itself: the stage and its transport, without the steps of a lesson.
import { html, render } from "lit-html";
import { person } from "./explain.js";
import { meaning } from "./keys.js";
import { places } from "./layout.js";
import { draw, measures, whoAt } from "./network.js";
import { neighbours, numberOf } from "./people.js";
import { decoded } from "./recording.js";
import { ALL_ON } from "./scene.js";
import { stage, whoMet } from "./stage.js";
import { texts } from "./text.js";
import { SPEEDS, transport } from "./transport.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");

/** `titles` are sayings: {key, values}. What comes back has `destroy`: call it when the place is cleared. */
export function mountYear(root, raw, { words, language, titles }) {
  const recording = decoded(raw), layout = places(recording), speech = texts(words, language), { say } = speech, { weeks, people } = recording;
  const scene = { recording, worlds: recording.worlds.slice(0, 2), titles, knockouts: {}, kept: null, stories: true, hides: false };
  const state = { step: "year", week: 0, playing: false, speed: "normal", person: null, hovered: null, around: null, switches: ALL_ON, without: null, arrows: false, listing: false, ended: true };
  const drawn = [{}, {}], shapes = [null, null], lesson = { recordings: [raw], asked: { outcome: "isolated" } };
  let begun = 0, frame = 0;
  const page = () => ({ state, scene, lesson, say, has: speech.has, act });
  const set = (changes) => { Object.assign(state, changes); update(); };

  function update() {
    const shown = page();
    render(html`${stage(shown)}${transport(shown)}${person(shown)}${whoMet(shown)}<p class="quiet keys screen-only">${say("play.keys")}</p>`, root);
    paint();
  }
  function paint() {
    root.querySelectorAll("canvas").forEach((canvas, side) => {
      const { clientWidth: width, clientHeight: height } = canvas;
      if (shapes[side]?.width !== width || shapes[side].height !== height) shapes[side] = measures(width, height, layout);
      drawn[side] = draw(canvas, shapes[side], { world: scene.worlds[side], people, week: state.week, mix: 1, person: state.hovered ?? state.person,
        arrows: state.arrows, numbers: people.map(numberOf), rings: scene.rings });
    });
  }
  function tick(now) {
    if (!state.playing) return;
    if (now - begun >= 1000 / (still.matches ? SPEEDS.slow : SPEEDS[state.speed])) { begun = now; act.go(state.week + 1, true); }
    frame = requestAnimationFrame(tick);
  }
  const found = (side, event) => {
    const box = event.target.getBoundingClientRect();
    return whoAt(shapes[side], event.clientX - box.x, event.clientY - box.y);
  };
  const act = {
    set,
    go(week, playing = false) {
      state.week = Math.max(0, Math.min(weeks, week));
      set({ playing: playing && state.week < weeks });
    },
    by: (step) => act.go(state.week + step), first: () => act.go(0), last: () => act.go(weeks),
    toggle() {
      if (state.playing) return set({ playing: false });
      begun = performance.now();
      set({ playing: true, week: state.week >= weeks ? 0 : state.week });
      frame = requestAnimationFrame(tick);
    },
    pin: (who) => set({ person: who, around: who }),
    letGo: () => set({ person: null, around: null, hovered: null }),
    click(side, event) { act.pin(found(side, event)); },
    hover(side, event) {
      const hovered = event && event.pointerType !== "touch" ? found(side, event) : null;
      if (hovered !== state.hovered) set({ hovered });
    },
    nextPerson: () => act.pin(state.person === null ? 0 : (state.person + 1) % people.length),
    nextNeighbour() {
      const near = state.person === null ? [] : neighbours(scene.worlds, state.week, state.around ?? state.person);
      if (near.length) set({ person: near[(near.indexOf(state.person) + 1) % near.length] });
    },
  };
  const listeners = [
    [document, "keydown", (event) => { const known = meaning(event); if (known && root.isConnected && root.querySelector("#stage")) { event.preventDefault(); act[known[0]](...known.slice(1)); } }],
    [window, "resize", () => update()],
  ];
  for (const [where, what, does] of listeners) where.addEventListener(what, does);
  update();
  return { state, act, drawn, destroy() { state.playing = false; cancelAnimationFrame(frame); for (const [where, what, does] of listeners) where.removeEventListener(what, does); } };
}
