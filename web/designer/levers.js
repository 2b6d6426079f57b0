// One control for one setting, whatever its kind: made of what the engine declares of it.
import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";

/** A number as a control shows it: no more digits than its steps have. */
export const shown = (control, value, number) => (control.unit === "0-1" || typeof value === "number" ? number(value) : String(value));

/** A sentence of the catalogue with a field in the place of its number. */
export function withField(sentence, field) {
  const [before, after = ""] = sentence.split("\u0000");
  return html`<label class="sentence"><span>${before}</span>${field}<span>${after}</span></label>`;
}

/**
 * Take what was typed into a field of numbers, once it is left. Until then nothing writes into it (hence no
 * `live` there): an answer may arrive while somebody types.
 */
export const typed = (before, allowed, change) => ({ target }) => {
  const value = Number.isFinite(target.valueAsNumber) ? allowed(target.valueAsNumber) : before;
  target.value = String(value);
  if (value !== before) change(value);
};

export function numberField({ control, value, change, disabled = false }) {
  return html`<input type="number" inputmode="decimal" data-path=${control.path} min=${control.low} max=${control.high} step=${control.kind === "whole" ? 1 : "any"}
    .value=${String(value)} ?disabled=${disabled} @change=${typed(value, (asked) => bounded(control, asked), change)}>`;
}

export const bounded = (control, value) => {
  const within = Math.min(control.high, Math.max(control.low, value));
  return control.kind === "whole" ? Math.round(within) : within;
};

const rounded = (value) => Number(value.toPrecision(10));

function slider({ control, value, side, change, say, number }) {
  const text = shown(control, value, number);
  return html`<div class="lever"><label><span class="what">${control.label}</span> <b class="value">${text}</b>
    <input type="range" data-path=${control.path} data-side=${side} min=${control.low} max=${Math.max(control.high, value)} step=${control.step} .value=${live(String(value))}
      aria-valuetext=${text} @input=${(event) => change(rounded(Number(event.target.value)))}></label>${reset({ control, value, change, say })}</div>`;
}

function choice({ control, value, side, change, say }) {
  return html`<div class="lever"><label><span class="what">${control.label}</span>
    <select data-path=${control.path} data-side=${side} @change=${(event) => change(event.target.value)}>${control.options.map((option) =>
      html`<option value=${option.value} .selected=${option.value === value}>${option.label}</option>`)}</select></label>${reset({ control, value, change, say })}</div>`;
}

function check({ control, value, side, change, say }) {
  return html`<div class="lever"><label class="check"><input type="checkbox" data-path=${control.path} data-side=${side} .checked=${live(value)}
    @change=${(event) => change(event.target.checked)}> <span class="what">${control.label}</span></label>${reset({ control, value, change, say })}</div>`;
}

/** Back to the usual: only where something else is chosen. */
function reset({ control, value, change, say }) {
  if (value === control.default) return nothing;
  const name = say("form.reset_one", { label: control.label });
  return html`<button class="reset" type="button" title=${say("form.reset")} aria-label=${name} @click=${() => change(control.default)}>↺</button>`;
}

const KINDS = { yes_no: check, choice, whole: slider, number: slider };

/** A control of a design, or of both (`side` is then "both"). */
export const lever = (asked) => KINDS[asked.control.kind](asked);

/** Controls of a group and a level, in the order of the table. */
export const levelled = (controls, group, level) => [...controls.values()].filter((control) => control.group === group && control.level === level);
