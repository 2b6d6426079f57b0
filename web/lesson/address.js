// What the address holds of the page: language, step, week, person; in the fragment, which is never sent anywhere.
import { STEPS } from "./scenes.js";
import { indexOf } from "../stage/people.js";

const VIEWS = [...STEPS, "sheet", "teacher"];

/** The state that an address asks for; what cannot be is left out. */
export function read(fragment, { people, weeks, recordings, puzzles }) {
  const asked = new URLSearchParams(fragment.replace(/^#/, "")), found = {};
  const number = (name, low, high) => {
    const value = asked.has(name) ? Number(asked.get(name)) : NaN;
    return Number.isInteger(value) ? Math.min(high, Math.max(low, value)) : undefined;
  };
  if (["da", "en"].includes(asked.get("lang"))) found.language = asked.get("lang");
  const step = VIEWS[Number(asked.get("step")) - 1] ?? asked.get("step");
  if (VIEWS.includes(step)) found.step = step;
  found.week = number("w", 0, weeks);
  found.year = number("year", 1, recordings.length);
  found.puzzle = number("puzzle", 1, Math.max(1, puzzles.length));
  if (found.year) found.year -= 1;
  if (found.puzzle) found.puzzle -= 1;
  const person = indexOf(people, asked.get("p"));
  if (asked.has("p")) found.person = person < 0 ? null : person;
  if (/^[01]{3}$/.test(asked.get("on") ?? "")) found.switches = asked.get("on");
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** The fragment for a state. */
export function written(state, people) {
  const step = STEPS.includes(state.step) ? STEPS.indexOf(state.step) + 1 : state.step;
  const parts = { v: 1, lang: state.language, step, w: state.week };
  if (state.person !== null && people[state.person]) parts.p = people[state.person].id;
  if (state.year) parts.year = state.year + 1;
  if (state.puzzle) parts.puzzle = state.puzzle + 1;
  if (state.switches !== "111") parts.on = state.switches;
  return `#${new URLSearchParams(parts)}`;
}

/** Keep the address up to date: a new entry at each step, so that "back" undoes; the rest a moment later. */
export function keeper(wait = 300) {
  let timer = 0, step = null;
  const put = (how, fragment) => {
    try { history[how](null, "", fragment); } catch { /* a page inside another page has no address of its own */ }
  };
  return (state, people) => {
    clearTimeout(timer);
    if (step !== null && step !== state.step) put("pushState", written(state, people));
    else timer = setTimeout(() => put("replaceState", written(state, people)), wait);
    step = state.step;
  };
}
