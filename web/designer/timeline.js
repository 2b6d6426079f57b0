// What happens on the way: events on a line of weeks, to be added, moved and removed by mouse and keyboard.
import { html, nothing, svg } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { typed } from "./levers.js";
import { KINDS, valueOf } from "./state.js";

export const HAPPENS = ["add", "end", "switch", "lose_supporters", "funding_ends"];
const WIDTH = 480, EDGE = 10, LINE = 26;

/** An event as a sentence. */
export function told({ week, add, end, switch: from, to, lose_supporters: n, funding_ends: funding, set }, { say, controls, number }) {
  const kind = (name) => ({ key: `mix.${name}` });
  if (add) return say("event.add", { week, kind: kind(add) });
  if (end) return say("event.end", { week, kind: kind(end) });
  if (from) return say("event.switch", { week, kind: kind(from), to: kind(to) });
  if (n) return say("event.lose", { week, n });
  if (funding) return say("event.funding", { week });
  if (set) return say("event.set", { week, what: Object.entries(set).map(([path, value]) => `${controls.get(path)?.label ?? path}: ${typeof value === "number" ? number(value) : value}`) });
  return say("event.person", { week });
}

/** For whom an event holds, where that is not both. */
export const forWhom = ({ on }, say) => (on === "both" ? say("event.on.both") : say("event.on.one", { name: on.toUpperCase() }));

/** A new event of a kind: one that can happen to the designs as they stand. */
export function made(kind, draft, state, weeks) {
  const week = Math.min(weeks, draft.week || Math.round(weeks / 2)), at = { week, on: draft.on };
  const there = (draft.on === "both" ? ["a", "b"] : [draft.on]).map((side) => state[side].communities);
  const absent = KINDS.filter((each) => !there.some((list) => list.includes(each))), present = KINDS.filter((each) => there.every((list) => list.includes(each)));
  const fitting = { add: absent, end: present, switch: present }[kind] ?? [], what = fitting.includes(draft.community) ? draft.community : fitting[0];
  if (kind === "lose_supporters") return { ...at, lose_supporters: draft.n };
  if (kind === "funding_ends") return { ...at, funding_ends: true };
  if (!what) return null;
  if (kind === "switch") return absent.length ? { ...at, switch: what, to: absent.includes(draft.to) ? draft.to : absent[0] } : null;
  return { ...at, [kind]: what };
}

function strip({ state, act, weeks }) {
  const x = (week) => EDGE + (week / weeks) * (WIDTH - 2 * EDGE);
  const move = (index) => (event) => {
    if (!event.currentTarget.hasPointerCapture?.(event.pointerId)) return;
    const box = event.currentTarget.ownerSVGElement.getBoundingClientRect();
    const week = Math.round((((event.clientX - box.x) / box.width) * WIDTH - EDGE) / (WIDTH - 2 * EDGE) * weeks);
    act.moveEvent(index, Math.min(weeks, Math.max(1, week)));
  };
  const marks = [0, 0.25, 0.5, 0.75, 1].map((share) => Math.round(share * weeks));
  return html`<svg class="strip" viewBox=${`0 0 ${WIDTH} 56`} aria-hidden="true">
    <line class="axis" x1=${EDGE} x2=${WIDTH - EDGE} y1=${LINE} y2=${LINE}></line>
    ${marks.map((week) => svg`<line class="axis" x1=${x(week)} x2=${x(week)} y1=${LINE - 4} y2=${LINE + 4}></line><text x=${x(week)} y="50" text-anchor="middle">${week}</text>`)}
    ${state.events.map((event, index) => svg`<g class=${`event ${event.on}`} transform=${`translate(${x(event.week)} ${LINE})`}
      @pointerdown=${(asked) => { asked.preventDefault(); asked.currentTarget.setPointerCapture(asked.pointerId); }} @pointermove=${move(index)}>
      <circle r="11"></circle><text y="4" text-anchor="middle">${index + 1}</text></g>`)}</svg>`;
}

function row(page, event, index) {
  const { say, act, weeks } = page, text = told(event, page);
  return html`<li class=${event.on}><p><b>${text}</b> <span class="quiet">${forWhom(event, say)}</span></p>
    <div class="moving"><label><span class="unseen">${say("event.move", { what: text })}</span>
      <input type="range" data-event=${index} min="1" max=${weeks} step="1" .value=${live(String(event.week))} aria-valuetext=${say("event.week", { week: event.week })} @input=${(asked) => act.moveEvent(index, Number(asked.target.value))}></label>
      <button class="small" @click=${() => act.removeEvent(index)} aria-label=${say("event.remove_one", { what: text })}>${say("event.remove")}</button></div></li>`;
}

const select = (label, value, options, change) => html`<label><span>${label}</span> <select @change=${(event) => change(event.target.value)}>${options.map(([key, text]) =>
  html`<option value=${key} .selected=${key === value}>${text}</option>`)}</select></label>`;

function adding(page) {
  const { state, draft, say, act, weeks } = page, found = made(draft.kind, draft, state, weeks), set = act.draft;
  const week = Math.min(weeks, draft.week || Math.round(weeks / 2)), whole = (most) => (asked) => Math.min(most, Math.max(1, Math.round(asked)));
  const needs = ["add", "end", "switch"].includes(draft.kind);
  return html`<details class="adding" .open=${live(draft.open)} @toggle=${(event) => set({ open: event.target.open })}><summary>${say("event.new")}</summary><div class="fields">
    ${select(say("event.what"), draft.kind, HAPPENS.map((kind) => [kind, say(`event.kinds.${kind}`)]), (kind) => set({ kind }))}
    ${needs && found ? select(say("event.which"), found[draft.kind], KINDS.map((kind) => [kind, say(`kind.${kind}.name`)]), (community) => set({ community })) : nothing}
    ${draft.kind === "switch" && found ? select(say("event.to"), found.to, KINDS.map((kind) => [kind, say(`kind.${kind}.name`)]), (to) => set({ to })) : nothing}
    ${draft.kind === "lose_supporters" ? html`<label><span>${say("event.how_many")}</span> <input type="number" min="1" max="60" .value=${String(draft.n)} @change=${typed(draft.n, whole(60), (n) => set({ n }))}></label>` : nothing}
    <label><span>${say("event.in_week")}</span> <input type="number" class="event-week" min="1" max=${weeks} .value=${String(week)} @change=${typed(week, whole(weeks), (each) => set({ week: each }))}></label>
    ${select(say("event.for"), draft.on, [["both", say("event.on.both")], ["a", "A"], ["b", "B"]], (on) => set({ on }))}</div>
    ${found ? html`<p class="quiet">${told(found, page)}</p>` : html`<p class="quiet">${say("event.not_here")}</p>`}
    <button class="add-event" ?disabled=${!found} @click=${() => act.addEvent(found)}>${say("event.add_it")}</button></details>`;
}

export function timeline(page) {
  const { state, say } = page;
  return html`<section aria-labelledby="events"><h2 id="events"><span class="step">3</span> ${say("event.title")}</h2>
    ${state.events.length ? html`${strip(page)}<ol class="events">${state.events.map((event, index) => row(page, event, index))}</ol>` : html`<p class="quiet">${say("event.none")}</p>`}
    ${adding(page)}</section>`;
}

export const weeksOf = (state, controls) => valueOf(state, "both", controls.get("weeks"));
