// The designer's page as a whole: the verdict first, what is chosen, what comes out.
import { html, nothing } from "lit-html";
import { answer, finding } from "./answer.js";
import { assumptions } from "./assumptions.js";
import { board } from "./board.js";
import { designs } from "./designs.js";
import { details } from "./details.js";
import { who } from "./form.js";
import { bar, head, notes } from "./head.js";
import { LIVE_PANELS } from "./live_details.js";
import { share } from "./share.js";
import { soem } from "./soem.js";
import { MOST_PAIRS } from "./state.js";
import { timeline } from "./timeline.js";
import { year } from "./year.js";

function verdict(page) {
  const { line, state, say, act, working } = page;
  if (!line) return html`<section class="verdict waits" aria-label=${say("outcomes.answer")}><h2>${page.error ? nothing : say("verdict.working")}</h2></section>`;
  const { about, head: sentence, more, done } = finding(page), isLast = line.pairs >= MOST_PAIRS;
  return html`<section class=${`verdict ${working ? "working" : ""}`} aria-labelledby="finding"><p class="about">${about}</p><h2 id="finding">${sentence}</h2>
    <p class="more">${more.join(" ")}</p>
    <p class="how quiet"><span class="done">${done}</span> <progress max=${line.of} value=${line.pairs} aria-label=${done}></progress>
      ${isLast || working ? nothing : html`<button class="small" @click=${() => act.plan({ pairs: Math.min(MOST_PAIRS, state.pairs * 2) })}>${say("verdict.more_years")}</button>`}
      <span class="plan">${say(state.parameters === "plausible" ? "verdict.plausible" : "verdict.usual_meant")}</span></p></section>`;
}

function form(page) {
  return html`<form id="form" aria-label=${page.say("form.compare")} @submit=${(event) => event.preventDefault()}>${who(page)}${designs(page)}${timeline(page)}${assumptions(page)}</form>`;
}

function result(page) {
  if (!page.line) return html`<div class="result"></div>`;
  return html`<div class="result">${answer(page)}<p><button @click=${page.act.seeYear}>${page.say("year.see")}</button></p>${details(page, LIVE_PANELS)}</div>`;
}

function paper(page) {
  const { state, say, act: does } = page;
  return html`<section class="sheet-view" aria-labelledby="board"><h2 id="board" class="screen-only">${say("file.board")}</h2>
    <div class="fields screen-only"><label><span>${say("board.title")}</span> <input type="text" class="title" maxlength="80" .value=${state.title} @change=${(event) => does.plan({ title: event.target.value })}></label>
    <button class="main" @click=${does.print}>${say("file.print")}</button></div></section>`;
}

const VIEWS = { share, soem, board: paper, year };

export function whole(page) {
  const { view, say, said, act: does } = page, beside = VIEWS[view];
  return html`<a class="skip" href="#content" @click=${does.skip}>${say("app.skip")}</a>${head(page)}${bar(page)}${notes(page)}
    <p class="unseen" role="status">${said}</p>
    ${beside ? html`<p class="back screen-only"><button @click=${() => does.view("")}>${say("app.back")}</button></p><div id="content" tabindex="-1">${beside(page)}</div>` : html`${verdict(page)}<div class="work" id="content" tabindex="-1">${form(page)}${result(page)}</div>`}
    <div class=${view === "board" ? "paper" : "print-only"}>${board(page)}</div>
    <footer class="quiet screen-only">${say("app.not_prediction")} ${say("app.not_single")}</footer>`;
}
