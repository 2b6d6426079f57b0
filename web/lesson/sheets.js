// What is printed: the worksheet, and the teacher's pages, each from its own button on pages of its own.
import { html } from "lit-html";
import { bands } from "../charts.js";
import { whole } from "./course.js";
import { gap, yearsGap } from "./guess.js";
import { spoken } from "../text.js";

/** A paper on the page: its heading, its button, the banner that goes with it, and what it holds. */
function paper(page, name, heading, inside) {
  const { lesson, say, act } = page;
  return html`<div class="paper" data-paper=${name}><p class="screen-only"><button @click=${() => act.print(name)}>${say("sheet.print", { what: heading })}</button></p>
    <p class="print-only paper-title">${spoken(lesson.title, say)} · ${heading}</p>${banners({ ...page, scene: {} })}${inside}</div>`;
}

/** A paper that folds; printing unfolds it. */
const folded = (page, name, heading, inside, open = false) =>
  html`<details class="fold" ?open=${open}><summary><h3>${heading}</h3></summary>${paper(page, name, heading, inside)}</details>`;

const OF_ANY_YEAR = ["play.exaggerated", "play.not_usual", "play.this_year"]; // all else says why this very year is shown

/** What must be said of the year that is shown, a puzzle's or the lesson's; nothing switches it off. */
export function banners({ lesson, scene: { puzzle, year }, say }) {
  const said = puzzle ? [...aboutPuzzle(puzzle), { key: "play.this_year" }] : lesson.banners.filter(({ key }) => !year || OF_ANY_YEAR.includes(key));
  const { exaggerated, chosen } = puzzle ?? lesson, isLoud = exaggerated || (!puzzle && !year && chosen && chosen.by !== "typical");
  return html`<p class=${isLoud ? "banner" : "banner calm"}>${said.map((each) => html`<span>${spoken(each, say)}</span> `)}</p>`;
}

/** A puzzle may be exaggerated in a lesson that is not, and has a year of its own. */
const aboutPuzzle = ({ exaggerated, chosen }) => [...(exaggerated ? [{ key: "play.exaggerated" }] : []), chosen];

const blank = (n) => html`<div class="blank">${Array.from({ length: n }, () => html`<hr>`)}</div>`;

/** Axes without lines, to draw on before the course is shown. */
function axes({ lesson, state, say }) {
  const nothing = Array.from({ length: lesson.weeks + 1 }, () => null);
  return html`<figure class="axes"><figcaption>${say(`course.columns.${lesson.asked.outcome}`)}</figcaption>
    ${bands({ years: { a: nothing }, top: lesson.asked.people, width: Math.min(640, state.width - 42), height: 260, label: say("sheet.axes"), write: whole, weekName: say("chart.week"), monthName: say("chart.month") })}</figure>`;
}

