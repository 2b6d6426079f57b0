// The stage: the same people in two worlds, side by side, with what the signs mean.
import { html, nothing, svg } from "lit-html";
import { COLOURS } from "./figures.js";
import { counted, meetings, nameOf, standing } from "./people.js";
import { communities } from "../recording.js";
import { spoken } from "../text.js";

/** Of two worlds each has its colour; further ones have none. */
export const letter = (side) => "ab"[side] ?? "more";

export const title = (scene, side, say) => spoken(scene.titles[side], say);

export function stage(page) {
  const { state, scene, say, act } = page, { recording } = scene;
  return html`<section class="stage" aria-label=${spoken(scene.name, say)}>
    ${scene.year ? html`<p class="year-note">${say("stage.year", { n: scene.year + 1, of: page.lesson.recordings.length })}</p>` : ""}
    <div class="worlds">${scene.sides.map((side) => oneWorld(page, side))}</div>
    <div class="below"><label class="choose">${say("play.choose_person")} <select @change=${(event) => act.pin(event.target.value === "" ? null : Number(event.target.value))}>
      <option value="" .selected=${state.person === null}>–</option>${recording.people.map((person, k) => html`<option value=${k} .selected=${state.person === k}>${nameOf(person, say)}</option>`)}</select></label>
      ${state.person === null ? "" : html`<button class="small" @click=${act.letGo}>${say("play.let_go")}</button>`}
      ${state.step === "see" && page.lesson.recordings.length > 1 ? html`<button class="small" @click=${act.anotherYear}>${say("play.another_year")}</button>` : ""}
      ${scene.hides ? "" : html`<label class="check"><input type="checkbox" .checked=${state.arrows} @change=${() => act.set({ arrows: !state.arrows })}> ${say("stage.arrows")}</label>`}</div>
    ${legend(page)}</section>`;
}

function oneWorld({ state, scene, say, act }, side) {
  const world = scene.worlds[side], { recording, kept } = scene, { week, person, hovered } = state;
  const found = counted(world, week, recording.people), name = title(scene, side, say), looked = hovered ?? person;
  const others = [["play.left", found.gone], ["play.waiting", found.waiting], ["stage.done", found.done], ["play.never", week === recording.weeks && found.never]];
  const isKept = kept && state.without[0] === "ab"[side];
  return html`<section class=${`world ${letter(side)}`} aria-label=${name}><h3 class=${letter(side)}>${name}</h3>
    <p class=${isKept ? "kept" : "unkept"}>${isKept ? say("stage.kept", { name: nameOf(recording.people[kept.person], say) }) : ""}</p><p class="counts"><b>${say("play.with_us", { n: found.active })}</b>${others.map(([key, n]) => (n ? ` · ${say(key, { n })}` : ""))}</p>
    <canvas role="img" aria-label=${say("play.canvas", { name, week, ...found })} data-side=${side}
      @pointermove=${(event) => act.hover(side, event)} @pointerleave=${() => act.hover(side, null)} @click=${(event) => act.click(side, event)}></canvas>
    <p class="looked quiet">${looked === null ? say("play.close_ties", { n: found.close }) : standing(world, week, looked, recording, say)}</p></section>`;
}

const ROUND = "M5 9a6 6 0 1 0 12 0a6 6 0 1 0-12 0z";
const RINGED = { waits: "M6.5 9a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z", alone: "M3.5 9a7.5 7.5 0 1 0 15 0a7.5 7.5 0 1 0-15 0z" };
/** What the signs look like, by what they say: the shapes of each with their class. */
const SIGNS = {
  "stage.participant": { person: ROUND }, "stage.peer": { person: "M5 3h12v12h-12z" },
  "stage.not_yet": { waits: ROUND }, "stage.waits": { queue: ROUND },
  "stage.has_left": { gone: ROUND, cross: "M7.5 5.5l7 7m0-7l-7 7" }, "stage.is_done": { waits: ROUND, tick: "M12 5l3 3l5-6" },
  "stage.alone": RINGED, "stage.no_contact": RINGED,
  "play.met": { met: "M1 9h20" }, "play.confide": { confide: "M1 9h20" }, "play.friends": { friends: "M1 9h20" },
  "stage.drew": { drew: "M1 9h15m-5-5l6 5l-6 5" },
};

const sign = (shapes, text, colour = null) => html`<li><svg class="sign" width="22" height="18" viewBox="0 0 22 18" aria-hidden="true">
  ${Object.entries(shapes).map(([kind, d]) => svg`<path class=${`sign-${kind}`} d=${d} fill=${colour ?? nothing}></path>`)}</svg>${text}</li>`;

/** What the signs mean: only those that these worlds have. */
function legend({ state, scene, say }) {
  const { recording, worlds } = scene, n = recording.people.length, here = { "stage.alone": scene.rings === "isolated", "stage.no_contact": scene.rings === "alone", "stage.drew": state.arrows && !scene.hides };
  const used = recording.names.communities.map((name, k) => (worlds.some((world) => everActive(world, recording.weeks, n, k))
    ? sign({ place: ROUND }, say(`kind.${name}.name`), COLOURS[k]) : ""));
  const all = Object.entries(SIGNS).map(([key, shapes]) => (here[key] ?? true ? sign(shapes, say(key)) : ""));
  return html`<ul class="legend" aria-label=${say("stage.signs")}>${all.slice(0, 2)}${used}${all.slice(2)}</ul>`;
}

const known = new WeakMap();
/** Whether anybody ever takes part in a community of a world. */
function everActive(world, weeks, n, k) {
  if (!known.has(world)) {
    let bits = world.used ?? 0;
    for (let week = 0; week <= weeks; week++) for (let person = 0; person < n; person++) bits |= communities(world.standing(week, person));
    known.set(world, bits);
  }
  return known.get(world) & (1 << k);
}

/** Who met this week, as text. */
export function whoMet({ state, scene, say, act }) {
  const { people } = scene.recording, called = (k) => nameOf(people[k], say);
  const list = (world) => {
    const found = meetings(world, state.week);
    if (!found.length) return html`<p class="quiet">${say("stage.nobody_met")}</p>`;
    return html`<ul class="met">${found.map(([k, others]) => html`<li>${say("stage.met_with", { name: called(k), others: others.map(called) })}</li>`)}</ul>`;
  };
  return html`<details @toggle=${(event) => act.set({ listing: event.target.open })}><summary>${say("play.who_met")}</summary>
    ${state.listing ? html`<div class="pair">${scene.sides.map((side) => html`<div><h4 class=${`name-${letter(side)}`}>${title(scene, side, say)}</h4>${list(scene.worlds[side])}</div>`)}</div>` : ""}</details>`;
}
