// From one line of an answer to sentences: how nine years of ten go first, the mean second.
export const OUTCOMES = ["isolated", "retained", "never_reached", "harmed", "connectedness", "strain", "hope", "identity", "meaning", "empowerment",
  "recovery", "strong_ties", "ties", "waiting", "cost"];
/** Whose difference reads better where it is lower. */
export const LOWER = new Set(["isolated", "never_reached", "harmed", "strain", "waiting", "cost"]);

/** "A" or "B": the design that a finding is about. */
export const nameOf = (found) => found.in_people.about.toUpperCase();
const UNITS = { strong_ties: "each", ties: "each", cost: "money" };
/** What a difference is counted in: people, hours, so many for each, or steps of a scale. */
export const unitOf = (outcome, found) => UNITS[outcome] ?? (found.in_people.of ? "people" : "scale");
/** What an outcome is called. */
export const called = (outcome, { say, has }) => say(has(`out.${outcome}.name`) ? `out.${outcome}.name` : `out.${outcome}`);
const range = ([low, high], of, name) => ({ low, high, of, name });

/** How an outcome stands, as one word: better (with whom), apart, hardly, alike, cannot_tell. */
export function standing(found) {
  if (found.verdict === "cannot_tell" || found.verdict === "alike") return found.verdict;
  if (!found.worth_naming) return "hardly";
  return ["higher", "lower"].includes(found.verdict) ? "apart" : "better";
}

/** The one sentence: what the comparison comes to for an outcome. */
export function verdict(outcome, found, { say, has }) {
  const { in_people: said } = found, stands = standing(found), values = range(said.years, said.of, nameOf(found));
  if (stands === "alike") return say("verdict.alike");
  if (stands === "hardly") return said.of ? say("verdict.small", { of: said.one_in }) : say("verdict.small_scale");
  if (stands === "cannot_tell") return say(`verdict.cannot_tell.${said.kind === "both_ways" ? unitOf(outcome, found) : "plain"}`, values);
  const key = `verdict.of.${outcome}.${said.kind}`;
  return has(key) ? say(key, values) : say(`verdict.${unitOf(outcome, found)}.${said.kind}`, values);
}

/** The same in few words, beside the name of the outcome. */
export function short(outcome, found, { say }) {
  const { in_people: said } = found, stands = standing(found);
  if (stands === "alike" || stands === "hardly") return say(`verdict.short.${stands}`);
  return say(`verdict.short.${unitOf(outcome, found)}.${said.kind}`, range(said.years, said.of, nameOf(found)));
}

/** Who is never reached is told of as who is reached, and then fewer of the one are more of the other. */
const TURNED = { never_reached: { fewer: "more", fewer_up_to: "more_up_to", more: "fewer", more_up_to: "fewer_up_to" } };

/** The second sentence: the mean, with its interval. */
export function onAverage(outcome, found, { say }) {
  const { mean: [, ...ends], mean_kind, of } = found.in_people, turned = TURNED[outcome], kind = turned?.[mean_kind] ?? mean_kind;
  const [low, high] = turned && kind === "both_ways" ? ends.reverse() : ends;
  return say(`verdict.average.${unitOf(outcome, found)}.${kind}`, { low, high, of });
}

/** In how many imagined years that design is better. */
export function inYears(found, pairs, { say }) {
  const values = { name: nameOf(found), n: found.better, of: pairs, k: found.alike };
  if (["higher", "lower"].includes(found.verdict)) return say("verdict.years_more", values);
  return say(found.alike ? "verdict.years" : "verdict.years_apart", values);
}

/** Outcomes by whom they speak for: {a, b, none}. */
export function sorted(outcomes) {
  const found = { a: [], b: [], none: [] };
  for (const name of OUTCOMES.filter((each) => outcomes[each])) {
    const each = outcomes[name];
    found[standing(each) === "better" ? each.in_people.about : "none"].push(name);
  }
  return found;
}
