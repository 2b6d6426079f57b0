// The classroom page as a whole: head, steps, banner, what a step asks, the stage, what stands below it.
import { html } from "lit-html";
import { course, table } from "./course.js";
import { explain } from "./explain.js";
import { gapCard, guess } from "./guess.js";
import { puzzles } from "./puzzles.js";
import { STEPS } from "./scenes.js";
import { banners, teacher, worksheet } from "./sheets.js";
import { person } from "../stage/person.js";
import { stage, whoMet } from "../stage/stage.js";
import { transport } from "../stage/transport.js";
import { tryout } from "./tryout.js";

const PANELS = { guess, see, explain, puzzles, try: tryout };
const PAPERS = { sheet: worksheet, teacher };

export function whole(page) {
  const { state, say, act } = page, paper = PAPERS[state.step];
  return html`<a class="skip" href="#content" @click=${act.skipTo}>${say("app.skip")}</a>${head(page)}
    ${paper ? "" : banners(page)}<p class="unseen" role="status">${state.said}</p>
    ${paper ? html`<div class="papers-view" id="content" tabindex="-1">${paper(page)}</div>` : html`<div class=${`split ${state.step}`} id="content" tabindex="-1">
      <section class="panel" aria-label=${say(`step.${state.step}`)}>${PANELS[state.step](page)}</section>
      <div class="show">${stage(page)}${transport(page)}${person(page)}${chart(page)}${whoMet(page)}<p class="quiet keys screen-only">${say("play.keys")}</p></div></div>`}
    <footer class="quiet">${say("app.not_prediction")}</footer>`;
}

function head({ state, lesson, say, act }) {
  const tongue = (language, name) => html`<button class="plain" lang=${language} aria-pressed=${state.language === language} @click=${() => act.speak(language)}>${name}</button>`;
  const view = (name, text) => html`<button class="plain" aria-pressed=${state.step === name} @click=${() => act.step(state.step === name ? state.before : name)}>${text}</button>`;
  return html`<header class="top"><p class="name">peersim</p><h1>${say(lesson.title.key, lesson.title.values)}</h1>
      <div class="languages" role="group" aria-label=${say("app.language")}>${tongue("da", "Dansk")}${tongue("en", "English")}</div></header>
    <nav class="steps" aria-label=${say("stage.steps")}><ol>${STEPS.map((name, k) => html`<li><button aria-current=${state.step === name ? "step" : "false"} @click=${() => act.step(name)}><span class="number">${k + 1}</span> <span class="word">${say(`step.${name}`)}</span></button></li>`)}</ol>
      <div class="papers">${view("sheet", say("teacher.sheet"))}${view("teacher", say("teacher.title"))}</div></nav>`;
}

function see(page) {
  const { state, say, act } = page, told = state.given || state.skipped;
  return html`<h2>${say("see.title")}</h2><p>${say("see.lines")}</p><p>${say("see.person")}</p>
    ${state.ended && told && !page.scene.year ? html`${gapCard(page)}<p><button class="main" @click=${() => act.step("explain")}>${say("see.onward")}</button></p>`
      : html`<p class="quiet">${told ? say(state.given ? "see.wait" : "see.grows") : say("see.not_guessed")}</p>${told ? "" : html`<p><button @click=${() => act.step("guess")}>${say("step.guess")}</button> <button @click=${act.skip}>${say("guess.skip")}</button></p>`}`}`;
}

/** The chart and the numbers wait for the guess, but for puzzles, whose worlds nobody has bet on; their goals are no courses. */
function chart(page) {
  const { state, say } = page;
  if (state.step === "guess" || !(state.given || state.skipped || state.step === "puzzles")) return html`<p class="waits quiet">${say("course.waits")}</p>`;
  return html`${state.step === "puzzles" ? "" : course(page)}${table(page)}`;
}
