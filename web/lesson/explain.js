// What spreads, and the same year without one departure.
import { html } from "lit-html";
import { gapCard } from "./guess.js";
import { ALL_ON, SPREADS, goneFrom } from "./scenes.js";
import { outcomeOf } from "../stage/knockout.js";
import { nameOf } from "../stage/people.js";

export function explain(page) {
  const { state, say, act } = page, given = state.given || state.skipped;
  return html`<h2>${say("explain.title")}</h2>
    ${given ? html`${gapCard(page)}<label class="why">${say("guess.why")}<textarea rows="3" .value=${state.why} @input=${(event) => act.note(event.target.value)}></textarea></label>`
      : html`<p>${say("explain.not_guessed")}</p><p><button @click=${() => act.step("guess")}>${say("step.guess")}</button> <button @click=${act.skip}>${say("guess.skip")}</button></p>`}
    ${switches(page)}${departures(page)}`;
}

function switches({ state, lesson, say, act }) {
  const flip = (k) => act.switchTo([...state.switches].map((bit, at) => (at === k ? String(1 - bit) : bit)).join(""));
  const can = SPREADS.filter((name) => lesson.switchable.includes(name));
  if (!can.length) return "";
  return html`<fieldset class="switches"><legend>${say("explain.switches")}</legend><p class="quiet">${say("explain.how")}</p>
    ${SPREADS.map((name, k) => (can.includes(name) ? html`<label class="switch"><input type="checkbox" role="switch" .checked=${state.switches[k] === "1"} @change=${() => flip(k)}>
      <span>${say(`explain.${name}`)}</span></label>` : ""))}
    ${state.switches === ALL_ON ? "" : html`<p class="said">${lesson.holds(state.switches) ? switched({ state, lesson, say }) : say("explain.not_here")}</p><button class="small" @click=${() => act.switchTo(ALL_ON)}>${say("explain.as_it_was")}</button>`}</fieldset>`;
}

/** How many have left at the end with these switches, and as it was. */
export function switched({ state, lesson, say }) {
  const left = (worlds) => worlds.map((world) => goneFrom(world, lesson).length);
  const [a, b] = left(lesson.switched(state.switches)), [wasA, wasB] = left(lesson.switched(ALL_ON));
  const off = SPREADS.every((name, k) => state.switches[k] === "0" || !lesson.switchable.includes(name));
  return [say("explain.left", { a, b, was_a: wasA, was_b: wasB }), ...(off ? [say("explain.all_off")] : [])].join(" ");
}

/** Those whose leaving drew others along: a way in for who does not know whom to look at. */
function departures({ scene, say, act, state }) {
  if (!["a", "b"].some((key) => scene.knockouts[key]?.length)) return html`<p class="quiet">${say("explain.click")}</p>`;
  return html`<h3>${say("explain.drew")}</h3>${whoCouldStay({ scene, say, act, state })}`;
}

/** A button for each departure that can be taken away, world by world, and what came of the one that was. */
export function whoCouldStay({ scene, say, act, state }) {
  const { people } = scene.recording, { kept } = scene;
  const one = (each, key) => html`<li><button class="small" aria-pressed=${state.without === key} @click=${() => act.without(key, each.person)}>
    ${say("explain.one_who_left", { name: nameOf(people[each.person], say), week: each.week })}</button></li>`;
  return html`${["a", "b"].map((key) => (scene.knockouts[key]?.length ? html`<ul class="drew" aria-label=${key.toUpperCase()}><li class=${`name-${key}`} aria-hidden="true">${key.toUpperCase()}</li>
    ${scene.knockouts[key].map((each, k) => one(each, `${key}-${k}`))}</ul>` : ""))}
    ${kept ? html`<p class="said">${outcomeOf(kept, people, say)}</p>` : ""}`;
}
