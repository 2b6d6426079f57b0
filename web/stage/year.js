// One imagined year by itself: the stage and its transport, without the steps of a lesson. The designer's page
// and notebooks show it.
import { html, render } from "lit-html";
import { decoded } from "../recording.js";
import { texts } from "../text.js";
import { clock } from "./clock.js";
import { meaning } from "./keys.js";
import { looking } from "./looking.js";
import { person } from "./person.js";
import { pictures } from "./pictures.js";
import { scene as sceneOf } from "./scene.js";
import { stage, whoMet } from "./stage.js";
import { transport } from "./transport.js";

const fresh = (weeks) => ({
  step: "year", week: 0, playing: false, until: weeks, speed: "normal", person: null, hovered: null, around: null, world: null,
  without: null, arrows: false, listing: false,
});

/**
 * Show a recording. `titles` are sayings, of as many worlds as are shown; `name` says what the stage is; `above` is
 * put above it, the sentence `note` below it; `keys` is where keys are heard; `began` is the state to begin with, and
 * `changed` is told of each later one. What comes back has `destroy`: call it when the place is cleared.
 */
export function mountYear(root, raw, { words, language, titles, name, above = () => "", keys = document, note = null, began = {}, changed = () => {} }) {
  const recording = decoded(raw), worlds = recording.worlds.slice(0, titles.length), { paint, found, drawn } = pictures(root);
  const state = { ...fresh(recording.weeks), ...began };
  let speech = texts(words, language), scene = null;
  const picture = (mix) => { if (root.isConnected) paint(scene, state, mix); };
  const set = (changes) => { Object.assign(state, changes); update(); };
  const time = clock(state, { weeks: () => recording.weeks, update, paint: picture });
  const act = { set, ...time.act, ...looking(state, { set, scene: () => scene, found }),
    speak(language) { speech = texts(words, language); update(); } };

  function update() {
    const side = worlds.findIndex((world) => world.key === state.world);
    scene = sceneOf(recording, worlds, titles, { ...(name && { name }), ...(side >= 0 && { sides: [side] }) });
    const page = { state, scene, lesson: null, say: speech.say, has: speech.has, act };
    render(html`<div lang=${speech.language}>${above(page)}${stage(page)}${transport(page)}${person(page)}${whoMet(page)}<p class="quiet keys screen-only">${speech.say("play.keys")}</p>${note ? html`<p class="quiet">${speech.say(note)}</p>` : ""}</div>`, root);
    picture();
    changed(state);
  }
  function pressed(event) {
    const known = meaning(event);
    if (!known || !root.isConnected) return;
    event.preventDefault();
    event.stopPropagation(); // a notebook has keys of its own
    act[known[0]](...known.slice(1));
  }
  const watcher = new ResizeObserver(() => picture());
  watcher.observe(root);
  keys.addEventListener("keydown", pressed);
  update();
  return { state, act, drawn, destroy() { time.stop(); watcher.disconnect(); keys.removeEventListener("keydown", pressed); render(null, root); } };
}
