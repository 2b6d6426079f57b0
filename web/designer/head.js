// The head of the page, and what stands in its way: the engine that warms up, has stopped, is busy.
import { html, nothing } from "lit-html";

export function head(page) {
  const { language, view, undo, say, act } = page;
  const tongue = (key, name) => html`<button class="plain" lang=${key} aria-pressed=${language === key} @click=${() => act.speak(key)}>${name}</button>`;
  const button = (key, does, more = {}) => html`<button class="plain" ?disabled=${more.disabled ?? false} aria-pressed=${more.pressed ?? nothing} @click=${does}>${say(key)}</button>`;
  return html`<header class="top"><p class="name">peersim</p><h1>${say("app.what_if")} <span class="quiet">${say("app.title")}</span></h1>
    <div class="tools" role="group" aria-label=${say("file.tools")}>${button("form.undo", act.undo, { disabled: !undo.canUndo })}${button("form.redo", act.redo, { disabled: !undo.canRedo })}
      ${button("file.save", act.save)}<label class="button plain">${say("file.open")}<input class="unseen" type="file" accept=".yaml,.yml" @change=${(event) => act.open(event.target)}></label>
      ${button("file.share", () => act.view("share"), { pressed: view === "share" })}${button("file.soem_short", () => act.view("soem"), { pressed: view === "soem" })}${button("file.print", () => act.view("board"), { pressed: view === "board" })}</div>
    <div class="languages" role="group" aria-label=${say("app.language")}>${tongue("da", "Dansk")}${tongue("en", "English")}</div></header>`;
}

/** One bar at a time: what keeps the page from an answer, and what to do about it. */
export function bar({ engine, say }) {
  if (engine.state === "gone") return html`<p class="banner">${say("engine.stopped", { command: "peersim serve" })}</p>`;
  if (engine.state === "failed") return html`<p class="banner">${say("refused.engine_failed")}</p>`;
  if (engine.state === "token") return html`<p class="banner">${say("refused.token")}</p>`;
  if (engine.state === "loading") return html`<p class="banner calm">${say("engine.warming")} <b>${say("engine.seconds", { n: Math.round(engine.seconds) })}</b></p>`;
  return engine.state === "busy" ? html`<p class="banner calm">${say("engine.busy")}</p>` : nothing;
}

/** What went wrong with the last change, or what an address asked for in vain. */
export function notes({ error, remarks, isTooLong, act, say }) {
  return html`${isTooLong ? html`<p class="banner calm">${say("link.too_long")}</p>` : nothing}${error ? html`<p class="banner refused">${error}</p>` : nothing}
    ${remarks.length ? html`<div class="banner calm remarks"><ul class="plain">${remarks.map((text) => html`<li>${text}</li>`)}</ul><button class="small" @click=${act.noRemarks}>${say("app.seen")}</button></div>` : nothing}`;
}
