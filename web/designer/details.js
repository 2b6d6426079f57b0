// Beneath the answer, a tab each: who is left out, what it costs, how hard it is on peers, what is left
// afterwards, what it rests on.
import { html, nothing } from "lit-html";
import { dots, weeks } from "./answer.js";
import { SIDES } from "./state.js";
import { onAverage, standing, unitOf, verdict } from "./verdicts.js";

const MOST_NAMED = 4, NARROW = 480; // pixels from which six numbers stand beside what they are of
const hundreds = (value, { number }, form) => number(value === null ? null : Math.round(value / 100) * 100, form);
const people = ([low, , high], { say, number }) => (low === high ? number(low) : say("count.range", { low, high }));

/** The letters of both designs, as headings of columns. */
export const letters = () => SIDES.map((side) => html`<th scope="col" class=${`name-${side}`}>${side.toUpperCase()}</th>`);
/** A table that may be wider than the page. */
export const framed = (caption, kind, head, body) => html`<div class="sideways" tabindex="0" role="group" aria-label=${caption}><table class=${`numbers ${kind}`}><thead>${head}</thead>${body}</table></div>`;
/** Rows of what they are of, and cells. */
export const lines = (rows) => html`<tbody>${rows.map(([head, ...cells]) => html`<tr><th scope="row">${head}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>`;

/** Two columns of numbers, A and B, under what they are of; long ones wrap where there is no room. */
const table = (caption, rows, { say }, kind = "") => html`${framed(caption, kind, html`<tr><td></td>${letters()}</tr>`, lines(rows))}<p class="quiet">${say("count.nine_of_ten")}</p>`;

const FATES = ["never_reached", "left", "isolated"];
const whom = (row, say) => (row.trait ? say(`left_out.${row.trait}`, { n: row.of }) : say("left_out.group", { n: row.of, group: row.group }));

/** Of each of the hardest to reach, and of each own group, how many are never reached, in sentences. */
export function leftOutSentences({ traits, own }, speech) {
  return [...traits.filter(({ part }) => part === "hardest"), ...own].map((row) =>
    speech.say("left_out.said", { whom: whom(row, speech.say), a: people(row.a.never_reached, speech), b: people(row.b.never_reached, speech) }));
}

function leftOut(page) {
  const found = page.told.groups, { say } = page;
  if (!found) return waits(page);
  const others = { ...found.traits[1], trait: "others" }, rows = [...found.traits.filter(({ part }) => part === "hardest"), others, ...found.own];
  const heads = FATES.map((fate) => html`<th scope="colgroup" colspan="2">${say(`left_out.${fate}`)}</th>`), isNarrow = page.width < NARROW;
  const cells = (row) => FATES.flatMap((fate) => SIDES.map((side) => people(row[side][fate], page)));
  const body = isNarrow ? rows.map((row) => html`<tbody><tr><th scope="rowgroup" colspan="6">${whom(row, say)}</th></tr><tr>${cells(row).map((cell) => html`<td>${cell}</td>`)}</tr></tbody>`) : lines(rows.map((row) => [whom(row, say), ...cells(row)]));
  return html`<ul class="sentences-list">${leftOutSentences(found, page).map((text) => html`<li>${text}</li>`)}</ul>
    ${framed(say("left_out.title"), isNarrow ? "narrow" : "", html`<tr>${isNarrow ? nothing : html`<td rowspan="2"></td>`}${heads}</tr><tr>${FATES.map(letters)}</tr>`, body)}<p class="quiet">${say("count.nine_of_ten")}</p>`;
}

export function priceRows(cost, speech) {
  const { say } = speech, row = (key, write) => [say(`price.rows.${key}`), ...SIDES.map((side) => write(cost[side][key]))];
  const money = ([low, , high]) => say("count.range", { low: hundreds(low, speech, "0"), high: hundreds(high, speech, "0") });
  const hours = ([low, , high]) => say("count.range", { low: speech.number(low, "0"), high: speech.number(high, "0") });
  return [row("a_year", money), row("each", money), row("peer_hours", hours), row("staff_hours", hours), row("most_hours_a_week", hours)];
}

/** What each person who is no longer isolated costs; only where there is one to speak of. */
export function priceOfHelp({ more }, speech) {
  if (more.each === null) return "";
  return speech.say(more.people > 0 ? "price.more_with" : "price.less_with", { kr: hundreds(Math.abs(more.each), speech, "kr"), name: more.people > 0 ? "B" : "A" });
}

function price(page) {
  const { say, line } = page, help = priceOfHelp(line.cost, page);
  return html`${help ? html`<p><b>${help}</b></p>` : nothing}${table(say("price.title"), priceRows(line.cost, page), page, "long")}`;
}

/** How many peers give support, leave, leave because it was too much, are hard pressed; and their fullest week. */
function strainRows(found, page) {
  const { say, number } = page, each = (key, of) => [say(`strain.rows.${key}`), ...SIDES.map((side) => (of ? people(found[side][key], page) : say("count.range", { low: number(found[side][key][0], "g2"), high: number(found[side][key][2], "g2") })))];
  return [[say("strain.rows.of"), ...SIDES.map((side) => number(found[side].of))], each("active", true), each("left", true), each("too_much", true), each("pressed", true), each("hours", false)];
}

function strain(page) {
  const { line, speech, width, say } = page, found = line.outcomes.strain, told = page.told.strain, half = width >= 620 ? (width - 24) / 2 : width, shown = { line, outcome: "strain", speech, width: half, height: 200 };
  return html`<p><b>${verdict("strain", found, speech)}</b> ${standing(found) === "better" ? onAverage("strain", found, speech) : nothing}</p>
    ${told ? table(say("strain.title"), strainRows(told, page), page) : waits(page)}<p class="quiet">${say("strain.meant")}</p><div class="charts">${dots(shown)}${weeks(shown)}</div>`;
}

function after(page) {
  const found = page.told.after;
  if (!found) return waits(page);
  const { say, line } = page, isolated = found.outcomes.isolated, of = line.invited;
  const count = (each, when) => people(each[when].map((value) => Math.round(value * of)), page);
  const scale = (each, when) => page.number(each[when][1], "g2");
  const rows = (name, write) => ["end", "last"].map((when) => [say(`after.rows.${name}`, { week: found[when] }), write(found.outcomes[name].a, when), write(found.outcomes[name].b, when), write(found.outcomes[name].none, when)]);
  const every = [...rows("isolated", count), ...rows("strong_ties", scale), ...rows("connectedness", scale)];
  return html`<p>${say(found.added ? "after.added" : "after.planned", { end: found.end, last: found.last })}</p>
    ${framed(say("after.title"), "", html`<tr><td></td>${letters()}<th scope="col">${say("after.none")}</th></tr>`, lines(every))}
    <p class="quiet">${say("after.meant")} ${isolated ? say("count.nine_of_ten") : nothing}</p>`;
}

/** Which assumptions turn the answer, in sentences. */
export function turning(found, { controls, speech }) {
  const { say } = speech, label = (path) => controls.get(path)?.label ?? path;
  if (!found.tried.length) return [say("rests_on.not_tried")];
  const fades = (found.fades ?? []).slice(0, MOST_NAMED).map((each) => say("rests_on.fades", { assumption: label(each.path) }));
  return [...(found.turns.length ? found.turns.slice(0, MOST_NAMED).map((each) => say("rests_on.flip", { assumption: label(each.path) })) : [say("rests_on.none_turns", { n: found.tried.length })]), ...fades];
}

/** With B how many fewer or more than with A: in people, steps of the scale or kroner. */
function amount(value, { outcome, line, speech }) {
  const { say, number } = speech, found = line.outcomes[outcome], of = found.in_people.of || 1, unit = { people: "people", each: "people", money: "money" }[unitOf(outcome, found)] ?? "scale";
  const form = unit === "money" ? "kr" : of > 1 ? "1" : "g2", isNone = number(Math.abs(value * of), form) === number(0, form);
  return isNone ? say("verdict.short.people.none") : say(`rests_on.amount.${unit}.${value < 0 ? "fewer" : "more"}`, { n: number(Math.abs(value * of), form) });
}

/** Assumptions, and the difference where each is low and where it is high. */
export function thirds(caption, rows, page) {
  const { say, controls, number } = page, outcome = page.told.rests_on.outcome;
  return framed(caption, "", html`<tr>${["assumption_column", "low", "high"].map((key) => html`<th scope="col">${say(`rests_on.${key}`)}</th>`)}</tr>`, lines(rows.map(({ path, low, high }) =>
    [html`${controls.get(path)?.label ?? path} <span class="quiet">(${number(low.at, "g2")} – ${number(high.at, "g2")})</span>`, ...[low, high].map(({ difference }) => amount(difference[0], { ...page, outcome }))])));
}

function restsOn(page) {
  const found = page.told.rests_on;
  if (!found) return waits(page);
  const { say, has, line } = page, counted = ["people", "each"].includes(unitOf(found.outcome, line.outcomes[found.outcome])), most = say("rests_on.most");
  const kinds = Object.entries(found.kinds).map(([kind, n]) => say(has(`rests_on.count.${kind}`) ? `rests_on.count.${kind}` : "rests_on.count.assumption", { n }));
  return html`<ul>${turning(found, page).map((text) => html`<li><b>${text}</b></li>`)}</ul>
    ${found.most.length ? html`<h3>${most}</h3><p class="quiet">${say(counted ? "rests_on.thirds" : "rests_on.thirds_scale")} ${say("rests_on.by_chance")}</p>${thirds(most, found.most, page)}` : nothing}
    ${page.others?.(found.others)}<p>${say("rests_on.kinds", { kinds })}</p><p class="quiet">${say("app.not_prediction")} ${say("app.not_single")}</p>`;
}

/** What is not there yet; in a file to send on, what stands in its place. */
const waits = ({ say, absent }) => absent ?? html`<p class="quiet">${say("verdict.working")}</p>`;
export const PANELS = { left_out: leftOut, price, strain, after, rests_on: restsOn };

/** The tabs, each with its panel. */
export function details(page, panels = PANELS) {
  const { state, tab, say, act } = page, tabs = Object.keys(panels);
  const turn = (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    act.tab(tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length], true);
  };
  return html`<section class="details"><div role="tablist" aria-label=${say("outcomes.more")} @keydown=${turn}>${tabs.map((name) => html`<button role="tab" id=${`tab-${name}`} aria-controls="tab-panel"
      aria-selected=${name === tab} tabindex=${name === tab ? 0 : -1} @click=${() => act.tab(name)}>${say(`${name}.title`)}</button>`)}</div>
    <div role="tabpanel" id="tab-panel" aria-labelledby=${`tab-${tab}`} data-people=${state.people ? "own" : nothing}>${panels[tab](page)}</div></section>`;
}
