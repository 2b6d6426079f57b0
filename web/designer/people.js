// The user's own list: read by the server on this machine, codes in the place of names.
import { html, nothing } from "lit-html";

export function ownPeople({ state, own, say, act }) {
  const choose = html`<label class="button">${say("own.choose")}<input class="unseen" type="file" accept=".csv,.txt,.xlsx,text/csv" @change=${(event) => act.ownList(event.target)}></label>`;
  if (!state.people) {
    return html`<details class="own" .open=${own.wanted}><summary>${say("own.title")}</summary>${own.wanted ? html`<p class="banner calm">${say("own.again")}</p>` : nothing}
      <p class="quiet">${say("own.stays")} ${say("own.columns")}</p>${choose}${own.error ? html`<p class="refused">${own.error}</p>` : nothing}</details>`;
  }
  const { counts, left_out: unused } = own.found;
  return html`<div class="own in-use"><p><b>${say("own.read", counts)}</b></p>${unused.length ? html`<p class="quiet">${say("own.left_out", { columns: unused.join(", ") })}</p>` : nothing}
    <button class="small" @click=${act.keyOfCodes}>${say("own.key")}</button> <button class="small" @click=${act.forget}>${say("own.forget")}</button>
    <p class="quiet">${say("own.stays")}</p></div>`;
}
