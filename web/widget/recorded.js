// The player in a notebook: a recording as it is, without a lesson around it. Week, person and world are
// traits of its model, which either side may set.
import { html, render } from "lit-html";
import { clock } from "../clock.js";
import { person } from "../explain.js";
import { meaning } from "../keys.js";
import { looking } from "../looking.js";
import { rowOf } from "../people.js";
import { pictures } from "../pictures.js";
import { decoded, unpacked } from "../recording.js";
import { scene as sceneOf } from "../scene.js";
import { stage, title, whoMet } from "../stage.js";
import { texts } from "../text.js";
import { transport } from "../transport.js";

const fresh = (weeks) => ({
  step: "widget", week: 0, playing: false, until: weeks, speed: "normal", person: null, hovered: null, around: null,
  world: null, without: null, arrows: false, listing: false,
});

export async function mountRecorded(root, model, does) {
  let isGone = false;
  does.undo(() => { isGone = true; });
  const recording = decoded(await unpacked(model.get("_recording")));
  if (!isGone) player(root, model, does, recording);
}

function player(root, model, does, recording) {
  const { people, weeks, worlds } = recording, state = fresh(weeks), { paint, found } = pictures(root);
  const titles = worlds.map((world) => world.title ?? world.key);
  let speech = texts(model.get("_words"), model.get("language")), scene = null;

  function update() {
    const side = worlds.findIndex((world) => world.key === state.world);
    scene = sceneOf(recording, worlds, titles, { name: "widget.title", ...(side >= 0 && { sides: [side] }) });
    const page = { state, scene, lesson: null, say: speech.say, has: speech.has, act };
    render(html`<div lang=${speech.language}>${worlds.length > 1 ? choice(page) : ""}${stage(page)}${transport(page)}${person(page)}${whoMet(page)}
      <p class="quiet">${speech.say("app.not_prediction")}</p></div>`, root);
    picture();
    tell();
  }
  const picture = (mix) => { if (root.isConnected) paint(scene, state, mix); };

  // -- traits ---------------------------------------------------------------------------------------
  function tell() {
    const now = { week: state.week, person: state.person === null ? null : people[state.person].id, world: state.world };
    const changed = Object.keys(now).filter((name) => model.get(name) !== now[name]);
    for (const name of changed) model.set(name, now[name]);
    if (changed.length) model.save_changes();
  }
  const heard = () => ({ week: model.get("week"), person: rowOf(people, model.get("person")), world: model.get("world") });
  function told() {
    const asked = heard();
    const changed = Object.keys(asked).filter((name) => asked[name] !== state[name]);
    if (!changed.length) return;
    if (asked.person !== state.person) state.around = asked.person;
    Object.assign(state, asked, changed.includes("week") && { playing: false });
    update();
  }

  // -- what can be done -----------------------------------------------------------------------------
  const set = (changes) => { Object.assign(state, changes); update(); };
  const time = clock(state, { weeks: () => weeks, update, paint: picture });
  const act = { set, ...time.act, ...looking(state, { set, scene: () => scene, found }) };
  function pressed(event) {
    const known = meaning(event);
    if (!known) return;
    event.preventDefault();
    event.stopPropagation(); // a notebook has keys of its own
    act[known[0]](...known.slice(1));
  }

  for (const name of ["week", "person", "world"]) does.hear(name, told);
  does.hear("language", () => { speech = texts(model.get("_words"), model.get("language")); update(); });
  does.listen(root, "keydown", pressed);
  does.resized(() => picture());
  does.undo(() => { time.stop(); render(null, root); });
  Object.assign(state, heard());
  update();
}

/** Which world is shown: each beside the others, or one alone. */
function choice({ state, scene, say, act }) {
  const chosen = (event) => act.set({ world: event.target.value === "" ? null : scene.recording.worlds[Number(event.target.value)].key });
  return html`<label class="which-world">${say("widget.world")} <select @change=${chosen}>
    <option value="" .selected=${state.world === null}>${say("widget.all_worlds")}</option>${scene.worlds.map((world, side) =>
      html`<option value=${side} .selected=${state.world === world.key}>${title(scene, side, say)}</option>`)}</select></label>`;
}
