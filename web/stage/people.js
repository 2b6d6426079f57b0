// People by their names on the page, and what is said of them in a week.
import { communities, hasLeft, level, met, state } from "../recording.js";

/** "Participant 3", "Peer 2"; whoever has a code of their own keeps it. */
export function nameOf(person, say) {
  const known = /^[RS](\d+)$/.exec(person.id);
  return known ? say(person.role ? "person.peer" : "person.participant", { number: known[1] }) : person.id;
}

/** What stands in the shape of a person. */
export const numberOf = (person) => /^[RS](\d+)$/.exec(person.id)?.[1] ?? person.id.slice(0, 3);

export const indexOf = (people, id) => people.findIndex((person) => person.id === id);

/** The row of whoever has this code; null: nobody. */
export function rowOf(people, id) {
  const row = id === null ? -1 : indexOf(people, id);
  return row < 0 ? null : row;
}

/** Where somebody takes part, as words: the communities of a byte. */
export const places = (byte, names, say) => names.filter((_, k) => communities(byte) & (1 << k)).map((name) => say(`story.where.${name}`));

/** How a person stands in a week, in a sentence. */
export function standing(world, week, person, recording, say) {
  const byte = world.standing(week, person), where = places(byte, recording.names.communities, say);
  const name = nameOf(recording.people[person], say);
  return where.length ? say("stage.takes_part", { name, where }) : say(`stage.${state(byte)}`, { name });
}

/** Numbers of a world in a week: who takes part, has left, met somebody; counted over everybody in the picture. */
export function counted(world, week, people) {
  const found = { active: 0, gone: 0, waiting: 0, done: 0, never: 0 };
  people.forEach((_, k) => {
    const byte = world.standing(week, k), how = state(byte);
    found.active += how === "active";
    found.gone += hasLeft(byte);
    found.waiting += how === "waiting" || how === "training";
    found.done += how === "completed" || how === "moved_on";
    found.never += how === "nothing";
  });
  const within = (kind) => new Set(world.living(week).filter((tie) => kind(tie.digit)).flatMap((tie) => [tie.i, tie.j])).size;
  return { ...found, met: within(met), close: within((digit) => level(digit) > 0) };
}

/** Who met whom in a week: for each person who met somebody, the others. */
export function meetings(world, week) {
  const found = new Map();
  for (const { i, j, digit } of world.living(week)) {
    if (!met(digit)) continue;
    found.set(i, [...(found.get(i) ?? []), j]);
    found.set(j, [...(found.get(j) ?? []), i]);
  }
  return [...found].sort(([one], [other]) => one - other);
}

/** Neighbours of a person in any of the worlds: whom they met this week or know well, then all others they know. */
export function neighbours(worlds, week, person) {
  const ties = worlds.flatMap((world) => world.living(week)).filter((tie) => tie.i === person || tie.j === person);
  const near = (tie) => met(tie.digit) || level(tie.digit) > 0;
  const others = [...ties.filter(near), ...ties.filter((tie) => !near(tie))].map((tie) => (tie.i === person ? tie.j : tie.i));
  return [...new Set(others)];
}
