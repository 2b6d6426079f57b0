// One person's year in sentences: from the facts of the recording, or from what the picture itself holds.
import { html, svg } from "lit-html";
import { indexOf, nameOf } from "./people.js";
import { communities, level, state } from "../recording.js";

/** Names, places and reasons of a fact put into words. */
function worded(values, week, { people }, say) {
  const called = (id) => (people[indexOf(people, id)] ? nameOf(people[indexOf(people, id)], say) : id);
  return {
    ...values, week,
    ...(values.where && { where: say(`story.where.${values.where}`) }),
    ...(values.reason && { reason: say(`reason.${values.reason}`) }),
    ...(values.other && { other: called(values.other) }),
    ...(values.others && { others: values.others.map(called), n: values.others.length }),
  };
}

export const sentence = ([week, key, values], recording, say) => say(`story.${key}`, worded(values, week, recording, say));

/** The facts of a person in a world. */
export function factsOf(scene, side, person) {
  const { recording, worlds, stories } = scene, world = worlds[side];
  const told = stories && !world.base ? recording.stories?.[world.key]?.[recording.people[person].id] : null;
  return told ?? plainFacts(world, recording, person);
}

/** Causes of the engine that have another word on a page; peersim/faces/story.py has the same. */
const REASONS = { life_event: "life", others_leaving: "others", training_dropout: "training", gave_up_waiting: "waiting",
  course_completed: "completed", community_closed: "closed" };

/** Where no story was recorded: what can be read off the picture. */
export function plainFacts(world, recording, person) {
  const { weeks, names, people } = recording, facts = [];
  const left = world.departures.filter((each) => each[1] === person);
  for (let week = 0; week <= weeks; week++) {
    const now = world.standing(week, person), before = week ? world.standing(week - 1, person) : 0;
    names.communities.forEach((where, k) => {
      if (communities(now) & ~communities(before) & (1 << k)) facts.push([week, "joined", { where }]);
    });
    if (state(now) !== state(before) && ["completed", "moved_on"].includes(state(now))) {
      facts.push([week, state(now), { where: names.communities.find((_, k) => communities(before) & (1 << k)) }]);
    }
    for (const [, , community, cause, by] of left.filter((each) => each[0] === week)) {
      if (state(now) === "completed" || state(now) === "moved_on") continue;
      if (names.causes[cause] === "never_started") facts.push([week, "declined", { where: names.communities[community] }]);
      else facts.push([week, by >= 0 ? "left_after" : "left", { where: names.communities[community], reason: REASONS[names.causes[cause]] ?? names.causes[cause], other: people[by]?.id }]);
    }
  }
  const close = world.ties.filter((tie) => tie.i === person || tie.j === person)
    .flatMap((tie) => { const k = tie.digits.findIndex((digit) => level(digit) > 0); return k < 0 ? [] : [tie.from + k]; });
  if (close.length) facts.push([Math.min(...close), "confides", {}]);
  if (state(world.standing(weeks, person)) === "active") facts.push([weeks, "stays", {}]);
  if (!facts.length) facts.push([weeks, "never", {}]);
  return facts.sort(([one], [other]) => one - other);
}

const BAR = 150, MOST = 4, LEAST = 3; // how long a bar can be; how many reasons, and from how many per cent on

/** What spoke for leaving, in per cent: bars with their reasons beside them. */
const shares = (values, say) => html`<p class="quiet">${say("story.shares")}</p><ul class="shares">${values.filter(([, share], k) => k < MOST && share >= LEAST).map(([reason, share]) => html`<li>
  <svg width=${BAR} height="14" aria-hidden="true">${svg`<rect class="room" width=${BAR} height="14"></rect><rect class="share" width=${(BAR * share) / 100} height="14"></rect>`}</svg>
  <span>${say("story.share", { reason: say(`reason.${reason}`), share: share / 100 })}</span></li>`)}</ul>`;

/** In the puzzle that asks for the reason, a departure is told without it. */
const bare = ([week, key, values]) => (key.startsWith("left") ? [week, "left_somehow", { where: values.where }] : [week, key, values]);

/** The story up to a week; what lies ahead is not told. */
export function told(scene, side, person, until, say) {
  const facts = factsOf(scene, side, person).filter(([week]) => week <= until).map((fact) => (scene.hides ? bare(fact) : fact));
  if (!facts.length) return html`<p class="quiet">${say("story.nothing_yet")}</p>`;
  return html`<ol class="story">${facts.map((fact) => html`<li class=${fact[1]}>${sentence(fact, scene.recording, say)}
    ${fact[2].shares?.length ? shares(fact[2].shares, say) : ""}</li>`)}</ol>`;
}
