// One place for each person, the same in all worlds and weeks: those who meet often stand near each other.
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";
import { level, met } from "./recording.js";

const ROUNDS = 220;
const MEETINGS = 3; // a pair that met less often pulls nobody

const scaled = (values) => {
  const low = Math.min(...values), high = Math.max(...values);
  return values.map((value) => (high > low ? (value - low) / (high - low) : 0.5));
};

/** Places between 0 and 1 in both directions, by person; d3-force begins alike each time, so they come out alike. */
export function places(recording) {
  const nodes = recording.people.map((_, index) => ({ index }));
  const links = new Map();
  for (const world of recording.worlds) for (const { i, j, digits } of world.ties) {
    const worth = digits.reduce((sum, digit) => sum + level(digit) + met(digit), 0);
    const key = i * nodes.length + j, known = links.get(key);
    if (worth >= MEETINGS) links.set(key, { source: i, target: j, worth: worth + (known?.worth ?? 0) });
  }
  const room = 190 / Math.sqrt(nodes.length);
  const pull = forceLink([...links.values()]).distance(1.5 * room).strength((link) => Math.min(0.35, 0.01 + link.worth / 500));
  const force = forceSimulation(nodes).stop()
    .force("apart", forceManyBody().strength(-1.3 * room)).force("link", pull).force("room", forceCollide(0.52 * room))
    .force("x", forceX().strength(0.05)).force("y", forceY().strength(0.09));
  for (let round = 0; round < ROUNDS; round++) force.tick();
  const x = scaled(nodes.map((node) => node.x)), y = scaled(nodes.map((node) => node.y));
  return nodes.map((_, k) => [x[k], y[k]]);
}
