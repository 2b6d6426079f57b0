// One place for each person, the same in all worlds and weeks: those who meet often stand near each other.
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";
import { level, met } from "../recording.js";

const ROUNDS = 220;
const FURTHER = 30, MOVED = 0.25; // rounds for one more week, and how far they may go
const MEETINGS = 3; // a pair that met less often pulls nobody

const scaled = (values) => {
  const low = Math.min(...values), high = Math.max(...values);
  return values.map((value) => (high > low ? (value - low) / (high - low) : 0.5));
};

/** What pushes people apart, and lets those who meet pull each other near. */
function forces(nodes) {
  const room = 190 / Math.sqrt(nodes.length);
  const pull = forceLink().distance(1.5 * room).strength((link) => Math.min(0.35, 0.01 + link.worth / 500));
  const force = forceSimulation(nodes).stop()
    .force("apart", forceManyBody().strength(-1.3 * room)).force("link", pull).force("room", forceCollide(0.52 * room))
    .force("x", forceX().strength(0.05)).force("y", forceY().strength(0.09));
  return { force, pull };
}

function settled(force, nodes, rounds) {
  for (let round = 0; round < rounds; round++) force.tick();
  const x = scaled(nodes.map((node) => node.x)), y = scaled(nodes.map((node) => node.y));
  return nodes.map((_, k) => [x[k], y[k]]);
}

const worthOf = (digit) => level(digit) + met(digit);

/** Places between 0 and 1 in both directions, by person; d3-force begins alike each time, so they come out alike. */
export function places(recording) {
  const nodes = recording.people.map((_, index) => ({ index }));
  const links = new Map();
  for (const world of recording.worlds) for (const { i, j, digits } of world.ties) {
    const worth = digits.reduce((sum, digit) => sum + worthOf(digit), 0);
    const key = i * nodes.length + j, known = links.get(key);
    if (worth >= MEETINGS) links.set(key, { source: i, target: j, worth: worth + (known?.worth ?? 0) });
  }
  const { force, pull } = forces(nodes);
  pull.links([...links.values()]);
  return settled(force, nodes, ROUNDS);
}

/**
 * Places of people whose year is still being lived: given the ties of one more week, all move on a little, so that
 * those who have met often so far come to stand near each other.
 */
export function growing(n) {
  const nodes = Array.from({ length: n }, (_, index) => ({ index })), links = new Map(), { force, pull } = forces(nodes);
  let rounds = ROUNDS;
  return (ties) => {
    for (const { i, j, digit } of ties) {
      const key = i * n + j, known = links.get(key) ?? { source: i, target: j, worth: 0 };
      known.worth += worthOf(digit);
      if (known.worth) links.set(key, known);
    }
    pull.links([...links.values()]);
    force.alpha(MOVED);
    const found = settled(force, nodes, rounds);
    rounds = FURTHER;
    return found;
  };
}
