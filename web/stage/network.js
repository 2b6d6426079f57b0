// Draws one world in one week on a canvas: who met, and fainter who confides in whom.
import { INK, PAPER, PULLED, figure, seen } from "./figures.js";
import { level, met } from "../recording.js";

const LINES = { // how each kind of line is drawn: colour, width, opacity
  known: ["#1b1b1b", 1, 0.35], confide: ["#8a97a3", 1.2, 0.5], friends: ["#8a97a3", 2.6, 0.6],
  met: ["#1f6aa5", 1.7, 0.75], metClose: ["#1f6aa5", 2.6, 0.85], metFriends: ["#1f6aa5", 4, 0.9],
};
const MET = ["met", "metClose", "metFriends"], NOT_MET = [null, "confide", "friends"];
const MARGIN = 1; // room at the edge, in radii of the largest person

/** Which line a tie gets; null: none. Of the person who is looked at every tie is drawn. */
const kindOf = (tie, person) =>
  (met(tie.digit) ? MET : NOT_MET)[level(tie.digit)] ?? (tie.i === person || tie.j === person ? "known" : null);

/** Measures of a picture: the size of a person, and where each stands. */
export function measures(width, height, place) {
  const size = Math.min(19, Math.max(3.6, 0.16 * Math.sqrt((width * height) / place.length)));
  const edge = size * (1 + MARGIN), below = edge + 10; // below somebody who has left stands their number
  return { width, height, size, at: place.map(([x, y]) => [edge + x * (width - 2 * edge), edge + y * (height - edge - below)]) };
}

/** Lines of a week by their kind. */
export function lines(world, week, person) {
  const found = {};
  for (const tie of world.living(week)) {
    const kind = kindOf(tie, person);
    if (kind) (found[kind] ??= []).push(tie);
  }
  return found;
}

/**
 * Draw. `view`: {world, people, week, mix, person, arrows, numbers}; `mix` from 0 to 1 fades from the week
 * before into this one, `person` is looked at. Returns what was drawn, counted by kind.
 */
export function draw(canvas, shape, view) {
  const { width, height, at, size } = shape, { world, people, week, person, mix = 1 } = view;
  const pen = prepared(canvas, width, height);
  if (mix < 1 && week > 0) stroke(pen, lines(world, week - 1, person), at, person, 1 - mix);
  const now = lines(world, week, person);
  stroke(pen, now, at, person, mix);
  const pulls = view.arrows ? world.departures.filter(([when, , , , by]) => by >= 0 && when <= week) : [];
  for (const [when, who, , , by] of pulls) arrow(pen, at[by], at[who], size, when === week ? mix : 1);
  const crosses = people.reduce((sum, each, k) => sum + figure(pen, at[k], size, seen(view, each, k)), 0);
  return { ...Object.fromEntries(Object.entries(now).map(([kind, ties]) => [kind, ties.length])), crosses, arrows: pulls.length };
}

function prepared(canvas, width, height) {
  const ratio = globalThis.devicePixelRatio || 1, pen = canvas.getContext("2d");
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.fillStyle = PAPER;
  pen.fillRect(0, 0, width, height);
  return pen;
}

/** Lines of a kind in one stroke; those of the person looked at once more, dark. */
function stroke(pen, found, at, person, share) {
  for (const [kind, [colour, width, opacity]] of Object.entries(LINES)) {
    const ties = found[kind] ?? [], own = ties.filter((tie) => tie.i === person || tie.j === person);
    const away = person !== null && person !== undefined ? 0.35 : 1;
    path(pen, kind === "known" ? [] : ties, at, colour, width, opacity * share * away);
    path(pen, own, at, INK, Math.max(1, width), kind === "known" ? opacity * share : share);
  }
  pen.globalAlpha = 1;
}

function path(pen, ties, at, colour, width, opacity) {
  if (!ties.length) return;
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.globalAlpha = opacity;
  pen.beginPath();
  for (const { i, j } of ties) {
    pen.moveTo(at[i][0], at[i][1]);
    pen.lineTo(at[j][0], at[j][1]);
  }
  pen.stroke();
}

/** Who pulled whom along: a dashed arrow from the one who left first. */
function arrow(pen, [x0, y0], [x1, y1], size, opacity) {
  const length = Math.hypot(x1 - x0, y1 - y0) || 1, [dx, dy] = [(x1 - x0) / length, (y1 - y0) / length];
  const [a, b] = [x1 - dx * size * 1.5, y1 - dy * size * 1.5], head = Math.max(6, size * 0.7);
  pen.globalAlpha = opacity;
  pen.strokeStyle = pen.fillStyle = PULLED;
  pen.lineWidth = 2.2;
  pen.setLineDash([6, 4]);
  pen.beginPath();
  pen.moveTo(x0 + dx * size * 1.2, y0 + dy * size * 1.2);
  pen.lineTo(a - dx * head * 0.6, b - dy * head * 0.6);
  pen.stroke();
  pen.setLineDash([]);
  pen.beginPath();
  pen.moveTo(a, b);
  pen.lineTo(a - dx * head - dy * head * 0.5, b - dy * head + dx * head * 0.5);
  pen.lineTo(a - dx * head + dy * head * 0.5, b - dy * head - dx * head * 0.5);
  pen.fill();
  pen.globalAlpha = 1;
}

/** Who stands at a point of the picture; null: nobody near. */
export function whoAt(shape, x, y) {
  const reach = Math.max(14, shape.size * 1.6) ** 2;
  return shape.at.reduce((best, [a, b], k) => {
    const far = (a - x) ** 2 + (b - y) ** 2;
    return far < best[1] ? [k, far] : best;
  }, [null, reach])[0];
}
