// One imagined year of A and B, as the player shows it.
import { html } from "lit-html";

export function year({ seen, say }) {
  return html`<section class="sheet-view" aria-label=${say("year.see")}><p class="quiet">${say("play.this_year")}</p>
    ${seen ? html`<div id="player"></div>` : html`<p class="quiet">${say("verdict.working")}</p>`}</section>`;
}
