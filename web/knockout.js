// The same year without one departure: which there are for a person, and what came of it.
import { nameOf } from "./people.js";

/** Knock-outs that concern a person in a world: of the one they followed, and of themselves. */
export function knockoutsFor(scene, side, person) {
  const key = "ab"[side], by = scene.worlds[side].departures.find((each) => each[1] === person)?.[4] ?? -1;
  const own = scene.knockouts[key] ?? [];
  return own.flatMap((each, k) => (each.person === by || each.person === person ? [{ ...each, key: `${key}-${k}` }] : []));
}

/** What came of it, as sayings: for the person who is looked at, and for all. */
export function outcomeOf(knockout, person, people, say) {
  const name = nameOf(people[knockout.person], say), { stay, later, new: fresh } = knockout;
  const said = [];
  const changed = new Map(later);
  if (person !== null && person !== knockout.person) {
    const who = nameOf(people[person], say);
    if (stay.includes(person)) said.push(say("story.kept", { name: who }));
    else if (changed.has(person)) said.push(say("story.later", { name: who, week: changed.get(person) }));
    else said.push(say("story.not_kept", { name: who }));
  }
  said.push(say("story.stay", { n: stay.length, name }));
  if (fresh.length) said.push(say("story.new", { n: fresh.length }));
  return said.join(" ");
}

/** How many departures somebody's leaving had behind it, in a row of followers and their followers. */
export function followers(world, person) {
  const next = (who) => world.departures.filter((each) => each[4] === who).map((each) => each[1]);
  const found = new Set(), open = [person];
  while (open.length) for (const each of next(open.pop())) if (!found.has(each) && each !== person) { found.add(each); open.push(each); }
  return found.size;
}
