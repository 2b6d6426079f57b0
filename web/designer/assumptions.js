// Assumptions: everything the engine takes for granted, apart from what A and B choose, each with its source.
import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { bounded } from "./levers.js";
import { valueOf } from "./state.js";

const MOST_SHOWN = 30;

/** Assumptions in which a word occurs. */
export const matching = (controls, word) => {
  const asked = word.trim().toLocaleLowerCase();
  return [...controls.values()].filter((control) => control.level === "assumption" && `${control.label} ${control.path} ${control.source}`.toLocaleLowerCase().includes(asked));
};

/** Those that are not as usual. */
export const changedOnes = (state, controls) => [...controls.values()].filter((control) => control.level === "assumption" && control.path in state.both);

function field({ state, act, number }, control) {
  const value = valueOf(state, "both", control), set = (asked) => act.setBoth({ [control.path]: asked }, control.path);
  if (control.kind === "yes_no") return html`<input type="checkbox" data-path=${control.path} .checked=${live(value)} @change=${(event) => set(event.target.checked)}>`;
  if (control.kind === "choice") return html`<select data-path=${control.path} @change=${(event) => set(event.target.value)}>${control.options.map((option) => html`<option value=${option.value} .selected=${option.value === value}>${option.label}</option>`)}</select>`;
  return html`<input type="number" data-path=${control.path} min=${control.low} max=${control.high} step="any" .value=${live(String(value))}
    title=${`${number(control.low)}–${number(control.high)}`} @change=${(event) => Number.isFinite(event.target.valueAsNumber) && set(bounded(control, event.target.valueAsNumber))}>`;
}

function row(page, control) {
  const { state, say, has, act } = page, kind = has(`rests_on.${control.evidence}`) ? say(`rests_on.${control.evidence}`) : control.evidence;
  return html`<li><label>${control.label} ${field(page, control)}</label>
    <span class="quiet">${say("form.source")}: ${kind}${control.source && control.source !== control.evidence ? ` (${control.source})` : ""}</span>
    ${control.path in state.both ? html`<button class="reset" title=${say("form.reset")} aria-label=${say("form.reset_one", { label: control.label })} @click=${() => act.setBoth({ [control.path]: control.default }, "")}>↺</button>` : nothing}</li>`;
}

export function assumptions(page) {
  const { state, controls, looking, say, act } = page, changed = changedOnes(state, controls);
  const found = looking.assumptions ? matching(controls, looking.word) : [], shown = found.filter((control) => !changed.includes(control));
  return html`<section class="assumptions" aria-labelledby="assumptions"><h2 id="assumptions"><span class="step">4</span> ${say("form.assumptions")}</h2>
    <p class="quiet">${say("form.same_for_both")}</p>
    <label class="check"><input type="checkbox" .checked=${live(state.parameters === "defaults")} @change=${(event) => act.plan({ parameters: event.target.checked ? "defaults" : "plausible" })}> ${say("verdict.usual_only")}</label>
    <p class="quiet">${say(state.parameters === "plausible" ? "verdict.plausible" : "verdict.usual_meant")}</p>
    ${changed.length ? html`<h3>${say("form.changed")}</h3><ul class="plain">${changed.map((control) => row(page, control))}</ul><button class="small" @click=${() => act.usualAssumptions()}>${say("form.reset")}</button>` : nothing}
    <details .open=${live(looking.assumptions)} @toggle=${(event) => act.look({ assumptions: event.target.open })}><summary>${say("form.all_assumptions")}</summary>
      ${looking.assumptions ? html`<label>${say("form.find")} <input type="text" class="find" .value=${live(looking.word)} @input=${(event) => act.look({ word: event.target.value })}></label>
      <ul class="plain">${shown.slice(0, MOST_SHOWN).map((control) => row(page, control))}</ul>
      ${shown.length > MOST_SHOWN ? html`<p class="quiet">${say("form.and_more", { n: shown.length - MOST_SHOWN })}</p>` : nothing}` : nothing}</details></section>`;
}
