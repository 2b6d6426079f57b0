// What stands in a file to send on (peersim/faces/sharing/file.py says what), read: for each place of the
// sliders the line that the server would answer, and the designs that it is about.
import { SIDES, fromDesigns } from "../designer/state.js";

/** Numbers by what each adds to the one before, in units of the last decimal. */
export function numbers(steps, decimals) {
  const unit = 10 ** decimals;
  let at = 0;
  return steps.map((step) => (step === null ? null : (at += step) / unit));
}

const MOST = 4; // decimals
/** A difference has one decimal more, since it is smaller. */
const ofDots = (decimals) => Math.min(MOST, decimals + 1);

/** The line of an answer, as the server sends it last. */
export function lineAt(data, places) {
  const found = data.answers[places.join(",")], { years } = data.made;
  const rows = (side, name) => data.courses[found[side]][name].map((row) => numbers(row, data.digits[name]));
  const outcomes = Object.fromEntries(Object.entries(found.outcomes).map(([name, each]) =>
    [name, { ...each, dots: numbers(each.dots, ofDots(data.digits[name])), ...Object.fromEntries(SIDES.map((side) => [side, rows(side, name)])) }]));
  return { pairs: years, of: years, preliminary: false, weeks: found.weeks, invited: found.invited, outcomes, cost: found.cost };
}

/** Where the sliders stand in a file that nobody has moved. */
export const atFirst = (data) => data.levers.map(({ start }) => start);
export const isMoved = (data, places) => places.some((place, k) => place !== data.levers[k].start);

/** Who is left out there, how hard it is on the peers, and, as long as nothing was moved, what is left afterwards and what the answer rests on. */
export function toldAt(data, places, outcome) {
  const { traits, strain } = data.answers[places.join(",")], groups = { traits, own: [] }, rests = data.rests_on.outcomes[outcome];
  if (isMoved(data, places)) return { groups, strain };
  return { groups, strain, after: data.after, rests_on: { ...rests, outcome, kinds: data.rests_on.kinds, tried: Array.from({ length: rests.tried }) } };
}

/** Both designs as the designer's page has them, with the values that the sliders stand on. */
export function stateAt(data, places, controls) {
  const designs = { a: { ...data.designs.a }, b: { ...data.designs.b } };
  data.levers.forEach(({ path, both, values }, k) => {
    for (const side of both ? SIDES : ["b"]) designs[side][path] = values[places[k]];
  });
  const state = fromDesigns(designs, controls, data.title);
  return { ...state, both: unusual(state.both, controls), people: data.own_people ? "own" : null, parameters: data.made.parameters };
}

const unusual = (settings, controls) => Object.fromEntries(Object.entries(settings).filter(([path, value]) => value !== controls.get(path)?.default));
