// The same year without one departure: which there are for a person, and what came of it.
import { nameOf } from "./people.js";

/** Knock-outs that concern a person in a world: of the one they followed, and of themselves. */
export function knockoutsFor(scene, side, person) {
  const key = "ab"[side], by = scene.worlds[side].departures.find((each) => each[1] === person)?.[4] ?? -1;
  const own = scene.knockouts[key] ?? [];
  return own.flatMap((each, k) => (each.person === by || each.person === person ? [{ ...each, key: `${key}-${k}` }] : []));
}

/** What came of it for all: who stays as well, who leaves only now. */
export function outcomeOf({ person, stay, new: fresh }, people, say) {
  const said = [say(stay.length ? "story.stay" : "story.stay_alone", { n: stay.length, name: nameOf(people[person], say) })];
  return (fresh.length ? [...said, say("story.new", { n: fresh.length })] : said).join(" ");
}

/** What came of it for one person who had left; empty for all others. */
export function fateOf({ person, stay, later }, who, gone, people, say) {
  const name = nameOf(people[who], say), week = new Map(later).get(who);
  if (who === person || !gone) return "";
  if (stay.includes(who)) return say("story.kept", { name });
  return week === undefined ? say("story.not_kept", { name }) : say("story.later", { name, week });
}

/** How many departures somebody's leaving had behind it, in a row of followers and their followers. */
export function followers(world, person) {
  const next = (who) => world.departures.filter((each) => each[4] === who).map((each) => each[1]);
  const found = new Set(), open = [person];
  while (open.length) for (const each of next(open.pop())) if (!found.has(each) && each !== person) { found.add(each); open.push(each); }
  return found.size;
}
