// A and B side by side: the four communities, their first levers beneath, what stands around them.
import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { lever, levelled } from "./levers.js";
import { KINDS, SIDES, valueOf } from "./state.js";

/** What a design is made of, in words that stand in a list. */
export function madeOf(state, side, controls) {
  const has = (path) => valueOf(state, side, controls.get(path)) > 0;
  const beside = [["cafe.per_week", "cafe"], ["page.contact", "page"]].filter(([path]) => has(path)).map(([, word]) => word);
  return [...KINDS.filter((kind) => state[side].communities.includes(kind)), ...beside].map((word) => ({ key: `mix.${word}` }));
}

const upper = (text) => text.charAt(0).toLocaleUpperCase() + text.slice(1);

/** "A: one-to-one and café" */
export const titled = (page, side) => page.say("world.mix", { letter: side.toUpperCase(), what: madeOf(page.state, side, page.controls) });
export const described = (page, side) => upper(page.say("form.made_of", { what: madeOf(page.state, side, page.controls) }));

function levers(page, side, group, level) {
  const { state, controls, say, number, act } = page;
  return levelled(controls, group, level).map((control) => lever({ control, side, say, number, value: valueOf(state, side, control),
    change: (value) => act.set(side, control, value) }));
}

function community(page, side, kind) {
  const { state, say, act } = page, on = state[side].communities.includes(kind);
  return html`<label class="check community"><input type="checkbox" data-community=${kind} data-side=${side} .checked=${live(on)} @change=${(event) => act.community(side, kind, event.target.checked)}>
      <b>${say(`kind.${kind}.name`)}</b></label>
    ${on ? html`<div class="levers under">${levers(page, side, kind, "first")}</div>` : nothing}`;
}

function design(page, side) {
  const { state, say } = page, kinds = [...state[side].communities, "beside"];
  return html`<fieldset class=${`design ${side}`}><legend><span class="letter">${side.toUpperCase()}</span> <span class="made-of">${described(page, side)}</span></legend>
    ${KINDS.map((kind) => community(page, side, kind))}
    <h3 class="beside">${say("form.beside")}</h3><div class="levers">${levers(page, side, "beside", "first")}</div>
    <details><summary>${say("form.more")}</summary>${kinds.map((kind) => html`<h3 class="beside">${say(kind === "beside" ? "form.beside" : `kind.${kind}.name`)}</h3>
      <div class="levers">${levers(page, side, kind, "more")}</div>`)}</details></fieldset>`;
}

export function designs(page) {
  const { say, act } = page;
  return html`<section aria-labelledby="compare"><h2 id="compare"><span class="step">2</span> ${say("form.compare")}</h2>
    <details class="meant"><summary>${say("form.meant")}</summary><dl>${KINDS.map((kind) => html`<dt>${say(`kind.${kind}.name`)}</dt><dd>${say(`kind.${kind}.help`)}</dd>`)}</dl></details>
    <div class="pair">${SIDES.map((side) => design(page, side))}</div>
    <div class="between"><button class="small" @click=${() => act.alike("a", "b")}>${say("form.copy", { from: "A", to: "B" })}</button>
      <button class="small" @click=${() => act.alike("b", "a")}>${say("form.copy", { from: "B", to: "A" })}</button></div></section>`;
}
