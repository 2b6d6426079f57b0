// Assumptions: everything the engine takes for granted, apart from what A and B choose, each with its source.
import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { bounded, typed } from "./levers.js";
import { valueOf } from "./state.js";

const all = (controls) => [...controls.values()].filter((control) => control.level === "assumption");

/** Assumptions in which all words occur: in what they are called, what they mean, or their subject. */
export function matching({ controls, groups }, asked) {
  const words = asked.trim().toLocaleLowerCase().split(/\s+/);
  return all(controls).filter(({ label, help, path, group }) => {
    const text = [label, help, path, groups[group]].join(" ").toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
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
  const unit = control.kind === "number" || control.kind === "whole" ? control.unit : "";
  return html`<li><label><span>${control.label}${unit ? html` <span class="quiet">${unit}</span>` : nothing}</span> ${field(page, control)}</label>${source(page, control)}
    ${control.path in state.both ? html`<button class="reset" title=${say("form.reset")} aria-label=${say("form.reset_one", { label: control.label })} @click=${() => act.setBoth({ [control.path]: control.default }, "")}>↺</button>` : nothing}</li>`;
}

/** A fold that is filled when it is opened. */
export const fold = (title, isOpen, turn, inside, kind = "") => html`<details class=${kind} .open=${live(isOpen)} @toggle=${(event) => turn(event.target.open)}><summary>${title}</summary>${isOpen ? inside() : nothing}</details>`;

const list = (page, found) => html`<ul class="plain">${found.map((control) => row(page, control))}</ul>`;

/** Under a heading for each subject. */
const bySubject = (page, found) => Object.entries(page.groups).map(([group, title]) => [title, found.filter((control) => control.group === group)])
  .filter(([, some]) => some.length).map(([title, some]) => html`<h3>${title}</h3>${list(page, some)}`);

/** What was looked for, filtered as one types. */
function foundBy(page) {
  const { looking, say } = page, found = matching(page, looking.word);
  return html`<p class="quiet">${found.length ? say("form.found", { n: found.length }) : say("form.none_found")}</p>${bySubject(page, found)}`;
}

/** A fold of its own for each subject. */
function folds(page) {
  const { controls, groups, looking, act } = page;
  return Object.entries(groups).map(([group, title]) => {
    const some = all(controls).filter((control) => control.group === group), isOpen = looking.groups.includes(group);
    return fold(html`${title} <span class="quiet">${some.length}</span>`, isOpen, (open) => act.lookInto(group, open), () => list(page, some), "of-group");
  });
}

export function assumptions(page) {
  const { state, controls, looking, say, act } = page, changed = changedOnes(state, controls);
  return html`<section class="assumptions" aria-labelledby="assumptions"><h2 id="assumptions"><span class="step">4</span> ${say("form.assumptions")}</h2>
    <p class="quiet">${say("form.same_for_both")}</p>
    <label class="check"><input type="checkbox" .checked=${live(state.parameters === "defaults")} @change=${(event) => act.plan({ parameters: event.target.checked ? "defaults" : "plausible" })}> ${say("verdict.usual_only")}</label>
    <p class="quiet">${say(state.parameters === "plausible" ? "verdict.plausible" : "verdict.usual_meant")}</p>
    ${changed.length ? html`<h3>${say("form.changed")}</h3><ul class="plain">${changed.map((control) => row(page, control))}</ul><button class="small" @click=${() => act.usualAssumptions()}>${say("form.reset")}</button>` : nothing}
    <label class="finding">${say("form.find")} <input type="text" class="find" .value=${live(looking.word)} @input=${(event) => act.look({ word: event.target.value })}></label>
    ${looking.word.trim() ? foundBy(page) : html`
      ${fold(say("form.weighty"), looking.weighty, (isOpen) => act.look({ weighty: isOpen }), () => bySubject(page, weighty(state, controls)))}
      ${fold(say("form.all_assumptions"), looking.assumptions, (isOpen) => act.look({ assumptions: isOpen }), () => folds(page))}`}</section>`;
}
