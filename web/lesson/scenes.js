// What is on the stage in each step: two worlds of the same people, and what they are called.
import { hasLeft } from "../recording.js";
import { scene } from "../stage/scene.js";
import { place } from "./lesson.js";

export const STEPS = ["guess", "see", "explain", "puzzles", "try"];
export const ALL_ON = "111";
export const SPREADS = ["social", "loss", "structure"];

const titled = (worlds) => worlds.map(({ title, key }) => title ?? key.toUpperCase());
const pair = (recording) => recording.worlds.slice(0, 2);

/** Who has left by the end of a world. */
export const goneFrom = (world, { weeks, people }) => people.flatMap((_, k) => (hasLeft(world.standing(weeks, k)) ? [k] : []));

/** Put the world of a knock-out ("a-0") in the place of its own. */
const swapped = (worlds, key, without) => worlds.map((world, k) => (key && "ab"[k] === key[0] ? without(key) : world));

/** The departure that is taken away, if any, and who had left without that. */
function without(worlds, recording, knockouts, state) {
  const kept = state.without ? place(knockouts, state.without) ?? null : null;
  return { knockouts, kept, gone: kept ? goneFrom(worlds["ab".indexOf(state.without[0])], recording) : [] };
}

const SCENES = {
  guess: (lesson) => ofYear(lesson, 0),
  see: (lesson, state) => ofYear(lesson, state.year),
  explain: (lesson, state) => {
    const worlds = lesson.switched(state.switches), stories = state.switches === ALL_ON;
    return scene(lesson.year(0), swapped(worlds, state.without, lesson.without), titled(worlds), { ...without(worlds, lesson.year(0), lesson.knockouts, state), stories, bands: stories && !state.without ? ["a", "b"] : [] });
  },
  puzzles: (lesson, state) => {
    if (!lesson.puzzles.length) return ofYear(lesson, 0);
    const puzzle = lesson.puzzle(state.puzzle), { shown } = puzzle;
    if (puzzle.kind === "which") {
      const { worlds } = shown;
      return scene(shown, swapped(worlds, state.without, puzzle.without), titled(worlds), { ...without(worlds, shown, puzzle.knockouts, state), puzzle, hides: true });
    }
    const world = (bits) => shown.worlds.find(({ key }) => key === bits);
    const none = "0".repeat(puzzle.choices.length), chosen = world(state.chosen || none) ?? world(none) ?? shown.worlds[0];
    return scene(shown, [world(none) ?? shown.worlds[0], chosen], [{ key: "puzzle.nothing" }, { key: "puzzle.yours" }], { puzzle });
  },
  try: (lesson, state) => {
    const group = groups(lesson)[state.group], of = (key) => group.worlds.find((each) => each.key === key) ?? group.worlds[0];
    const sides = [of(state.left), state.right ? of(state.right) : group.worlds[1] ?? group.worlds[0]];
    return scene(group.recording(), sides.map((each) => each.world()), sides.map((each) => each.title), { year: group.year, puzzle: group.puzzle, bands: sides.map(({ key }) => key) });
  },
};

const ofYear = (lesson, k) => scene(lesson.year(k), pair(lesson.year(k)), titled(pair(lesson.year(k))), { knockouts: k ? {} : lesson.knockouts, year: k, bands: ["a", "b"] });

/** What stands on the stage in a step; worksheet and teacher's pages have none. */
export function sceneOf(lesson, state) {
  const found = (SCENES[state.step] ?? SCENES.see)(lesson, state);
  const marks = found.puzzle ? found.puzzle.marks : lesson.asked.outcome;
  return { ...found, rings: ["isolated", "alone"].includes(marks) && marks };
}

/** All worlds that can be set side by side, by the people who live in them. */
export function groups(lesson) {
  const years = lesson.recordings.map((_, k) => ({
    year: k, name: { key: "try.year", values: { n: k + 1 } }, recording: () => lesson.year(k),
    worlds: [...pair(lesson.recordings[k]).map(({ key, title, short }, side) =>
      ({ key, title, short, world: () => lesson.year(k).worlds[side] })), ...(k ? [] : switchedOff(lesson))],
  }));
  const puzzles = lesson.puzzles.flatMap((puzzle, k) => (puzzle.kind === "which" ? [] : [{
    puzzle, name: { key: "try.puzzle", values: { title: puzzle.title } }, recording: () => lesson.puzzle(k).shown,
    worlds: puzzle.recording.worlds.map((world, side) =>
      ({ key: world.key, title: chosenTitle(puzzle, world), world: () => lesson.puzzle(k).shown.worlds[side] })),
  }]));
  return [...years, ...puzzles];
}

function switchedOff(lesson) {
  return Object.entries(lesson.switches).flatMap(([bits, variants]) => Object.keys(variants).map((key) => {
    const what = SPREADS.filter((_, k) => bits[k] === "0").map((name) => ({ key: `explain.short.${name}` }));
    const { short } = lesson.recordings[0].worlds.find((world) => world.key === key);
    return { key: `${key}-${bits}`, title: { key: "try.without", values: { name: short, what } },
      world: () => lesson.switched(bits)["ab".indexOf(key)] };
  }));
}

function chosenTitle(puzzle, world) {
  const what = puzzle.choices.filter((_, k) => world.key[k] === "1").map(({ name }) => name);
  return what.length ? { key: "try.with", values: { what } } : { key: "puzzle.nothing" };
}
