// One place for each person, the same in all worlds and weeks: those who meet often stand near each other.
// The forces are those of d3-force, each pair by itself: for some hundred people nothing need be approximated,
// and what d3-force brings along for thousands is six times as long as all of this.
import { level, met } from "../recording.js";

const ROUNDS = 220;
const FURTHER = 30, MOVED = 0.25; // rounds for one more week, and how far they may go
const MEETINGS = 3; // a pair that met less often pulls nobody
const COOLING = 1 - 0.001 ** (1 / 300), KEPT = 0.6; // by which moves get smaller from round to round, and motion is kept
const TURN = Math.PI * (3 - Math.sqrt(5)); // from one seed of a sunflower to the next

/** Between 0 and 1, half by distance and half by order, so that a few far away do not crowd all others together. */
function scaled(values) {
  const order = [...values].sort((one, other) => one - other), low = order[0], wide = order.at(-1) - low;
  return values.map((value) => (wide ? (value - low) / wide / 2 + order.indexOf(value) / (order.length - 1) / 2 : 0.5));
}

/** All begin as the seeds of a sunflower, so that they come out alike each time. */
function seeds(n) {
  return Array.from({ length: n }, (_, k) => {
    const far = 10 * Math.sqrt(0.5 + k), x = far * Math.cos(k * TURN), y = far * Math.sin(k * TURN);
    return { x, y, vx: 0, vy: 0, links: 0 };
  });
}

/** Everybody pushes everybody away, and nobody stands on anybody. */
function apart(nodes, room, heat) {
  const push = 1.3 * room * heat, touching = (1.04 * room) ** 2;
  nodes.forEach((one, k) => {
    for (let j = 0; j < k; j++) {
      const other = nodes[j], x = other.x - one.x, y = other.y - one.y, square = x * x + y * y || 1e-6;
      let away = push / (square < 1 ? Math.sqrt(square) : square);
      if (square < touching) away += 0.5 * (1.04 * room / Math.sqrt(square) - 1);
      one.vx -= x * away;
      one.vy -= y * away;
      other.vx += x * away;
      other.vy += y * away;
    }
  });
}

/** Those who meet pull each other near; who has few such ties moves more. */
function together(nodes, links, room, heat) {
  for (const { i, j, worth } of links) {
    const one = nodes[i], other = nodes[j], x = other.x + other.vx - one.x - one.vx, y = other.y + other.vy - one.y - one.vy;
    const far = Math.hypot(x, y) || 1e-3, share = one.links / (one.links + other.links);
    const pull = (1 - (1.5 * room) / far) * heat * Math.min(0.35, 0.01 + worth / 500);
    other.vx -= x * pull * share;
    other.vy -= y * pull * share;
    one.vx += x * pull * (1 - share);
    one.vy += y * pull * (1 - share);
  }
}

/** Places after some rounds, between 0 and 1 in both directions; the nodes go on from where they stand. */
function settled(nodes, links, rounds, heat) {
  const room = 190 / Math.sqrt(nodes.length);
  for (const node of nodes) node.links = 0;
  for (const end of links.flatMap(({ i, j }) => [i, j])) nodes[end].links++;
  for (let round = 0; round < rounds; round++) {
    heat *= 1 - COOLING;
    apart(nodes, room, heat);
    together(nodes, links, room, heat);
    for (const node of nodes) {
      node.x += node.vx = KEPT * (node.vx - 0.05 * heat * node.x); // to the middle, a little
      node.y += node.vy = KEPT * (node.vy - 0.09 * heat * node.y);
    }
  }
  const x = scaled(nodes.map((node) => node.x)), y = scaled(nodes.map((node) => node.y));
  return nodes.map((_, k) => [x[k], y[k]]);
}

const worthOf = (digit) => level(digit) + met(digit);

/** Places by person, between 0 and 1 in both directions. */
export function places(recording) {
  const n = recording.people.length, links = new Map();
  for (const world of recording.worlds) for (const { i, j, digits } of world.ties) {
    const worth = digits.reduce((sum, digit) => sum + worthOf(digit), 0), key = i * n + j;
    if (worth >= MEETINGS) links.set(key, { i, j, worth: worth + (links.get(key)?.worth ?? 0) });
  }
  return settled(seeds(n), [...links.values()], ROUNDS, 1);
}

/**
 * Places of people whose year is still being lived: given the ties of one more week, all move on a little, so that
 * those who have met often so far come to stand near each other.
 */
export function growing(n) {
  const nodes = seeds(n), links = new Map();
  let rounds = ROUNDS;
  return (ties) => {
    for (const { i, j, digit } of ties) {
      const key = i * n + j, worth = (links.get(key)?.worth ?? 0) + worthOf(digit);
      if (worth) links.set(key, { i, j, worth });
    }
    const found = settled(nodes, [...links.values()], rounds, MOVED);
    rounds = FURTHER;
    return found;
  };
}
