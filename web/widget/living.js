// The network of a model that is still being lived: each step sends how everybody stands now, and who met.
import { html, render } from "lit-html";
import { fade } from "../stage/clock.js";
import { looking } from "../stage/looking.js";
import { rowOf } from "../stage/people.js";
import { pictures } from "../stage/pictures.js";
import { bytes, placed } from "../recording.js";
import { scene as sceneOf } from "../stage/scene.js";
import { stage, whoMet } from "../stage/stage.js";
import { texts } from "../text.js";

/** A week, read. */
function read(now) {
  const [standing, connected, isolated] = [now.standing, now.connected, now.isolated].map(bytes);
  const ties = now.ties.map(([i, j, digit]) => ({ i, j, digit }));
  return { ...now, standing, connected, isolated, ties, at: placed(now.at) };
}

/** This week and the one before as a world that can be drawn. */
function worldOf(now, before, used) {
  const of = (week) => (week < now.week ? before : now);
  return {
    used, departures: now.departures,
    standing: (week, person) => of(week).standing[person],
    connected: (week, person) => of(week).connected[person],
    isolated: (week, person) => of(week).isolated[person],
    living: (week) => of(week).ties,
  };
}

export function mountLiving(root, model, does) {
  const state = { step: "widget", week: 0, person: null, hovered: null, around: null, without: null, arrows: false, listing: false };
  const { paint, found } = pictures(root);
  let scene = null, now = null, at = null, halt = () => {};

  function begin() {
    now = null;
    state.person = asked();
    step();
  }
  /** What has begun anew is shown as it stands; else all move from where they stood. */
  function step() {
    const people = model.get("_people"), next = read(model.get("_now")), isNew = !now || next.week <= now.week || people.length !== at.length;
    const before = isNew || next.week > now.week + 1 ? next : now, from = isNew ? null : at;
    at = next.at;
    now = next;
    state.week = now.week;
    const world = worldOf(now, before, model.get("_used")), recording = { people, names: model.get("_names"), weeks: now.week };
    scene = sceneOf(recording, [world], [{ key: "play.week", values: { week: now.week, weeks: model.get("_weeks") } }], { name: { key: "widget.model" } });
    move(from, at);
  }
  function move(from, to) {
    halt();
    const between = (part) => (from && part < 1 ? to.map(([x, y], k) => [from[k][0] + part * (x - from[k][0]), from[k][1] + part * (y - from[k][1])]) : to);
    scene.at = between(0);
    update();
    halt = fade((part) => {
      scene.at = between(part);
      picture(part);
    });
  }
  const picture = (mix) => { if (root.isConnected) paint(scene, state, mix); };
  function update() {
    const { say, has, language } = texts(model.get("_words"), model.get("language")), page = { state, scene, lesson: null, say, has, act };
    render(html`<div lang=${language}><h2 class="unseen">${say("widget.model")}</h2>${stage(page)}${whoMet(page)}</div>`, root);
    picture();
    const who = state.person === null ? null : scene.recording.people[state.person].id;
    if (model.get("person") === who) return;
    model.set("person", who);
    model.save_changes();
  }
  const asked = () => rowOf(model.get("_people"), model.get("person"));
  const set = (changes) => { Object.assign(state, changes); update(); };
  const act = { set, ...looking(state, { set, scene: () => scene, found }) };

  does.hear("_now", step);
  does.hear("_people", begin);
  does.hear("language", update);
  does.hear("person", () => { if (asked() !== state.person) act.pin(asked()); });
  does.resized(() => picture());
  does.undo(() => { halt(); render(null, root); });
  begin();
}
