// What only the designer's page has in its tabs: own prices, which ask the engine, and all assumptions that were tried.
import { html, nothing } from "lit-html";
import { fold } from "./assumptions.js";
import { PANELS, thirds } from "./details.js";
import { lever, levelled } from "./levers.js";
import { valueOf } from "./state.js";

export const ASKS = { left_out: "groups", strain: "strain", after: "after", rests_on: "rests_on" };

function price(page) {
  const { state, controls, say, number, act } = page, own = [...levelled(controls, "price", "first"), ...levelled(controls, "price", "more")];
  return html`${PANELS.price(page)}<details open><summary>${say("price.own")}</summary><div class="levers wide">${own.map((control) => lever({ control, side: "both", say, number,
    value: valueOf(state, "both", control), change: (value) => act.setBoth({ [control.path]: value }, control.path) }))}</div></details>`;
}

/** What an answer rests on, and in a fold all else that was tried. */
function restsOn(page) {
  const { say, looking, act } = page;
  const others = (rows) => {
    const title = say("rests_on.others", { n: rows.length });
    return rows.length ? fold(title, looking.others, (isOpen) => act.look({ others: isOpen }), () => thirds(title, rows, page)) : nothing;
  };
  return PANELS.rests_on({ ...page, others });
}

export const LIVE_PANELS = { ...PANELS, price, rests_on: restsOn };
