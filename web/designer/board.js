// One page for a board or a committee: on paper nothing else of this page is printed.
import { html, nothing } from "lit-html";
import { dots, finding, outcomes, weeks } from "./answer.js";
import { changedOnes } from "./assumptions.js";
import { described } from "./designs.js";
import { leftOutSentences, letters, lines, priceOfHelp, priceRows, turning } from "./details.js";
import { SIDES } from "./state.js";
import { forWhom, told } from "./timeline.js";

const WIDTH = 680; // of the charts together on A4
const MOST_CHANGED = 6, MOST_GROUPS = 3; // what one page has room for

const table = (rows, caption) => html`<table class="numbers"><caption>${caption}</caption><thead><tr><td></td>${letters()}</tr></thead>${lines(rows)}</table>`;

function leftOut(page) {
  const { groups } = page.told;
  if (!groups) return nothing;
  const sentences = leftOutSentences({ ...groups, own: groups.own.slice(0, MOST_GROUPS) }, page);
  return html`<h2>${page.say("left_out.title")}</h2><ul>${sentences.map((text) => html`<li>${text}</li>`)}</ul>`;
}

function assumed(page) {
  const { state, say, told: found, number } = page, changed = changedOnes(state, page.controls);
  const texts = [...(found.rests_on ? turning(found.rests_on, page) : []), say(state.parameters === "plausible" ? "verdict.plausible" : "verdict.usual_meant")];
  return html`<h2>${say("rests_on.title")}</h2><ul>${texts.map((text) => html`<li>${text}</li>`)}
    ${changed.slice(0, MOST_CHANGED).map((control) => html`<li>${say("board.changed", { label: control.label, value: written(control, state.both[control.path], number) })}</li>`)}
    <li>${say("app.not_prediction")} ${say("app.not_single")}</li></ul>`;
}

/** What is set for one design otherwise than usual, beside its communities; a question becomes a heading. */
export const chosen = ({ state, controls, number }, side) => Object.entries(state[side]).filter(([path]) => controls.has(path)).slice(0, MOST_CHANGED)
  .map(([path, value]) => `${controls.get(path).label.replace(/\?$/, "")}: ${written(controls.get(path), value, number)}.`).join(" ");

export function written(control, value, number) {
  if (control.kind === "choice") return control.options.find((option) => option.value === value)?.label ?? value;
  return typeof value === "number" ? number(value) : value ? "✓" : "–";
}

export function board(page) {
  const { line, outcome, speech, say, state, version, date = new Date() } = page;
  if (!line) return nothing;
  const { about: measured, head, more } = finding(page), shown = { line, outcome, speech, width: WIDTH / 2 - 10, height: 170, act: { showOutcome() {} } }, help = priceOfHelp(line.cost, page);
  const about = page.about ?? [say(state.people ? "board.own_people" : "board.people", { n: line.invited, weeks: line.weeks }),
    ...state.events.map((event) => say("board.happens", { what: told(event, page), whom: forWhom(event, say) }))];
  return html`<article class="board" aria-label=${say("file.board")}>
    <header><p class="quiet">${state.title || say("app.what_if")}</p><p class="about">${measured}</p><h1>${head}</h1><p class="lead">${more.join(" ")} ${line.preliminary ? say("verdict.preliminary", line) : nothing}</p></header>
    <p>${about.join(" ")}</p>
    <section class="two">${SIDES.map((side) => html`<p class=${side}><b class=${`name-${side}`}>${side.toUpperCase()}</b> <b>${described(page, side)}.</b> ${chosen(page, side)}</p>`)}</section>
    <section class="two">${dots(shown)}${weeks(shown)}</section>
    <section class="two"><div>${leftOut(page)}</div><div>${table(priceRows(line.cost, page).slice(0, 4), say("price.title"))}${help ? html`<p><b>${help}</b></p>` : nothing}</div></section>
    <section class="short">${outcomes(shown)}</section>
    <section>${assumed(page)}</section>
    <footer class="quiet">${say("board.made", { version, date: new Intl.DateTimeFormat(speech.language, { dateStyle: "long" }).format(date), years: line.pairs })} ${say("count.nine_of_ten")}</footer></article>`;
}
