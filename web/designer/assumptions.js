// Assumptions: everything the engine takes for granted, apart from what A and B choose, each with its source.
import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { bounded, typed } from "./levers.js";
import { valueOf } from "./state.js";

const MOST_SHOWN = 30;

const all = (controls) => [...controls.values()].filter((control) => control.level === "assumption");

/** Assumptions in which a word occurs. */
export function matching(controls, word) {
  const asked = word.trim().toLocaleLowerCase();
  return asked ? all(controls).filter((control) => `${control.label} ${control.path}`.toLocaleLowerCase().includes(asked)) : [];
}

/** Those that are not as usual. */
export const changedOnes = (state, controls) => all(controls).filter((control) => control.path in state.both);

/** Those on which most hangs, of what these designs have. */
export const weighty = (state, controls) => all(controls).filter(({ matters, needs }) => matters && (needs === null || [state.a, state.b].some(({ communities }) => communities.includes(needs))));

function field({ state, act, number }, control) {
  const value = valueOf(state, "both", control), set = (asked) => act.setBoth({ [control.path]: asked }, control.path);
  if (control.kind === "yes_no") return html`<input type="checkbox" data-path=${control.path} .checked=${live(value)} @change=${(event) => set(event.target.checked)}>`;
  if (control.kind === "choice") return html`<select data-path=${control.path} @change=${(event) => set(event.target.value)}>${control.options.map((option) => html`<option value=${option.value} .selected=${option.value === value}>${option.label}</option>`)}</select>`;
  return html`<input type="number" data-path=${control.path} min=${control.low} max=${control.high} step="any" .value=${String(value)}
    title=${`${number(control.low)}–${number(control.high)}`} @change=${typed(value, (asked) => bounded(control, asked), set)}>`;
}

/** What an assumption rests on: its kind, and, folded away, what its sources are. */
function source({ say, has, sources }, { evidence, source: keys }) {
  const kind = say("form.rests_on", { kind: { key: has(`rests_on.${evidence}`) ? `rests_on.${evidence}` : "rests_on.assumption" } });
  const cited = keys.split(/[ ,;]+/).filter((key) => sources[key] && key !== "assumption");
  return cited.length ? html`<details class="source"><summary>${kind}</summary>${cited.map((key) => html`<p>${sources[key]}</p>`)}</details>` : html`<p class="source">${kind}</p>`;
}

function row(page, control) {
  const { state, say, act } = page;
  return html`<li><label>${control.label} ${field(page, control)}</label>${source(page, control)}
    ${control.path in state.both ? html`<button class="reset" title=${say("form.reset")} aria-label=${say("form.reset_one", { label: control.label })} @click=${() => act.setBoth({ [control.path]: control.default }, "")}>↺</button>` : nothing}</li>`;
}

const list = (page, found) => html`<ul class="plain">${found.slice(0, MOST_SHOWN).map((control) => row(page, control))}</ul>
  ${found.length > MOST_SHOWN ? html`<p class="quiet">${page.say("form.and_more", { n: found.length - MOST_SHOWN })}</p>` : nothing}`;

/** A fold of its own for each group; it is filled when it is opened. */
function grouped(page) {
  const { controls, groups, looking, act } = page;
  return Object.entries(groups).map(([group, title]) => html`<details class="of-group" .open=${live(looking.groups.includes(group))} @toggle=${(event) => act.lookInto(group, event.target.open)}><summary>${title}</summary>
    ${looking.groups.includes(group) ? list(page, all(controls).filter((control) => control.group === group)) : nothing}</details>`);
}

export function assumptions(page) {
  const { state, controls, looking, say, act } = page, changed = changedOnes(state, controls);
  return html`<section class="assumptions" aria-labelledby="assumptions"><h2 id="assumptions"><span class="step">4</span> ${say("form.assumptions")}</h2>
    <p class="quiet">${say("form.same_for_both")}</p>
    <label class="check"><input type="checkbox" .checked=${live(state.parameters === "defaults")} @change=${(event) => act.plan({ parameters: event.target.checked ? "defaults" : "plausible" })}> ${say("verdict.usual_only")}</label>
    <p class="quiet">${say(state.parameters === "plausible" ? "verdict.plausible" : "verdict.usual_meant")}</p>
    ${changed.length ? html`<h3>${say("form.changed")}</h3><ul class="plain">${changed.map((control) => row(page, control))}</ul><button class="small" @click=${() => act.usualAssumptions()}>${say("form.reset")}</button>` : nothing}
    <details .open=${live(looking.weighty)} @toggle=${(event) => act.look({ weighty: event.target.open })}><summary>${say("form.weighty")}</summary>${looking.weighty ? list(page, weighty(state, controls)) : nothing}</details>
    <details .open=${live(looking.assumptions)} @toggle=${(event) => act.look({ assumptions: event.target.open })}><summary>${say("form.all_assumptions")}</summary>
      ${looking.assumptions ? html`<label>${say("form.find")} <input type="text" class="find" .value=${live(looking.word)} @input=${(event) => act.look({ word: event.target.value })}></label>
      ${looking.word.trim() ? list(page, matching(controls, looking.word)) : grouped(page)}` : nothing}</details></section>`;
}
