// A file to send on, as a page: what is compared, what comes out, and sliders that change it.
import { html, nothing } from "lit-html";
import { answer, finding } from "../designer/answer.js";
import { board, chosen, written } from "../designer/board.js";
import { described } from "../designer/designs.js";
import { details } from "../designer/details.js";
import { SIDES, valueOf } from "../designer/state.js";
import { forWhom, told } from "../designer/timeline.js";
import { sliders } from "./sliders.js";

const SAID_ALREADY = ["population.supporters", "population.asked", "population.recipients", "weeks"];

function head({ data, language, say, act }) {
  const tongue = (key, name) => html`<button class="plain" lang=${key} aria-pressed=${language === key} @click=${() => act.speak(key)}>${name}</button>`;
  return html`<header class="top"><p class="name">peersim</p><h1>${data.title || say("share.title")}</h1>
    <div class="tools"><button class="plain" @click=${act.print}>${say("file.print")}</button></div>
    <div class="languages" role="group" aria-label=${say("app.language")}>${tongue("da", "Dansk")}${tongue("en", "English")}</div></header>`;
}

function banners({ data, notes, say, act }) {
  return html`${data.exaggerated ? html`<p class="banner">${say("play.exaggerated")}</p>` : nothing}
    ${notes.length ? html`<div class="banner calm remarks"><ul class="plain">${notes.map((text) => html`<li>${text}</li>`)}</ul><button class="small" @click=${act.noNotes}>${say("app.seen")}</button></div>` : nothing}`;
}

/** Who it is about, in sentences: how many are invited, how many peers, for how long, what happens. */
function who(page) {
  const { state, controls, line, say, number } = page, of = (path) => valueOf(state, "both", controls.get(path));
  const peers = of("population.supporters"), asked = of("population.asked");
  const others = Object.entries(state.both).filter(([path]) => controls.has(path) && !SAID_ALREADY.includes(path));
  return [say(state.people ? "board.own_people" : "board.people", { n: line.invited, weeks: line.weeks }),
    ...(state.people ? [say("share.in_thirds")] : []), ...(peers ? [`${say("form.peers", { n: peers })}.`] : []), ...(asked ? [`${say("form.to_be_trained", { n: asked })}.`] : []),
    ...others.map(([path, value]) => `${say("board.changed", { label: controls.get(path).label, value: written(controls.get(path), value, number) })}.`),
    ...state.events.map((event) => say("board.happens", { what: told(event, page), whom: forWhom(event, say) }))];
}

function question(page) {
  const { say } = page;
  return html`<section class="question" aria-labelledby="question"><h2 id="question">${say("share.question")}</h2>
    <div class="pair">${SIDES.map((side) => html`<div class=${`design ${side}`}><p><span class="letter">${side.toUpperCase()}</span> <b>${described(page, side)}.</b> ${chosen(page, side)}</p></div>`)}</div>
    <p>${who(page).join(" ")}</p></section>`;
}

function verdict(page) {
  const { about, head: sentence, more, done } = finding(page), { say, state } = page;
  return html`<section class="verdict" aria-labelledby="finding"><p class="about">${about}</p><h2 id="finding">${sentence}</h2><p class="more">${more.join(" ")}</p>
    <p class="how quiet"><span class="done">${done}</span> <span class="plan">${say(state.parameters === "plausible" ? "verdict.plausible" : "verdict.usual_meant")}</span></p></section>`;
}

/** What is looked into as the sliders stood at first, and not for each place of theirs. */
const absent = ({ say, act }) => html`<p class="banner calm">${say("share.rests_on_first")} <button class="small" @click=${act.back}>${say("share.back")}</button></p>`;

function year({ data, isSeen, say, act }) {
  if (!data.recording) return nothing;
  const { chosen: why } = data.recording;
  return html`<section class="seen-year" aria-labelledby="year"><h2 id="year">${say("year.title")}</h2>
    <p>${say("play.this_year")} ${why ? say("play.typical", { n: why.as_long_or_longer, of: why.of }) : nothing} ${say("share.year_first")}</p>
    <p class="screen-only"><button class="main" aria-expanded=${isSeen ? "true" : "false"} aria-controls="player" @click=${act.seeYear}>${say(isSeen ? "share.hide_year" : "year.see")}</button></p>
    <div id="player"></div></section>`;
}

export function whole(page) {
  const { say, said, act } = page;
  return html`<a class="skip" href="#finding" @click=${act.skip}>${say("app.skip")}</a>${head(page)}${banners(page)}
    <p class="unseen" role="status">${said}</p>${question(page)}
    <div class="answered">${verdict(page)}<div class="work"><div>${sliders(page)}</div><div class="result">${answer(page)}${details({ ...page, absent: absent(page) })}</div></div></div>${year(page)}
    <div class="print-only">${board({ ...page, about: [...(page.data.exaggerated ? [say("play.exaggerated")] : []), ...who(page)] })}</div>
    <footer class="quiet screen-only"><p>${say("app.not_prediction")} ${say("app.not_single")}</p><p>${made(page)}</p></footer>`;
}

const made = ({ data, date, language, say }) => say("board.made", { version: data.made.peersim, date: new Intl.DateTimeFormat(language, { dateStyle: "long" }).format(date), years: data.made.years });
