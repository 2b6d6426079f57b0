// A file to send on: which three sliders it is to hold.
import { html, nothing } from "lit-html";

export const MOST = 3;
const PEERS = "population.supporters"; // moves both

/** Levers a file can hold: numbers of what B has, and how many peers there are. */
export function offered({ state, controls }) {
  const kinds = new Set([...state.b.communities, "beside"]); // they move B
  return [...controls.values()].filter(({ path, group, kind, level }) => (kinds.has(group) && level === "first" && ["whole", "number"].includes(kind)) || (path === PEERS && !state.people));
}

export function share(page) {
  const { sharing, say, act } = page, list = offered(page);
  const chosen = sharing.levers.filter((path) => list.some((control) => control.path === path));
  return html`<section class="sheet-view" aria-labelledby="share"><h2 id="share">${say("file.share")}</h2><p>${say("share.meant")}</p>
    <fieldset><legend>${say("share.which", { n: MOST })}</legend>${list.map((control) => html`<label class="check"><input type="checkbox" data-lever=${control.path} .checked=${chosen.includes(control.path)}
      ?disabled=${chosen.length >= MOST && !chosen.includes(control.path)} @change=${(event) => act.shareLever(control.path, event.target.checked)}> ${control.label}</label>`)}</fieldset>
    ${page.state.people ? html`<label class="check"><input type="checkbox" .checked=${sharing.agreed} @change=${(event) => act.shareAgree(event.target.checked)}> ${say("share.own_people")}</label>` : nothing}
    <p><button class="main" ?disabled=${sharing.working || (page.state.people && !sharing.agreed)} @click=${act.shareSave}>${say("share.make")}</button> ${sharing.working ? say("share.working") : nothing}</p></section>`;
}
