// The player in a notebook: a recording as it is. Week, person and world are traits of its model, which either
// side may set.
import { html } from "lit-html";
import { unpacked } from "../recording.js";
import { rowOf } from "../stage/people.js";
import { title } from "../stage/stage.js";
import { mountYear } from "../stage/year.js";
import { spoken } from "../text.js";

const TRAITS = ["week", "person", "world"];

export async function mountRecorded(root, model, does) {
  let isGone = false;
  does.undo(() => { isGone = true; });
  const recording = await unpacked(model.get("_recording"));
  if (!isGone) player(root, model, does, recording);
}

function player(root, model, does, recording) {
  const { people, worlds } = recording, titles = worlds.map((world) => world.title ?? world.key);
  const name = { key: "widget.title", values: { names: titles } };
  const asked = () => ({ week: model.get("week"), person: rowOf(people, model.get("person")), world: model.get("world") });
  const year = mountYear(root, recording, { words: model.get("_words"), language: model.get("language"), titles, name, above: (page) => above(page, name),
    keys: root, note: "app.not_prediction", began: asked(), changed: tell });

  /** What the player has changed is told. */
  function tell(state) {
    const now = { week: state.week, person: state.person === null ? null : people[state.person].id, world: state.world };
    const changed = TRAITS.filter((trait) => model.get(trait) !== now[trait]);
    for (const trait of changed) model.set(trait, now[trait]);
    if (changed.length) model.save_changes();
  }
  /** What the other side has changed is shown; another week ends the playing. */
  function told() {
    const next = asked(), changed = TRAITS.filter((trait) => next[trait] !== year.state[trait]);
    if (changed.length) year.act.set({ ...next, ...(changed.includes("person") && { around: next.person }), ...(changed.includes("week") && { playing: false }) });
  }
  for (const trait of TRAITS) does.hear(trait, told);
  does.hear("language", () => year.act.speak(model.get("language")));
  does.undo(year.destroy);
}

/** What it is, for those who hear it; and which world is shown: each beside the others, or one alone. */
function above({ state, scene, say, act }, name) {
  const chosen = (event) => act.set({ world: event.target.value === "" ? null : scene.worlds[Number(event.target.value)].key });
  return html`<h2 class="unseen">${spoken(name, say)}</h2>${scene.worlds.length < 2 ? "" : html`<label class="which-world">${say("widget.world")} <select @change=${chosen}>
    <option value="" .selected=${state.world === null}>${say("widget.all_worlds")}</option>${scene.worlds.map((world, side) =>
      html`<option value=${side} .selected=${state.world === world.key}>${title(scene, side, say)}</option>`)}</select></label>`}`;
}
