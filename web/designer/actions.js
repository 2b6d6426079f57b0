// What can be done on the page: each changes the state, or asks for something.
import { fromDesigns, fromProject, start, withCommunity, withSetting } from "./state.js";
import { keep, text } from "./files.js";
import { bodyOf } from "./question.js";
import { asCsv, asTabs } from "./soem.js";

export function actions(it, place) {
  const change = (changes, control) => it.change({ ...it.state, ...changes }, control);
  const look = (changes) => { Object.assign(it, changes); it.update(); };
  const took = (state) => { if (state) { it.state = { ...JSON.parse(state), people: it.own.found?.handle ?? null }; it.settle(); } };
  const events = (list) => change({ events: list }, "");
  /** Ask for something that a person has asked for by a button; what goes wrong is said. */
  async function asked(work) {
    try { await work(); } catch (problem) {
      if (!problem.error) throw problem;
      look({ error: it.saidOf(problem.error), said: it.saidOf(problem.error) });
    }
  }
  it.saidOf = (error) => {
    const control = it.controls.get((error.path ?? "").replace(/^[ab]\./, ""));
    if (error.code === "out_of_bounds" && control && error.low !== undefined) return it.say("error.bounds", { label: control.label, low: error.low, high: error.high });
    if (error.code === "gone") return it.say("engine.stopped", { command: "peersim serve" });
    return error.message ?? it.say("error.unexpected", { number: error.number ?? 0 });
  };
  const act = {
    // -- designs ------------------------------------------------------------------------------------
    set: (side, control, value) => it.change(withSetting(it.state, side, control, value), `${side}.${control.path}`),
    setBoth(changes, control) {
      const state = Object.entries(changes).reduce((found, [path, value]) => withSetting(found, "both", it.controls.get(path), value), it.state);
      it.change(state, control);
    },
    community(side, kind, on) {
      const state = withCommunity(it.state, side, kind, on);
      if (state) it.change(state);
      else look({ error: it.say("error.none_chosen", { name: side.toUpperCase() }), said: it.say("error.none_chosen", { name: side.toUpperCase() }) });
    },
    alike: (from, to) => change({ [to]: it.state[from] }),
    project: (settings) => it.change({ ...fromProject(settings, it.controls), people: it.state.people, title: it.state.title }),
    again: () => it.change({ ...start(), people: it.state.people }),
    plan: (changes) => change(changes),
    usualAssumptions: () => change({ both: Object.fromEntries(Object.entries(it.state.both).filter(([path]) => it.controls.get(path)?.level !== "assumption")) }),
    // -- events -------------------------------------------------------------------------------------
    draft: (changes) => look({ draft: { ...it.draft, ...changes } }),
    addEvent: (event) => events([...it.state.events, event].sort((one, other) => one.week - other.week)),
    moveEvent: (index, week) => { if (it.state.events[index].week !== week) change({ events: it.state.events.map((event, k) => (k === index ? { ...event, week } : event)) }, `event.${index}`); },
    removeEvent: (index) => events(it.state.events.filter((_, k) => k !== index)),
    // -- taking back, looking -----------------------------------------------------------------------
    undo: () => took(it.undo.undo()), redo: () => took(it.undo.redo()),
    lookInto: (group, isOpen) => act.look({ groups: [...it.looking.groups.filter((each) => each !== group), ...(isOpen ? [group] : [])] }),
    look: (changes) => look({ looking: { ...it.looking, ...changes } }),
    showOutcome(outcome) { it.state = { ...it.state, outcome }; place.keep(it); it.question.retell(); it.update(); it.question.more(); },
    tab(tab, focus = false) { look({ tab }); if (focus) document.getElementById(`tab-${tab}`).focus(); it.question.more(); },
    view(view) { look({ view: it.view === view ? "" : view, error: "" }); place.keep(it); scrollTo(0, 0); it.question.more(); },
    seeYear: () => act.view("year"),
    speak: async (language) => { await it.speak(language); if (it.fault) it.question.again(); else if (it.line) it.question.retell(); it.soem.found = null; place.keep(it); it.update(); it.question.more(); },
    noRemarks: () => look({ remarks: [] }),
    skip(event) { event.preventDefault(); document.getElementById("content").focus(); },
    print: () => print(),
    // -- files --------------------------------------------------------------------------------------
    save: () => asked(async () => keep("peersim.yaml", await it.api.text("design.yaml", { body: bodyOf(it.state) }), "application/yaml")),
    open: (input) => asked(async () => {
      const file = input.files[0];
      if (!file) return;
      const found = await it.api.json("design", { body: await text(file), kind: "application/yaml" });
      input.value = "";
      const plan = { ...(found.parameters ? { parameters: found.parameters } : {}), ...(found.pairs ? { pairs: Math.max(100, found.pairs) } : {}) };
      it.remarks = found.left_out.length ? [it.say("own.left_out", { columns: found.left_out.join(", ") })] : [];
      it.change({ ...fromDesigns(found, it.controls), ...plan, people: null });
    }),
    async ownList(input) {
      const file = input.files[0];
      if (!file) return;
      try {
        const found = await it.api.json("people", { body: file, kind: /\.(csv|txt)$/i.test(file.name) ? "text/csv" : "application/octet-stream" });
        it.own = { found, wanted: false, error: "" };
        change({ people: found.handle });
      } catch (problem) {
        if (!problem.error) throw problem;
        const error = it.saidOf(problem.error);
        look({ own: { ...it.own, error }, said: error });
      } finally { input.value = ""; }
    },
    keyOfCodes: () => keep("codes.csv", it.own.found.key.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(";")).join("\r\n"), "text/csv"),
    forget: () => asked(async () => {
      await it.api.json("forget", { body: { people: it.state.people } });
      it.own = { found: null, wanted: false, error: "" };
      change({ people: null });
    }),
    soemAsk: (changes) => { look({ soem: { ...it.soem, ...changes, found: null, copied: false } }); it.question.more(); },
    soemTyped: (field, value) => look({ soem: { ...it.soem, typed: { ...it.soem.typed, [field]: value } } }),
    soemCopy: async (side) => { await navigator.clipboard.writeText(asTabs(it.soem.found[side], it.soem.typed)); look({ soem: { ...it.soem, copied: true }, said: it.say("soem.copied") }); },
    soemSave: (side) => keep(`som-${side}.csv`, asCsv(it.soem.found[side], it.soem.typed), "text/csv"),
    shareLever: (path, on) => look({ sharing: { ...it.sharing, levers: on ? [...it.sharing.levers, path] : it.sharing.levers.filter((each) => each !== path) } }),
    shareAgree: (agreed) => look({ sharing: { ...it.sharing, agreed } }),
    shareSave: () => asked(async () => {
      look({ sharing: { ...it.sharing, working: true } });
      try {
        keep("peersim.html", await it.api.text("share", { body: { ...bodyOf(it.state), levers: it.sharing.levers, title: it.state.title, ...(it.state.people ? { own_people: "rounded" } : {}) } }), "text/html");
      } finally { look({ sharing: { ...it.sharing, working: false } }); }
    }),
  };
  return act;
}
