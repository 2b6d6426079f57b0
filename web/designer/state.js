// What a designer has chosen: settings for both, for A, for B, and what happens on the way. Plain data,
// never changed in place; every other module reads it through these functions.
export const SIDES = ["a", "b"];
export const KINDS = ["one_to_one", "group", "availability", "digital"];
export const USUAL_PAIRS = 100, MOST_PAIRS = 400, LONGEST_TITLE = 80;

/** Where a page begins: a comparison that says something, so that an answer stands there at once. */
export function start() {
  return {
    title: "", both: { "population.recipients": 40 }, events: [], people: null, pairs: USUAL_PAIRS, parameters: "plausible", outcome: "isolated",
    a: { communities: ["one_to_one"] },
    b: { communities: ["one_to_one", "group"], "cafe.per_week": 1 },
  };
}

/** An event as the engine takes it: without the page's note for whom it holds. */
const plain = ({ on, ...event }) => event;

export const eventsOf = (state, side) =>
  state.events.filter(({ on }) => on === "both" || on === side).map(plain).sort((one, other) => one.week - other.week);

/** All settings of a design; those of a list of people come with the list. */
export function settingsOf(state, side) {
  const both = Object.entries(state.both).filter(([path]) => !state.people || !path.startsWith("population."));
  const events = eventsOf(state, side);
  return { ...Object.fromEntries(both), ...state[side], ...(events.length ? { events } : {}) };
}

/** What stands where a setting is not chosen. */
export const valueOf = (state, side, control) => state[side]?.[control.path] ?? state.both[control.path] ?? control.default;

/** A setting chosen; what is the usual is not kept, so that it follows when the usual changes. */
export function withSetting(state, side, control, value) {
  const { [control.path]: before, ...rest } = state[side];
  return { ...state, [side]: value === control.default ? rest : { ...rest, [control.path]: value } };
}

export function withCommunity(state, side, kind, on) {
  const chosen = KINDS.filter((each) => (each === kind ? on : state[side].communities.includes(each)));
  return chosen.length ? { ...state, [side]: { ...state[side], communities: chosen } } : null;
}

/** Both designs of a file or of a known project as one state: what is alike and holds for both is said once. */
export function fromDesigns(designs, controls, title = "") {
  const { a, b } = designs, state = { ...start(), title, both: {}, a: {}, b: {}, events: joined(a.events ?? [], b.events ?? []) };
  for (const path of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (path === "events") continue;
    const control = controls.get(path), isShared = control?.both && JSON.stringify(a[path]) === JSON.stringify(b[path]);
    if (isShared) state.both[path] = a[path];
    else for (const side of SIDES) if (path in designs[side] && designs[side][path] !== control?.default) state[side][path] = designs[side][path];
  }
  for (const side of SIDES) state[side].communities ??= ["one_to_one"];
  return state;
}

function joined(a, b) {
  const left = b.map((event) => JSON.stringify(event));
  const first = a.map((event) => {
    const at = left.indexOf(JSON.stringify(event));
    if (at < 0) return { ...event, on: "a" };
    left.splice(at, 1);
    return { ...event, on: "both" };
  });
  return [...first, ...left.map((text) => ({ ...JSON.parse(text), on: "b" }))].sort((one, other) => one.week - other.week);
}

/** A known project as A; as B the same with one community more, since that is what one asks of it. */
export function fromProject(settings, controls) {
  const communities = settings.communities ?? ["one_to_one"];
  const ever = [...communities, ...(settings.events ?? []).flatMap(({ add, to }) => [add, to])];
  const more = ["group", "one_to_one", "availability"].find((kind) => !ever.includes(kind)) ?? "digital";
  const b = { ...settings, communities: KINDS.filter((kind) => communities.includes(kind) || kind === more) };
  return fromDesigns({ a: { ...settings, communities }, b }, controls);
}
