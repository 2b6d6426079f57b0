// A file to send on at work: where its sliders stand, and what changes that. All else is drawn from it.
import { render } from "lit-html";
import { finding, shownOutcome } from "../designer/answer.js";
import { titled } from "../designer/designs.js";
import { PANELS } from "../designer/details.js";
import { fit } from "../designer/paper.js";
import { OUTCOMES } from "../designer/verdicts.js";
import { mountYear } from "../stage/year.js";
import { texts } from "../text.js";
import { read, written } from "./address.js";
import { whole } from "./page.js";
import { atFirst, isMoved, lineAt, stateAt, toldAt } from "./reading.js";

const TABS = Object.keys(PANELS), WAIT = 300;

export const versions = (data) => [data.version, ...(data.recording ? [data.recording.version] : [])];

export function mountShare(root, data, words, language) {
  const it = { data, language, places: atFirst(data), outcome: "isolated", tab: TABS[0], notes: [], said: "", isSeen: false, width: 640 };
  let speech = texts(words, language), player = null, timer = 0, heard = "";
  const say = (...all) => speech.say(...all), known = { languages: Object.keys(words), outcomes: OUTCOMES, tabs: TABS };

  function page() {
    const controls = new Map(data.controls[it.language].map((control) => [control.path, control])), line = lineAt(data, it.places), outcome = shownOutcome(line, it.outcome);
    return { ...it, outcome, line, controls, state: stateAt(data, it.places, controls), told: toldAt(data, it.places, outcome), moved: isMoved(data, it.places),
      speech, say, has: speech.has, number: speech.number, act, version: data.made.peersim, date: new Date(`${data.made.date}T12:00`) };
  }
  function update() {
    render(whole(page()), root);
    const width = root.querySelector(".result").clientWidth;
    if (width && Math.abs(width - it.width) > 1) { it.width = width; render(whole(page()), root); }
  }
  /** The verdict is read aloud where it says something else. */
  function tell() {
    const { head, more } = finding(page()), text = [head, ...more].join(" ");
    if (text !== heard) it.said = heard = text;
  }
  function set(changes) {
    Object.assign(it, changes);
    tell();
    update();
    clearTimeout(timer);
    timer = setTimeout(keep, WAIT);
  }
  const keep = () => { try { history.replaceState(null, "", written(it, data)); } catch { /* in a frame of another page it has no address of its own */ } };

  function showYear() {
    player?.destroy();
    const place = root.querySelector("#player");
    if (!it.isSeen) return place.replaceChildren();
    const first = page(), shown = { ...first, state: stateAt(data, atFirst(data), first.controls) };
    const titles = ["a", "b"].map((side) => titled(shown, side));
    player = mountYear(place, data.recording, { words, language: it.language, titles });
  }
  const act = {
    move: (k, place) => set({ places: it.places.map((each, at) => (at === k ? place : each)) }),
    back: () => set({ places: atFirst(data) }),
    showOutcome: (outcome) => set({ outcome }),
    tab(tab, focus = false) { set({ tab }); if (focus) document.getElementById(`tab-${tab}`).focus(); },
    speak(next) {
      speech = texts(words, next);
      document.documentElement.lang = next;
      set({ language: next, notes: [] });
      if (it.isSeen) showYear();
    },
    seeYear() { set({ isSeen: !it.isSeen }); showYear(); },
    noNotes: () => set({ notes: [] }),
    skip(event) { event.preventDefault(); root.querySelector(".sliders input")?.focus(); },
    print: () => print(),
  };
  /** Go where an address leads; what it asks for in vain is said. */
  function arrive() {
    const { notes, ...found } = read(location.hash, data, known);
    if (found.language && found.language !== it.language) act.speak(found.language);
    const { controls } = page(), label = (k) => controls.get(data.levers[k].path).label;
    Object.assign(it, found, { notes: notes.map(({ what, lever, place }) => (what === undefined ? say("share.not_run", { label: label(lever), value: data.levers[lever].values[place] }) : say("link.unknown", { what }))) });
    update();
  }
  addEventListener("resize", update);
  addEventListener("beforeprint", () => fit(root));
  addEventListener("hashchange", arrive);
  document.documentElement.lang = it.language;
  arrive();
  heard = finding(page()).head;
  return Object.assign(it, { act });
}
