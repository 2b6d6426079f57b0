// One question at a time: a moment after the last change, the older one is let go.
import { finding, shownOutcome } from "./answer.js";
import { ASKS } from "./live_details.js";
import { settingsOf } from "./state.js";
import { OUTCOMES } from "./verdicts.js";
import { texts } from "../text.js";
import { showYear } from "./year.js";

const WAIT = 120, AGAIN = 2000;

/** What the server is asked about both designs. */
export const bodyOf = (state) => ({ a: settingsOf(state, "a"), b: settingsOf(state, "b"), pairs: state.pairs, parameters: state.parameters, ...(state.people ? { people: state.people } : {}) });

export function question(it, update) {
  let timer = 0, running = null, answered = "", told = "";
  const now = { working: false, waiting: false };

  function fresh() {
    running?.abort();
    running = new AbortController();
    return running.signal;
  }
  async function ask() {
    clearTimeout(timer);
    now.waiting = false;
    const body = bodyOf(it.state), asked = JSON.stringify(body), signal = fresh();
    if (asked === answered && !it.stale) return furnish(signal);
    now.working = true;
    it.asked += 1;
    update();
    await guarded(signal, async () => {
      await it.api.lines("compare", { body: { ...body, outcomes: OUTCOMES }, signal }, (line) => {
        Object.assign(it, { line, stale: false, error: "", fault: null });
        if (line.pairs === line.of) { now.working = false; answered = asked; tell(); }
        update();
      });
      it.engine.met("");
      it.told = { groups: it.told.groups && null };
      it.soem.found = it.seen = null;
      await furnish(signal);
    });
  }
  /** The verdict is read aloud once an answer is whole, and only when it says something else. */
  function tell() {
    const speech = texts(it.words, it.language), { about, head, more } = finding({ line: it.line, outcome: shownOutcome(it.line, it.state.outcome), speech });
    const text = [about, head, ...more].join(" ");
    if (text !== told) it.said = told = text;
  }
  /** What is asked besides, one after the other: the server answers one question of a page at a time. */
  async function furnish(signal) {
    if (!it.line) return;
    const body = bodyOf(it.state), outcome = shownOutcome(it.line, it.state.outcome);
    await guarded(signal, async () => {
      for (const name of wanted()) {
        if (it.told[name]?.of === outcome || (it.told[name] && name !== "rests_on")) continue;
        it.told[name] = { ...await it.api.json(name, { body: { ...body, outcomes: [outcome] }, signal }), of: outcome };
        update();
      }
      if (it.view === "soem" && !it.soem.found) {
        it.soem.found = await it.api.json("soem", { body: { ...body, outcome: it.soem.outcome, week: it.soem.week }, signal });
        update();
      }
      if (it.view === "year") {
        it.seen ??= await it.api.json("recording", { body: { ...body, find: "typical" }, signal });
        update();
        await showYear(it);
      }
    });
  }
  const wanted = () => ["groups", ...(ASKS[it.tab] && it.view === "" ? [ASKS[it.tab]] : []), ...(it.view === "board" ? ["rests_on"] : [])];

  async function guarded(signal, work) {
    try { await work(); } catch (problem) {
      if (problem.name === "AbortError" || signal.aborted) return;
      if (!problem.error) throw problem;
      refused(problem.error);
    }
  }
  function refused(error) {
    now.working = false;
    if (["gone", "engine_loading", "engine_failed", "token"].includes(error.code)) { it.stale = true; return it.engine.met(error.code); }
    if (error.code === "busy") { it.stale = true; timer = setTimeout(ask, AGAIN); return it.engine.met("busy"); }
    if (error.code === "people_gone") { it.own = { found: null, wanted: true, error: "" }; return it.change({ ...it.state, people: null }); }
    Object.assign(it, { fault: error, error: it.saidOf(error), stale: true });
    it.said = told = it.error;
    update();
  }
  return {
    later() { clearTimeout(timer); now.waiting = true; timer = setTimeout(ask, WAIT); },
    again() { answered = ""; ask(); },
    more() { if (!now.working) furnish(fresh()); },
    retell: tell,
    get working() { return now.working; },
    /** What is shown is what was chosen, and nothing is under way. */
    get isSettled() { return !now.working && !now.waiting && !it.stale; },
  };
}
