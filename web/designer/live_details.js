// Tabs that only the designer's page has, since they ask the engine: own prices, and what is left afterwards.
import { html, nothing } from "lit-html";
import { PANELS, people, waits } from "./details.js";
import { lever, levelled } from "./levers.js";
import { SIDES, valueOf } from "./state.js";

export const ASKS = { left_out: "groups", strain: "strain", after: "after", rests_on: "rests_on" };

function price(page) {
  const { state, controls, say, number, act } = page, own = [...levelled(controls, "price", "first"), ...levelled(controls, "price", "more")];
  return html`${PANELS.price(page)}<details open><summary>${say("price.own")}</summary><div class="levers wide">${own.map((control) => lever({ control, side: "both", say, number,
    value: valueOf(state, "both", control), change: (value) => act.setBoth({ [control.path]: value }, control.path) }))}</div></details>`;
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
    <div class="sideways" tabindex="0" role="group" aria-label=${say("after.title")}><table class="numbers"><thead><tr><td></td>${SIDES.map((side) => html`<th scope="col" class=${`name-${side}`}>${side.toUpperCase()}</th>`)}<th scope="col">${say("after.none")}</th></tr></thead>
    <tbody>${every.map(([head, ...cells]) => html`<tr><th scope="row">${head}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table></div>
    <p class="quiet">${say("after.meant")} ${isolated ? say("count.nine_of_ten") : nothing}</p>`;
}

const { left_out, strain, rests_on } = PANELS;
export const LIVE_PANELS = { left_out, price, strain, after, rests_on };
