// Puzzles: choices within a budget, years that reach the goal; and the one that asks which world is which.
import { html, svg } from "lit-html";
import { nameOf } from "./people.js";

const spoken = (saying, say) => say(saying.key, saying.values);

export function puzzles(page) {
  const { state, lesson, say, act } = page, puzzle = lesson.puzzles[state.puzzle];
  if (!puzzle) return html`<h2>${say("step.puzzles")}</h2><p>${say("puzzle.none")}</p>`;
  return html`<h2>${say("step.puzzles")}</h2>
    <div class="which" role="group" aria-label=${say("step.puzzles")}>${lesson.puzzles.map((each, k) => html`<button aria-pressed=${state.puzzle === k} @click=${() => act.puzzle(k)}>${k + 1}. ${spoken(each.title, say)}</button>`)}</div>
    <h3>${spoken(puzzle.title, say)}</h3>${puzzle.story.map((part) => html`<p>${spoken(part, say)}</p>`)}
    ${puzzle.kind === "which" ? which(page, puzzle) : choices(page, puzzle)}
    ${puzzle.hints?.length ? html`<details><summary>${say("puzzle.hint")}</summary>${puzzle.hints.map((hint) => html`<p>${spoken(hint, say)}</p>`)}</details>` : ""}`;
}

const hours = (puzzle, bits) => puzzle.choices.reduce((sum, each, k) => sum + (bits[k] === "1" ? each.hours : 0), 0);
const count = (bits) => [...bits].filter((bit) => bit === "1").length;

/** What is chosen, and what that gives; null where it is too much. */
export function tried(puzzle, bits) {
  const found = puzzle.tried[bits];
  return found && !(puzzle.choose && count(bits) > puzzle.choose) ? found : null;
}

function choices(page, puzzle) {
  const { state, say, act } = page, bits = state.chosen || "0".repeat(puzzle.choices.length), used = hours(puzzle, bits);
  const flip = (k) => act.choose([...bits].map((bit, at) => (at === k ? String(1 - bit) : bit)).join(""));
  const tooMuch = (puzzle.budget && used > puzzle.budget) || (puzzle.choose && count(bits) > puzzle.choose);
  return html`<p class="goal">${say("puzzle.goal", { goal: spoken(puzzle.goal, say), n: puzzle.at_least })}</p>
    <fieldset class="choices"><legend>${rule(puzzle, say)}</legend>${puzzle.choices.map((each, k) => html`<label class="switch"><input type="checkbox" .checked=${bits[k] === "1"} @change=${() => flip(k)}>
      <span>${spoken(each.name, say)} ${each.hours ? html`<em>${say("puzzle.hours", { n: each.hours })}</em>` : ""}</span></label>`)}
      ${puzzle.budget ? html`<p class=${tooMuch ? "over" : ""}><label>${say("puzzle.used", { used, budget: puzzle.budget })} <meter min="0" max=${puzzle.budget} value=${Math.min(used, puzzle.budget)}></meter></label></p>` : ""}</fieldset>
    ${tooMuch ? html`<p class="over">${say("puzzle.too_much")}</p>` : result(page, puzzle, tried(puzzle, bits))}`;
}

const rule = (puzzle, say) =>
  puzzle.choose && puzzle.budget ? say("puzzle.choose", { n: puzzle.choose, budget: puzzle.budget })
    : puzzle.choose ? say("puzzle.choose_some", { n: puzzle.choose }) : puzzle.budget ? say("puzzle.choose_within", { budget: puzzle.budget }) : say("puzzle.choose_any");

/** Whether the goal is reached, in a sentence. */
export const verdict = (puzzle, found, say) => say(found.share >= puzzle.at_least ? "puzzle.solved" : "puzzle.not_yet", { n: found.share });

function result({ state, say, act }, puzzle, found) {
  if (!found) return "";
  const solved = found.share >= puzzle.at_least;
  return html`<div class=${`result ${solved ? "solved" : ""}`}><p class="said">${verdict(puzzle, found, say)}</p>${years(found, puzzle, say)}
    <p class="quiet">${say("puzzle.years")}</p>${solved ? html`<p>${spoken(puzzle.explain, say)}</p>` : ""}</div>`;
}

const ACROSS = 20, ROOM = 15;

/** A hundred years as squares: filled where the goal is reached, empty with a stroke where it is not. */
function years(found, puzzle, say) {
  const failed = new Set(found.failed), of = puzzle.out_of, height = Math.ceil(of / ACROSS) * ROOM;
  const one = (k) => { const x = (k % ACROSS) * ROOM, y = Math.floor(k / ACROSS) * ROOM;
    return failed.has(k) ? svg`<path class="fails" d=${`M${x + 2} ${y + 2}h10v10h-10zM${x + 2} ${y + 12}l10 -10`}></path>` : svg`<rect class="holds" x=${x + 2} y=${y + 2} width="10" height="10"></rect>`; };
  return html`<svg class="hundred" width=${ACROSS * ROOM} height=${height} viewBox=${`0 0 ${ACROSS * ROOM} ${height}`} role="img" aria-label=${say("puzzle.dots", { n: found.share, of })}>
    ${Array.from({ length: of }, (_, k) => one(k))}</svg>`;
}

function which({ state, say, act }, puzzle) {
  const answer = (key) => html`<button aria-pressed=${state.answer === key} @click=${() => act.answer(key)}>${key.toUpperCase()}</button>`;
  const { people } = puzzle.recording, all = ["a", "b"].flatMap((key) => (puzzle.knockouts[key] ?? []).map((each, k) => ({ ...each, key: `${key}-${k}`, world: key.toUpperCase() })));
  return html`<p class="goal">${spoken(puzzle.goal, say)}</p><h3>${say("puzzle.take_away")}</h3>
    <ul class="drew">${all.map((each) => html`<li><button class="small" aria-pressed=${state.without === each.key} @click=${() => act.without(each.key, each.person)}>
      ${say("explain.one_who_drew", { name: nameOf(people[each.person], say), world: each.world, week: each.week })}</button></li>`)}</ul>
    <p>${say("puzzle.your_answer")} <span class="two">${answer("a")} ${answer("b")}</span></p>
    ${state.answer ? html`<div class=${`result ${state.answer === puzzle.answer ? "solved" : ""}`}><p class="said">${say(state.answer === puzzle.answer ? "puzzle.right" : "puzzle.wrong")}</p>
      ${state.answer === puzzle.answer ? html`<p>${spoken(puzzle.explain, say)}</p>` : ""}</div>` : ""}`;
}
