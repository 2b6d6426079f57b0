// The person who is looked at: their story in each world, and the same year without one departure.
import { html } from "lit-html";
import { fateOf, followers, knockoutsFor } from "./knockout.js";
import { nameOf } from "./people.js";
import { letter, title } from "./stage.js";
import { told } from "./story.js";

/** The person who is looked at, in both worlds. */
export function person(page) {
  const { state, scene, say } = page;
  if (state.person === null) return "";
  const { people, weeks } = scene.recording, until = state.step === "see" && !state.ended ? state.week : weeks, who = people[state.person];
  const name = nameOf(who, say), heading = scene.sides.length === 2 ? say("story.title", { name }) : name;
  return html`<section class="person" aria-label=${heading}><h2>${heading}</h2>
    <p class="quiet">${traits(who, people).map((name) => say(`story.${name}`)).join(" ")}</p>
    <div class="pair">${scene.sides.map((side) => html`<div class=${letter(side)}><h3 class=${letter(side)}>${title(scene, side, say)}</h3>
      ${told(scene, side, state.person, until, say)}${without(page, side)}</div>`)}</div></section>`;
}

/** Of which third somebody is: the shyest, those who were shut out before. */
function traits(who, people) {
  const alike = people.filter((each) => each.role === who.role);
  return ["anxiety", "exclusion"].filter((name) => alike.filter((each) => each[name] > who[name]).length < alike.length / 3);
}

function without(page, side) {
  const { state, scene, say, act } = page, { people } = scene.recording, world = scene.worlds[side];
  const known = state.step === "explain" || state.step === "puzzles" || state.ended ? knockoutsFor(scene, side, state.person) : [];
  const n = followers(world, state.person), isKept = scene.kept && state.without[0] === "ab"[side];
  return html`${n && !scene.hides ? html`<p>${say("story.followers", { n, name: nameOf(people[state.person], say) })}</p>` : ""}
    ${known.map((each) => html`<p><button aria-pressed=${state.without === each.key} @click=${() => act.without(each.key)}>${say("story.what_if_stayed", { other: nameOf(people[each.person], say) })}</button></p>`)}
    ${isKept ? html`<p class="said">${fateOf(scene.kept, state.person, scene.gone.includes(state.person), people, say)}</p><button class="small" @click=${() => act.without(null)}>${say("explain.as_it_was")}</button>` : ""}`;
}
