// A lesson as the page reads it (peersim/faces/lessons/lesson.py says what stands in it): which worlds are
// shown under which settings. What is not looked at is not unpacked.
import { decoded, living, whole } from "../recording.js";

/** Give `make(key)` once for each key. */
function once(make) {
  const known = new Map();
  return (key) => known.get(key) ?? known.set(key, make(key)).get(key);
}

/** A world in which those are marked who have no contact from the programme. */
const withoutContact = (world) => ({ ...world, isolated: (week, person) => !world.living(week).some(({ i, j }) => i === person || j === person) });

/** Versions of the format in which a lesson and its recordings were written. */
export const versions = (lesson) => [lesson, ...(lesson.recordings ?? [])].map(({ version }) => version);

export function opened(lesson) {
  const first = lesson.recordings[0], n = first.people.length;
  const raw = (key) => first.worlds.find((world) => world.key === key);
  const variant = (world) => living(whole(world, raw(world.base)), n);
  const year = once((k) => decoded(lesson.recordings[k]));
  const switched = once((bits) => ["a", "b"].map((key) => {
    const found = lesson.switches[bits]?.[key];
    return found ? { ...variant(found), key } : year(0).worlds.find((world) => world.key === key);
  }));
  const puzzle = once((k) => {
    const { recording, marks, knockouts = {} } = lesson.puzzles[k];
    const shown = decoded(recording);
    if (marks === "alone") shown.worlds = shown.worlds.map(withoutContact);
    const without = once((key) => {
      const { world } = place(knockouts, key), base = recording.worlds.find((each) => each.key === world.base);
      return living(whole(world, base), recording.people.length);
    });
    return { ...lesson.puzzles[k], shown, without };
  });
  return {
    ...lesson, people: first.people, weeks: first.weeks, year, switched, puzzle,
    /** Of very many people not all settings of the switches fit into a page. */
    holds: (bits) => bits === "111" || bits in lesson.switches,
    without: once((key) => variant(place(lesson.knockouts, key).world)),
  };
}

/** A knock-out by its key: "a-0". */
export const place = (knockouts, key) => knockouts[key[0]]?.[Number(key.slice(2))];
