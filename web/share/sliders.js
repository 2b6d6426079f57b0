// The sliders of a file to send on: each jumps between the values that were run, which stand beneath it.
import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";

/** A value as it is read. */
export function worded(control, value, { say, number }) {
  if (typeof value === "boolean") return say(value ? "share.yes" : "share.no");
  return control?.options?.find((option) => option.value === value)?.label ?? (typeof value === "number" ? number(value) : String(value));
}

function slider({ lever, k, control, page }) {
  const { places, say, act } = page, texts = lever.values.map((value) => worded(control, value, page)), whom = say(lever.both ? "event.on.both" : "event.on.one", { name: "B" });
  return html`<div class="lever"><label><span class="what">${control.label} <span class="quiet">${whom}</span></span> <b class="value">${texts[places[k]]}</b>
    <input type="range" data-path=${lever.path} min="0" max=${texts.length - 1} step="1" .value=${live(String(places[k]))} aria-valuetext=${texts[places[k]]}
      @input=${(event) => act.move(k, Number(event.target.value))}></label>
    <div class="values" aria-hidden="true">${texts.map((text, place) => html`<button class="small" tabindex="-1" @click=${() => act.move(k, place)}>${text}</button>`)}</div></div>`;
}

/** Words have no order, so that they are chosen and not slid. */
function choice({ lever, k, control, page }) {
  const { places, say, act } = page;
  return html`<fieldset class="lever"><legend><span class="what">${control.label} <span class="quiet">${say(lever.both ? "event.on.both" : "event.on.one", { name: "B" })}</span></span></legend>
    ${lever.values.map((value, place) => html`<label class="check"><input type="radio" name=${lever.path} .checked=${live(places[k] === place)} @change=${() => act.move(k, place)}> ${worded(control, value, page)}</label>`)}</fieldset>`;
}

export function sliders(page) {
  const { data, controls, say, act, moved } = page;
  return html`<section class="sliders" aria-labelledby="sliders"><h2 id="sliders">${say("share.move")}</h2>
    ${data.levers.map((lever, k) => (typeof lever.values[0] === "number" ? slider : choice)({ lever, k, control: controls.get(lever.path), page }))}
    <p class="quiet">${say("file.snap")}</p>
    ${moved ? html`<button class="small" @click=${act.back}>${say("share.back")}</button>` : nothing}</section>`;
}
