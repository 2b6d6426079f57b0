// One transport for both worlds.
import { html } from "lit-html";

const SHAPES = { first: "M3 2h2v12H3zM14 2v12L6 8z", back: "M11 2v12L4 8z", on: "M5 2v12l7-6z", last: "M11 2h2v12h-2zM2 2v12l8-6z",
  play: "M4 1.5v13l10-6.5z", pause: "M3 2h4v12H3zM9 2h4v12H9z" };
export const SPEEDS = { slow: 1, normal: 3, fast: 8 }; // weeks a second

export const icon = (name) => html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d=${SHAPES[name]}></path></svg>`;

export function transport({ state, scene, say, act }) {
  const { weeks } = scene.recording, month = Math.floor(Math.max(0, state.week - 1) / (52 / 12)) + 1;
  const button = (name, change) => html`<button class="plain" aria-label=${say(`play.${name}`)} title=${say(`play.${name}`)} @click=${change}>${icon(name)}</button>`;
  const now = say("play.week", { week: state.week, weeks });
  return html`<section class="transport" aria-label=${say("stage.transport")}>
    <div class="buttons">${button("first", act.first)}${button("back", () => act.by(-1))}
      <button class="main play" @click=${act.toggle}>${icon(state.playing ? "pause" : "play")} ${say(state.playing ? "play.pause" : "play.play")}</button>
      ${button("on", () => act.by(1))}${button("last", act.last)}</div>
    <label class="scrub"><span class="unseen">${say("stage.week")}</span><input type="range" min="0" max=${weeks} .value=${String(state.week)}
      aria-valuetext=${now} @input=${(event) => act.go(Number(event.target.value))}></label>
    <p class="now"><b>${now}</b> <span class="quiet">${say("stage.month", { month })}</span></p>
    <fieldset class="speeds"><legend class="unseen">${say("play.speed")}</legend>${Object.keys(SPEEDS).map((speed) => html`<label>
      <input type="radio" name="speed" value=${speed} .checked=${state.speed === speed} @change=${() => act.set({ speed })}><span>${say(`play.${speed}`)}</span></label>`)}</fieldset>
  </section>`;
}
