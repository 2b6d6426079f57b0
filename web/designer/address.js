// The design in the address: a fragment, which is never sent anywhere. Only what differs from the usual
// stands there; never a list of people, never the token.
import { KINDS, LONGEST_TITLE, MOST_PAIRS, SIDES, USUAL_PAIRS, start } from "./state.js";

export const LONGEST = 1500;
const NUMBER = /^-?\d+(\.\d+)?(e-?\d+)?$/;

const text = (value) => encodeURIComponent(String(value)).replaceAll("%2C", ",");
const pairsOf = (settings) => Object.entries(settings).filter(([path]) => path !== "communities").map(([path, value]) => `${path}:${text(value)}`);

/** A setting of an event, `{"cafe.per_week": 1}`, as `cafe.per_week~1`. */
const eventOf = ({ week, on, to, set, ...what }) => {
  const [kind, value] = set ? ["set", Object.entries(set).map(([path, each]) => `${path}~${each}`).join("*")] : Object.entries(what)[0];
  return `${week}-${kind}:${text(value)}${to ? `>${to}` : ""}${on === "both" ? "" : `@${on}`}`;
};

export function written(state, language) {
  const parts = ["v=1", `lang=${language}`];
  if (state.title) parts.push(`t=${text(state.title)}`);
  parts.push(`both=${pairsOf(state.both).join(";")}`);
  for (const side of SIDES) parts.push(`${side}=${[state[side].communities.join(","), ...pairsOf(state[side])].join(";")}`);
  if (state.events.length) parts.push(`e=${state.events.map(eventOf).join(";")}`);
  if (state.pairs !== USUAL_PAIRS) parts.push(`pairs=${state.pairs}`);
  if (state.parameters !== "plausible") parts.push(`usual=1`);
  if (state.outcome !== "isolated") parts.push(`o=${state.outcome}`);
  if (state.people) parts.push("people=own");
  return `#${parts.join("&")}`;
}

/** The parts of a fragment, each read as it was written; what cannot be read is left out. */
export function parts(fragment) {
  const found = {};
  for (const part of fragment.replace(/^#/, "").split("&")) {
    const at = part.indexOf("=");
    if (at > 0) found[part.slice(0, at)] = part.slice(at + 1);
  }
  return found;
}

const decode = (value) => { try { return decodeURIComponent(value); } catch { return value; } };

/** A value as its control takes it, brought back within bounds; undefined: it cannot be. */
export function within(control, value) {
  if (control.kind === "yes_no") return value === true || value === "true" ? true : value === false || value === "false" ? false : undefined;
  if (control.kind === "choice") return control.options.some((option) => option.value === value) ? value : undefined;
  if (typeof value !== "number" && !NUMBER.test(value)) return undefined;
  const number = Math.min(control.most ?? control.high, Math.max(control.least ?? control.low, Number(value)));
  return control.kind === "whole" ? Math.round(number) : number;
}

function settings(list, controls, notes) {
  const found = {};
  for (const part of list) {
    const at = part.indexOf(":"), path = part.slice(0, at), control = controls.get(path), asked = decode(part.slice(at + 1));
    const value = control && within(control, asked);
    if (value === undefined) notes.push({ key: "link.unknown", values: { what: decode(part).slice(0, 40) } });
    else {
      if (String(value) !== asked && Number(asked) !== value) notes.push({ key: "link.brought_back", values: { label: control.label, value } });
      if (value !== control.default) found[path] = value;
    }
  }
  return found;
}

function event(part, weeks, controls) {
  const known = /^(\d+)-(\w+):([^@>]+)(?:>(\w+))?(?:@([ab]))?$/.exec(part);
  if (!known) return null;
  const [, week, kind, value, to, on = "both"] = known, at = { week: Math.min(weeks, Math.max(1, Number(week))), on };
  if (["add", "end"].includes(kind) && KINDS.includes(value)) return { ...at, [kind]: value };
  if (kind === "switch" && KINDS.includes(value) && KINDS.includes(to) && to !== value) return { ...at, switch: value, to };
  if (kind === "lose_supporters" && /^\d{1,3}$/.test(value)) return { ...at, lose_supporters: Math.max(1, Number(value)) };
  if (kind === "funding_ends") return { ...at, funding_ends: true };
  if (["leave", "keep"].includes(kind) && /^\w{1,12}$/.test(value)) return { ...at, [kind]: value };
  if (kind !== "set") return null;
  const set = Object.fromEntries(decode(value).split("*").map((each) => each.split("~")).flatMap(([path, asked]) =>
    (controls.has(path) && within(controls.get(path), asked) !== undefined ? [[path, within(controls.get(path), asked)]] : [])));
  return Object.keys(set).length ? { ...at, set } : null;
}

/** What an address asks for: a state, and notes on what was not taken as it stood; null: no design. */
export function read(fragment, controls) {
  const asked = parts(fragment), notes = [];
  if (!("a" in asked || "b" in asked || "both" in asked)) return null;
  const state = { ...start(), title: decode(asked.t ?? "").slice(0, LONGEST_TITLE), both: settings((asked.both ?? "").split(";").filter(Boolean), controls, notes) };
  for (const side of SIDES) {
    const [kinds = "", ...rest] = (asked[side] ?? "").split(";"), communities = KINDS.filter((kind) => kinds.split(",").includes(kind));
    state[side] = { communities: communities.length ? communities : ["one_to_one"], ...settings(rest.filter(Boolean), controls, notes) };
  }
  const weeks = state.both.weeks ?? controls.get("weeks").default;
  for (const part of (asked.e ?? "").split(";").filter(Boolean)) {
    const found = event(part, weeks, controls);
    if (found) state.events.push(found);
    else notes.push({ key: "link.unknown", values: { what: decode(part).slice(0, 40) } });
  }
  if (/^\d+$/.test(asked.pairs ?? "")) state.pairs = Math.min(MOST_PAIRS, Math.max(USUAL_PAIRS, Number(asked.pairs)));
  if (asked.usual === "1") state.parameters = "defaults";
  if (/^\w{1,40}$/.test(asked.o ?? "")) state.outcome = asked.o;
  return { state, notes, wantsPeople: asked.people === "own" };
}
