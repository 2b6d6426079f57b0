// The line for SØM: what its user has to enter, as a table, to copy and to save; some fields are theirs to fill in.
import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { typed } from "./levers.js";

export const SUCCESSES = ["isolated", "would_be_alone", "lonely_for_both"];

/** The rows of one design, with what the user has typed. */
export const rowsOf = ({ rows }, typed) => rows.map(([field, label, text]) => [field, label, typed[field] ?? text]);

export const asTabs = (found, typed) => rowsOf(found, typed).map(([, label, text]) => [label, text].map((cell) => cell.replace(/\s+/g, " ")).join("\t")).join("\n");

const cell = (text) => (/[;"\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** As the server wrote it, semicolons and decimal commas, with what was typed in the rows left empty. */
export function asCsv(found, typed) {
  const lines = found.csv.split("\r\n");
  return found.rows.reduce((text, [field], k) => (typed[field] ? text.map((row, at) => (at === k ? `${row.replace(/;?$/, "")}${row.endsWith(";") ? ";" : ""}${cell(typed[field])}` : row)) : text), lines).join("\r\n");
}

function line(page, side) {
  const { soem, say, act } = page, found = soem.found[side];
  return html`<div><h3 class=${`name-${side}`}>${side.toUpperCase()}</h3><table class="soem"><tbody>${rowsOf(found, soem.typed).map(([field, label, text]) => html`<tr><th scope="row">${label}</th>
    <td>${found.typed.includes(field) && side === "a" ? html`<input type="text" aria-label=${label} data-field=${field} .value=${live(text)} @input=${(event) => act.soemTyped(field, event.target.value)}>` : text}</td></tr>`)}</tbody></table>
    <button class="small" @click=${() => act.soemCopy(side)}>${say("soem.copy")}</button> <button class="small" @click=${() => act.soemSave(side)}>${say("soem.save")}</button></div>`;
}

export function soem(page) {
  const { soem: state, say, act } = page;
  return html`<section class="sheet-view" aria-labelledby="soem"><h2 id="soem">${say("file.soem")}</h2><p>${say("soem.meant")}</p>
    <div class="fields"><label><span>${say("soem.success_is")}</span> <select @change=${(event) => act.soemAsk({ outcome: event.target.value })}>${SUCCESSES.map((name) => html`<option value=${name} .selected=${name === state.outcome}>${say(`soem.outcomes.${name}`)}</option>`)}</select></label>
    <label><span>${say("soem.in_week")}</span> <input type="number" min="1" max="260" .value=${String(state.week)} @change=${typed(state.week, (asked) => Math.min(260, Math.max(1, Math.round(asked))), (week) => act.soemAsk({ week }))}></label></div>
    ${state.found ? html`<div class="pair">${["a", "b"].map((side) => line(page, side))}</div>` : html`<p class="quiet">${say("verdict.working")}</p>`}
    <p class="banner calm">${say("file.soem_level")}</p>${state.copied ? html`<p class="quiet">${say("soem.copied")}</p>` : nothing}</section>`;
}
