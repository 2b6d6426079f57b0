// Puzzles: choices within a budget, years that reach the goal; and the one that asks which world is which.
import { html, svg } from "lit-html";
import { whoCouldStay } from "./explain.js";
import { spoken } from "../text.js";

export function puzzles(page) {
  const { state, lesson, say, act } = page, puzzle = lesson.puzzles[state.puzzle];
  if (!puzzle) return html`<h2>${say("step.puzzles")}</h2><p>${say("puzzle.none")}</p>`;
  return html`<h2>${say("step.puzzles")}</h2>
    <div class="which" role="group" aria-label=${say("step.puzzles")}>${lesson.puzzles.map((each, k) => html`<button aria-pressed=${state.puzzle === k} @click=${() => act.puzzle(k)}>${k + 1}. ${spoken(each.title, say)}</button>`)}</div>
    <h3>${spoken(puzzle.title, say)}</h3>${puzzle.story.map((part) => html`<p>${spoken(part, say)}</p>`)}
    ${puzzle.kind === "which" ? which(page, puzzle) : choices(page, puzzle)}
    ${puzzle.hints?.length ? html`<details><summary>${say("puzzle.hint")}</summary>${puzzle.hints.map((hint) => html`<p>${spoken(hint, say)}</p>`)}</details>` : ""}`;
}

const count = (bits) => [...bits].filter((bit) => bit === "1").length;

/** What the choices give; null where they are too many. */
export const tried = (puzzle, bits) => puzzle.tried[bits] ?? null;

function choices(page, puzzle) {
  const { state, say, act } = page, bits = state.chosen || "0".repeat(puzzle.choices.length);
  const flip = (k) => act.choose([...bits].map((bit, at) => (at === k ? String(1 - bit) : bit)).join(""));
  const found = tried(puzzle, bits);
  return html`<p class="goal">${spoken(puzzle.goal, say)} ${say("puzzle.goal", { n: puzzle.at_least })}</p>
    <fieldset class="choices"><legend>${say("puzzle.choose", { n: puzzle.choose })}</legend>${puzzle.choices.map((each, k) => html`<label class="switch"><input type="checkbox" .checked=${bits[k] === "1"} @change=${() => flip(k)}>
      <span>${spoken(each.name, say)} <em>${takes(each, say)}</em></span></label>`)}</fieldset>
    ${found ? result(page, puzzle, found) : html`<p class="over">${say("puzzle.too_much", { n: count(bits), most: puzzle.choose })}</p>`}`;
}

/** What a choice takes by itself, in hours a week. */
function takes({ peer_hours: peers, staff_hours: staff }, say) {
  const said = [...(peers >= LEAST ? [say("puzzle.peer_hours", { hours: peers })] : []), ...(staff >= LEAST ? [say("puzzle.staff_hours", { hours: staff })] : [])];
  return said.length ? said.join(", ") : say("puzzle.no_hours");
}

/** Whether the goal is reached, in a sentence. */
export const verdict = (puzzle, found, say) => say(found.share >= puzzle.at_least ? "puzzle.solved" : "puzzle.not_yet", { n: found.share });

function result({ say }, puzzle, found) {
  const solved = found.share >= puzzle.at_least;
  return html`<div class=${`result ${solved ? "solved" : ""}`}><p class="said">${verdict(puzzle, found, say)}</p>${years(found, puzzle, say)}
    <p class="quiet">${say("puzzle.years")}</p>${solved ? html`<p>${spoken(puzzle.explain, say)}</p>` : ""}</div>`;
}

const ACROSS = 20, ROOM = 15, LEAST = 0.05; // years in a row, their room; hours that are worth telling

/** A hundred years as squares: filled where the goal is reached, empty with a stroke where it is not. */
function years(found, puzzle, say) {
  const failed = new Set(found.failed), of = puzzle.out_of, height = Math.ceil(of / ACROSS) * ROOM;
  const one = (k) => { const x = (k % ACROSS) * ROOM, y = Math.floor(k / ACROSS) * ROOM;
    return failed.has(k + 1) ? svg`<path class="fails" d=${`M${x + 2} ${y + 2}h10v10h-10zM${x + 2} ${y + 12}l10 -10`}></path>` : svg`<rect class="holds" x=${x + 2} y=${y + 2} width="10" height="10"></rect>`; };
  return html`<svg class="hundred" width=${ACROSS * ROOM} height=${height} viewBox=${`0 0 ${ACROSS * ROOM} ${height}`} role="img" aria-label=${say("puzzle.dots", { n: found.share, of })}>
    ${Array.from({ length: of }, (_, k) => one(k))}</svg>`;
}

function which(page, puzzle) {
  const { state, say, act } = page;
  const answer = (key) => html`<button aria-pressed=${state.answer === key} @click=${() => act.answer(key)}>${key.toUpperCase()}</button>`;
  const isRight = state.answer === puzzle.answer;
  return html`<h3>${say("puzzle.take_away")}</h3>
    ${whoCouldStay(page)}
    <p>${say("puzzle.your_answer")} <span class="two">${answer("a")} ${answer("b")}</span></p>
    ${state.answer ? html`<div class=${`result ${isRight ? "solved" : ""}`}><p class="said">${say(isRight ? "puzzle.right" : "puzzle.wrong")}</p>
      ${isRight ? html`<p>${spoken(puzzle.explain, say)}</p><p>${say("puzzle.years_apart", { ...puzzle.share, others: puzzle.others })}</p>` : ""}</div>` : ""}`;
}
