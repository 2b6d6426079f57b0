// A lesson as the page reads it (peersim/faces/lesson.py says what stands in it): which worlds are
// shown under which settings. What is not looked at is not unpacked.
import { VERSION, decoded, living, whole } from "./recording.js";

/** Give `make(key)` once for each key. */
function once(make) {
  const known = new Map();
  return (key) => known.get(key) ?? known.set(key, make(key)).get(key);
}

/** Refuse what was made with another version of the recording; null: it can be read. */
export const otherVersion = (lesson) =>
  [lesson, ...(lesson.recordings ?? [])].map((each) => each.version).find((version) => version !== VERSION) ?? null;

export function opened(lesson) {
  const first = lesson.recordings[0], n = first.people.length;
  const raw = (key) => first.worlds.find((world) => world.key === key);
  const variant = (world, other = raw) => living(whole(world, other(world.base)), n);
  const year = once((k) => decoded(lesson.recordings[k]));
  const switched = once((bits) => ["a", "b"].map((key) => {
    const found = lesson.switches[settled(bits, raw(key), lesson)]?.[key];
    return found ? { ...variant(found), key } : year(0).worlds.find((world) => world.key === key);
  }));
  const puzzle = once((k) => {
    const { recording, knockouts = {} } = lesson.puzzles[k];
    const shown = decoded(recording), base = (key) => recording.worlds.find((world) => world.key === key);
    const without = once((key) => living(whole(place(knockouts, key).world, base(place(knockouts, key).world.base)), recording.people.length));
    return { ...lesson.puzzles[k], shown, without };
  });
  return {
    ...lesson, people: first.people, weeks: first.weeks, year, switched, puzzle,
    without: once((key) => variant(place(lesson.knockouts, key).world)),
  };
}

/** A knock-out by its key: "a-0". */
export const place = (knockouts, key) => knockouts[key[0]]?.[Number(key.slice(2))];

const SWITCHES = ["social", "loss", "structure"];

/** What a design has switched off anyway makes no difference: its bit is 1, as in what was recorded. */
function settled(bits, world, lesson) {
  const own = SWITCHES.map((name, k) => (lesson.switchable.includes(name) && world.switches?.[name] !== 0 ? bits[k] : "1")).join("");
  return lesson.switches[bits] ? bits : own;
}