export function worksheet(page) {
  const { state, lesson, say, act } = page, { asked } = lesson, shown = state.given || state.skipped;
  const line = (label, value) => html`<tr><th scope="row">${label}</th><td>${value}</td></tr>`;
  return html`<h2 class="screen-only">${say("teacher.sheet")}</h2><p class="screen-only">${say("sheet.lead")}</p>${paper(page, "worksheet", say("teacher.sheet"), html`
    <p class="names">${say("sheet.names")} <span class="line"></span> ${say("sheet.date")} <span class="line short"></span></p>
    <h3>1. ${say("step.guess")}</h3><table class="answers"><tbody>
      ${line(spoken(asked.question, say), state.given ? state.guess : "")}${line(spoken(asked.years_question, say), state.given ? state.years : "")}
      ${line(say("sheet.found"), shown ? asked.found : "")}${line(say("sheet.range"), shown ? say("sheet.between", { low: asked.low, high: asked.high }) : "")}</tbody></table>
    <h3>${say("sheet.draw")}</h3><p>${say("sheet.draw_how")}</p>${axes(page)}
    <h3>2. ${say("step.see")}</h3><p>${shown ? html`${gap(page)} ${yearsGap(page)}` : say("sheet.gap")}</p>
    <p><b>${say("guess.why")}</b></p><p class="written">${state.why}</p>${blank(state.why ? 1 : 3)}
    <div class="next-page"><h3>3. ${say("step.explain")}</h3><p>${say("sheet.person")}</p>
    <table class="answers two"><thead><tr><th scope="col">${say("stage.week")}</th><th scope="col">A</th><th scope="col">B</th></tr></thead><tbody>${[1, 2, 3, 4, 5].map(() => html`<tr><td></td><td></td><td></td></tr>`)}</tbody></table>
    <p>${say("sheet.spreads")}</p>${blank(2)}
    ${lesson.puzzles.length ? html`<h3>4. ${say("step.puzzles")}</h3>` : ""}${lesson.puzzles.map((puzzle) => html`<p><b>${spoken(puzzle.title, say)}</b> ${say(puzzle.kind === "which" ? "sheet.which" : "sheet.puzzle")}
      ${puzzle.exaggerated ? html`<em>${aboutPuzzle(puzzle).map((each) => spoken(each, say)).join(" ")}</em>` : ""}</p>${blank(2)}`)}
    <h3>${lesson.puzzles.length ? 5 : 4}. ${say("sheet.last")}</h3><p>${say("teacher.q6")}</p>${blank(3)}</div>`)}
    <p class="screen-only"><button @click=${act.back}>${say("sheet.back")}</button></p>`;
}

export function teacher(page) {
  const { lesson, say, act } = page, { plan, roles, questions, assumptions, more } = lesson.teacher;
  let from = 0;
  const times = plan.map(([minutes]) => { from += minutes; return [from - minutes, from]; });
  return html`<h2 class="screen-only">${say("teacher.title")}</h2><p class="screen-only">${say("sheet.teacher_lead")}</p>
    ${folded(page, "plan", say("teacher.plan"), html`<table class="plan"><thead><tr><th scope="col">${say("sheet.minutes")}</th><th scope="col">${say("sheet.what")}</th></tr></thead>
      <tbody>${plan.map(([, what], k) => html`<tr><th scope="row">${times[k][0]}–${times[k][1]}</th><td>${spoken(what, say)}</td></tr>`)}</tbody></table>
      <h4>${say("sheet.can")}</h4><p>${say("app.not_prediction")} ${say("app.not_single")}</p>
      <h4>${say("sheet.assumptions")}</h4><ul>${assumptions.map((each) => html`<li>${spoken(each, say)}</li>`)}</ul>
      <h4>${say("sheet.further")}</h4><p>${spoken(more, say)}</p><p>${say("sheet.again")} <code>${lesson.command}</code></p>`, true)}
    ${folded(page, "roles", say("teacher.roles"), html`<div class="cards">${roles.map(({ title, goal }) => html`<article class="card"><h4>${spoken(title, say)}</h4><p>${spoken(goal, say)}</p></article>`)}</div>`)}
    ${folded(page, "debrief", say("teacher.debrief"), html`<ol class="debrief">${questions.map(({ ask }) => html`<li><b>${spoken(ask, say)}</b>${blank(2)}</li>`)}</ol>`)}
    ${folded(page, "answers", say("sheet.answers"), html`<ol class="debrief">${questions.map(({ ask, answer }) => html`<li><b>${spoken(ask, say)}</b><p>${spoken(answer, say)}</p></li>`)}</ol>
      ${lesson.puzzles.length ? html`<h4>${say("step.puzzles")}</h4>` : ""}<ul>${lesson.puzzles.map((puzzle) => html`<li><b>${spoken(puzzle.title, say)}</b> ${solution(puzzle, say)} ${spoken(puzzle.explain, say)}</li>`)}</ul>`)}
    <p class="screen-only"><button @click=${act.back}>${say("sheet.back")}</button></p>`;
}

function solution(puzzle, say) {
  if (puzzle.kind === "which") return say("sheet.solution_which", { world: puzzle.answer.toUpperCase() });
  return puzzle.solutions.map((bits) => say("sheet.solution", { what: puzzle.choices.filter((_, k) => bits[k] === "1").map(({ name }) => name), n: puzzle.tried[bits].share })).join(" ");
}
