// The bet, and what came of it.
import { html, svg } from "lit-html";
import { ticks } from "../ticks.js";
import { spoken } from "../text.js";

/** A slider with its number beside it, and as many figures as are meant. */
function bet(id, label, value, most, change) {
  const room = Math.min(22, 330 / most);
  return html`<div class="bet"><label for=${id}>${label}</label><div class="amount"><input id=${id} type="range" min="0" max=${most} .value=${String(value)}
    @input=${(event) => change(Number(event.target.value))}><b>${value}</b></div>
    <svg class="row" width=${room * most} height=${room} aria-hidden="true">${Array.from({ length: most }, (_, k) =>
      svg`<circle class=${k < value ? "meant" : ""} cx=${room * (k + 0.5)} cy=${room / 2} r=${room * 0.36}></circle>`)}</svg></div>`;
}

export function guess(page) {
  const { state, lesson, say, act } = page, { asked } = lesson;
  if (state.given) {
    return html`<h2>${say("guess.done")}</h2><p class="said">${say("guess.yours", { guess: state.guess, years: state.years })}</p>
      <p><button class="main" @click=${() => act.step("see")}>${say("guess.onward")}</button> <button @click=${act.guessAgain}>${say("guess.again")}</button></p>`;
  }
  return html`<h2>${say("guess.first")}</h2><p>${say("guess.lead")}</p>
    <form class="guess" @submit=${(event) => { event.preventDefault(); act.give(); }}>
      ${bet("guess", spoken(asked.question, say), state.guess, asked.people, (value) => act.set({ guess: value }))}
      ${asked.outcome === "isolated" ? html`<p class="quiet">${say("guess.isolated")}</p>` : ""}
      ${bet("years", spoken(asked.years_question, say), state.years, 10, (value) => act.set({ years: value }))}
      <p class="go"><button class="main">${say("guess.show")}</button> <button type="button" @click=${act.skip}>${say("guess.skip")}</button></p></form>`;
}

/** What was guessed, what came, and how it goes in nine years of ten. */
export function gap({ state, lesson, say }) {
  const { asked } = lesson, { found, low, high } = asked;
  return state.given ? say(asked.gap, { guess: state.guess, found, low, high }) : say("guess.found", { found, low, high });
}

export function yearsGap({ state, lesson, say }) {
  const { asked } = lesson, { better_years: better, alike_years: alike, of } = asked, name = asked.better_world.toUpperCase();
  return state.given ? say("guess.years_gap", { guess: state.years, better, alike, of, name }) : say("guess.years_found", { better, alike, of, name });
}

/** The gap with all imagined years as dots, the guess and the year shown among them. */
export function gapCard(page) {
  const { lesson, say } = page;
  return html`<div class="gap"><p class="said">${gap(page)}</p>${years(page)}
    <p class="quiet">${say("guess.dots", { of: lesson.asked.of, name: lesson.asked.world.toUpperCase() })}</p><p>${yearsGap(page)}</p></div>`;
}

const EDGE = 14, FLOOR = 34;

function years({ state, lesson, say }) {
  const { asked, recordings } = lesson, ends = recordings[0].years?.[asked.world]?.[asked.outcome]?.ends;
  if (!ends) return "";
  const width = Math.min(340, state.room - 8), stacks = new Map();
  for (const end of ends.filter((value) => value !== null)) {
    stacks.set(end, (stacks.get(end) ?? 0) + 1);
  }
  const counts = [...stacks.keys(), asked.found, ...(state.given ? [state.guess] : [])];
  const low = Math.max(0, Math.min(...counts) - 1), high = Math.max(...counts) + 1;
  const x = (value) => EDGE + ((value - low) / (high - low)) * (width - 2 * EDGE), tallest = Math.max(...stacks.values());
  const across = Math.max(1, Math.ceil(tallest / 16)), column = (width - 2 * EDGE) / (high - low); // dots beside each other in a column
  const r = Math.min(4.5, column / across / 2.3), height = FLOOR + 26 + Math.ceil(tallest / across) * 2.1 * r;
  const dot = (at, k) => svg`<circle class=${at === asked.found ? "dot found" : "dot"} cx=${x(at) + ((k % across) - (across - 1) / 2) * 2.1 * r}
    cy=${height - FLOOR - r - Math.floor(k / across) * 2.1 * r} r=${r}></circle>`;
  const mark = (value, text) => svg`<line class="guess-line" x1=${x(value)} x2=${x(value)} y1="17" y2=${height - FLOOR}></line>
    <text class="mark" x=${Math.min(width - 30, Math.max(30, x(value)))} y="12" text-anchor="middle">${text}</text>`;
  const label = say("guess.dots_label", { low: asked.low, high: asked.high, found: asked.found });
  return html`<svg class="chart years" width=${width} height=${height} viewBox=${`0 0 ${width} ${height}`} role="img" aria-label=${label}>
    <line class="axis" x1="0" x2=${width} y1=${height - FLOOR} y2=${height - FLOOR}></line>
    ${[...stacks].map(([at, count]) => Array.from({ length: count }, (_, k) => dot(at, k)))}
    ${ticks(low, high, Math.min(high - low, width / 40)).filter(Number.isInteger).map((value) => svg`<text x=${x(value)} y=${height - 6} text-anchor="middle">${value}</text>`)}
    ${state.given ? mark(state.guess, say("course.guess")) : ""}</svg>`;
}
