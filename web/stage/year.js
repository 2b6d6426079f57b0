// One imagined year of two designs, by itself: the stage and its transport, without the steps of a lesson.
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

/** `titles` are sayings: {key, values}. What comes back has `destroy`: call it when the place is cleared. */
export function mountYear(root, raw, { words, language, titles }) {
  const recording = decoded(raw), { say, has } = texts(words, language), { paint, found, drawn } = pictures(root);
  const scene = sceneOf(recording, recording.worlds.slice(0, 2), titles);
  const state = { step: "year", week: 0, playing: false, until: recording.weeks, speed: "normal", person: null, hovered: null, around: null, without: null, arrows: false, listing: false };
  const picture = (mix) => { if (root.isConnected) paint(scene, state, mix); };
  const set = (changes) => { Object.assign(state, changes); update(); };
  const time = clock(state, { weeks: () => recording.weeks, update, paint: picture });
  const act = { set, ...time.act, ...looking(state, { set, scene: () => scene, found }) };

  function update() {
    const page = { state, scene, lesson: null, say, has, act };
    render(html`${stage(page)}${transport(page)}${person(page)}${whoMet(page)}<p class="quiet keys screen-only">${say("play.keys")}</p>`, root);
    picture();
  }
  function pressed(event) {
    const known = meaning(event);
    if (!known || !root.isConnected) return;
    event.preventDefault();
    act[known[0]](...known.slice(1));
  }
  const resized = () => picture();
  document.addEventListener("keydown", pressed);
  window.addEventListener("resize", resized);
  update();
  return { state, act, drawn, destroy() { time.stop(); document.removeEventListener("keydown", pressed); window.removeEventListener("resize", resized); } };
}
