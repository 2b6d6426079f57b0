// The designer's page at work: its state, what changes it, what it asks the server. All else is drawn from the state.
import { render } from "lit-html";
import { texts } from "../text.js";
import { shownOutcome } from "./answer.js";
import { isTooLong, keeper, reading } from "./place.js";
import { actions } from "./actions.js";
import { asking, tokens } from "./asking.js";
import { engine } from "./engine.js";
import { fit } from "./paper.js";
import { question } from "./question.js";
import { weeksOf } from "./timeline.js";
import { history as kept } from "./undo.js";
import { whole } from "./page.js";

const isReload = () => performance.getEntriesByType("navigation")[0]?.type === "reload";
const stored = () => { try { return sessionStorage; } catch { return null; } };

export function mountDesigner(root, words, language) {
  const it = {
    state: null, language, controls: new Map(), projects: [], line: null, stale: false, told: {}, tab: "left_out", view: "", error: "", fault: null, remarks: [], said: "",
    own: { found: null, wanted: false, error: "" }, draft: { open: false, kind: "add", community: "group", to: "group", n: 2, week: 0, on: "both" },
    looking: { weighty: false, assumptions: false, others: false, groups: [], word: "" }, groups: {}, sources: {}, sharing: { levers: [], agreed: false, working: false },
    words, soem: { outcome: "isolated", week: 52, found: null, typed: {}, copied: false }, seen: null, width: 640, asked: 0,
  };
  const undo = kept(stored()), place = keeper();
  let speech = texts(words, language);
  it.tokens = tokens(stored(), () => { if (it.state) it.question.again(); });
  it.api = asking({ token: it.tokens.get, language: () => it.language });
  it.engine = engine(it, () => update(), () => it.question.again());
  it.question = question(it, () => update());
  it.say = (...all) => speech.say(...all);
  it.undo = undo;

  function page() {
    const outcome = it.line ? shownOutcome(it.line, it.state.outcome) : it.state.outcome;
    return { ...it, outcome, speech, say: speech.say, has: speech.has, number: speech.number, act, undo, engine: it.engine.now, weeks: weeksOf(it.state, it.controls),
      working: it.question.working || it.stale, isTooLong: isTooLong(it), version: it.engine.now.version };
  }
  function update() {
    if (!it.state) return;
    render(whole(page()), root);
    const width = root.querySelector(".result")?.clientWidth;
    if (width && Math.abs(width - it.width) > 1) { it.width = width; render(whole(page()), root); }
    root.style.setProperty("--above", `${root.querySelector(".verdict")?.offsetHeight ?? 0}px`); // what the answer stays below
  }
  /** The state changes: it can be taken back, the address follows, and an answer is asked for. */
  it.change = (state, control = "") => {
    it.state = state;
    undo.note(JSON.stringify({ ...state, people: null }), control);
    it.settle();
  };
  it.settle = () => {
    it.error = "";
    place.keep(it);
    it.question.later();
    update();
  };
  it.update = update;
  it.speak = async (language) => {
    it.language = language;
    speech = texts(words, language);
    document.documentElement.lang = language;
    document.title = `peersim · ${speech.say("app.what_if")}`;
    await it.load();
  };
  /** Controls and projects, in the language of the page. */
  it.load = async () => {
    const [{ levers, assumptions, groups, sources }, projects] = await Promise.all([it.api.json("levers"), it.api.json("projects")]);
    it.controls = new Map([...levers, ...assumptions].map((control) => [control.path, control]));
    Object.assign(it, { projects, groups, sources });
  };
  const act = actions(it, place);

  const takeBack = (event) => {
    const key = event.key.toLowerCase(), isText = event.target.matches?.("input[type=text], textarea");
    if (!(event.ctrlKey || event.metaKey) || event.altKey || isText || !["z", "y"].includes(key)) return;
    event.preventDefault();
    (key === "y" || event.shiftKey ? act.redo : act.undo)();
  };
  /** An address was opened, or pasted into this page: with a token, a design, or both. */
  it.arrive = () => {
    const found = reading(location.hash, it);
    it.tokens.set(found.token);
    it.own.wanted = found.wantsPeople && !it.own.found;
    it.remarks = found.notes.map(({ key, values }) => it.say(key, values));
    it.view = found.view;
    place.arrived(it);
    return found;
  };
  async function begin() {
    it.tokens.set(reading(location.hash, it, false).token);
    if (!it.tokens.get()) it.tokens.wanted();
    for (;;) {
      try { await it.speak(reading(location.hash, it, false).language ?? language); break; } catch { root.textContent = speech.say("engine.stopped", { command: "peersim serve" }); await new Promise((done) => setTimeout(done, 2000)); }
    }
    root.textContent = "";
    const found = it.arrive();
    it.state = isReload() && undo.last ? JSON.parse(undo.last) : found.state;
    undo.note(JSON.stringify({ ...it.state, people: null }));
    place.keep(it, true);
    update();
    it.engine.watch();
  }
  addEventListener("keydown", takeBack);
  addEventListener("resize", update);
  addEventListener("hashchange", async () => {
    const found = it.arrive();
    if (found.language && found.language !== it.language) await it.speak(found.language);
    if (found.isDesign) it.change({ ...found.state, people: it.own.found?.handle ?? null });
    else { place.keep(it, true); update(); }
  });
  addEventListener("beforeprint", () => { it.update(); fit(root); });
  begin();
  return it;
}
