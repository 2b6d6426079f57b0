// One imagined year of A and B, as the player shows it; its script is fetched when it is first asked for.
import { html } from "lit-html";
import { madeOf } from "./designs.js";

const SCRIPT = "/year.js";

export function year({ seen, say }) {
  return html`<section class="sheet-view" aria-labelledby="year"><h2 id="year">${say("year.title")}</h2><p class="quiet">${say("play.this_year")}</p>
    ${seen ? html`<div id="player"></div>` : html`<p class="quiet">${say("verdict.working")}</p>`}</section>`;
}

function fetched() {
  return window.peersimYear ? Promise.resolve() : new Promise((done, failed) => {
    document.head.append(Object.assign(document.createElement("script"), { src: SCRIPT, onload: done, onerror: failed }));
  });
}

/** Show the year in its place, anew in another language; what was shown there before is cleared. */
export async function showYear(it) {
  await fetched();
  const place = document.getElementById("player");
  if (!place || place.dataset.shown === it.language) return;
  place.dataset.shown = it.language;
  const titles = ["a", "b"].map((side) => ({ key: "world.mix", values: { letter: side.toUpperCase(), what: madeOf(it.state, side, it.controls) } }));
  it.player?.destroy();
  it.player = window.peersimYear(place, it.seen, { words: it.words, language: it.language, titles });
}
