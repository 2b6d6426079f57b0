// One line of an answer as it is shown: a pure view, here of what the server has just sent, in a file to
// send on of what was worked out beforehand.
import { html, nothing } from "lit-html";
import { bands, dotplot } from "../charts.js";
import { LOWER, OUTCOMES, called, inYears, onAverage, short, sorted, standing, verdict } from "./verdicts.js";

/** A value of an outcome as people read it: persons where it is counted in persons. */
const scale = (found) => found.in_people.of || 1;
/** How many years a dot stands for: there are fifty of them. */
const perDot = ({ pairs }) => (pairs % 50 ? { n: 2, of: 100 } : { n: pairs / 50, of: pairs });
const writer = (found, number) => (found.in_people.of ? (value) => (Number.isInteger(value) ? number(value) : "") : (value) => number(value, "g3"));

/** The finding, and how sure it is: what stands at the top of the page. */
export function finding({ line, outcome, speech }) {
  const found = line.outcomes[outcome], stands = standing(found), { say } = speech;
  return { about: say("verdict.about", { outcome: called(outcome, speech), week: line.weeks }), head: verdict(outcome, found, speech), more: ["better", "apart"].includes(stands) ? [onAverage(outcome, found, speech), inYears(found, line.pairs, speech)]
    : stands === "hardly" ? [inYears(found, line.pairs, speech)] : [],
  done: say(line.preliminary ? "verdict.preliminary" : "verdict.done", { pairs: line.pairs, of: line.preliminary ? line.of : line.pairs }) };
}

export function dots({ line, outcome, width, height, speech }) {
  const found = line.outcomes[outcome], { say, number } = speech, of = scale(found), unit = found.in_people.of ? "people" : "scale";
  const write = writer(found, number), sides = ["lower", "higher"].map((where) => say(`chart.${unit}.${where}`, { name: "B" }));
  return html`<figure class="dots"><figcaption>${say("chart.dots_each", perDot(line))}</figcaption>
    ${dotplot({ values: found.dots.map((value) => value * of), width, height, label: `${verdict(outcome, found, speech)} ${inYears(found, line.pairs, speech)}`,
      write: (value) => write(Math.abs(value)), sides, lowerIsBetter: LOWER.has(outcome), least: found.in_people.of ? 1 : 0.01 })}</figure>`;
}

export function weeks({ line, outcome, width, height, speech }) {
  const found = line.outcomes[outcome], { say, number } = speech, of = scale(found);
  const rows = (side) => found[side].map((row) => row.map((value) => (value === null ? null : value * of)));
  return html`<figure class="weeks"><figcaption><b>${called(outcome, speech)}</b>${found.in_people.of ? html`, ${say("chart.of_invited", { of: found.in_people.of })}` : nothing}.
      <span class="key"><span class="sample a"></span>A <span class="sample b"></span>B</span></figcaption>
    ${bands({ a: rows("a"), b: rows("b"), width, height, label: say("chart.ends", ends(found, line, number, of)), write: writer(found, number), weekName: say("chart.week"), monthName: say("chart.month") })}
    <p class="quiet">${say("chart.bands")}</p></figure>`;
}

/** The middle year at the end, which is what the chart of weeks comes to. */
function ends(found, line, number, of) {
  const last = (side) => number(found[side][2].at(-1) === null ? null : found[side][2].at(-1) * of, found.in_people.of ? "0" : "g3");
  return { week: line.weeks, a: last("a"), b: last("b") };
}

/** All outcomes by whom they speak for; the one that is shown is pressed. */
export function outcomes({ line, outcome, speech, act }) {
  const { say } = speech, groups = sorted(line.outcomes);
  const one = (name) => html`<li><button class="outcome" aria-pressed=${name === outcome} @click=${() => act.showOutcome(name)}>
    <span>${called(name, speech)}</span> <span class="quiet">${short(name, line.outcomes[name], speech)}</span></button></li>`;
  const column = (key, title) => html`<div class=${`column ${key}`}><h3>${title}</h3>${groups[key].length ? html`<ul class="plain">${groups[key].map(one)}</ul>` : html`<p class="quiet">${say("outcomes.nothing")}</p>`}</div>`;
  return html`<div class="outcomes">${column("a", say("outcomes.with", { name: "A" }))}${column("b", say("outcomes.with", { name: "B" }))}${column("none", say("outcomes.none"))}</div>`;
}

export const shownOutcome = (line, asked) => (line.outcomes[asked] ? asked : OUTCOMES.find((name) => line.outcomes[name]));

/** The charts and the outcomes together. */
export function answer(shown) {
  const { say } = shown.speech, half = shown.width >= 620 ? (shown.width - 24) / 2 : shown.width;
  return html`<section class="answer" aria-labelledby="answer"><h2 id="answer" class="unseen">${say("outcomes.answer")}</h2>
    <div class="charts">${dots({ ...shown, width: half, height: 230 })}${weeks({ ...shown, width: half, height: 230 })}</div>
    <h2>${say("outcomes.title")}</h2>${outcomes(shown)}</section>`;
}
