// The shape of one person: a circle for participants, a square for peers; filled while they take part,
// with a cross once they have left.
import { communities, hasLeft, state } from "../recording.js";

/** Colours of the communities, in the engine's order: white letters are read on all, and they differ in grey too. */
export const COLOURS = ["#003d68", "#00835f", "#7a3b00", "#b0478a"];
export const INK = "#1b1b1b", PULLED = "#a84300", PAPER = "#fff";
const GONE = "#5f666d", WAITS = "#8a9299";

/** All that the shape of a person depends on. */
export const seen = ({ world, week, person, numbers, rings }, each, k) => ({
  role: each.role, byte: world.standing(week, k), share: world.connected(week, k) / 100, is: k === person,
  alone: world.isolated(week, k), rings, leaves: week > 0 && hasLeft(world.standing(week, k)) && !hasLeft(world.standing(week - 1, k)),
  number: numbers?.[k],
});

/** Draw a person; returns 1 for one who has left, with the cross. */
export function figure(pen, [x, y], size, { role, byte, share, is, alone, rings, leaves, number }) {
  const isNamed = number && size > 8, r = Math.max(isNamed ? 9 : 0, size * (0.72 + 0.5 * share)), how = state(byte), gone = hasLeft(byte);
  const isRinged = alone && !role && rings, around = leaves ? 0.55 : is ? 0.5 : isRinged ? 0.3 : 0; // a ring, and how far out
  filled(pen, x, y, r, role, byte);
  outline(pen, x, y, r, role);
  pen.lineWidth = size > 7 ? 1.8 : 1.2;
  pen.strokeStyle = gone ? GONE : how === "active" ? PAPER : WAITS;
  pen.stroke();
  if (gone) cross(pen, x, y, r, leaves);
  if (how === "completed" || how === "moved_on") tick(pen, x, y, r);
  if (isNamed) label(pen, x, gone ? y + r + size * around + 10 : y, r, number, how === "active" ? PAPER : gone ? GONE : "#454b52");
  if (isRinged) ring(pen, x, y, r + size * 0.3, INK, 1.3, [2.5, 3]);
  if (leaves) ring(pen, x, y, r + size * 0.55, PULLED, 3, []);
  if (is) ring(pen, x, y, r + size * 0.5, INK, 3, []);
  return gone ? 1 : 0;
}

function outline(pen, x, y, r, role) {
  pen.beginPath();
  if (role) pen.rect(x - r * 0.9, y - r * 0.9, 1.8 * r, 1.8 * r);
  else pen.arc(x, y, r, 0, 2 * Math.PI);
}

/** One colour for each community somebody takes part in, side by side. */
function filled(pen, x, y, r, role, byte) {
  const here = COLOURS.filter((_, k) => communities(byte) & (1 << k)), how = state(byte);
  outline(pen, x, y, r, role);
  pen.fillStyle = here[0] ?? (how === "waiting" || how === "training" ? "#dde1e5" : PAPER);
  pen.fill();
  if (here.length < 2) return;
  pen.save();
  pen.clip();
  here.forEach((colour, k) => {
    pen.fillStyle = colour;
    pen.fillRect(x - r + (2 * r * k) / here.length, y - r, (2 * r) / here.length, 2 * r);
  });
  pen.restore();
}

function cross(pen, x, y, r, isNew) {
  const s = r * 0.62;
  pen.strokeStyle = isNew ? PULLED : GONE;
  pen.lineWidth = Math.max(1.4, r * 0.16);
  pen.beginPath();
  for (const side of [1, -1]) {
    pen.moveTo(x - s, y - s * side);
    pen.lineTo(x + s, y + s * side);
  }
  pen.stroke();
}

function tick(pen, x, y, r) {
  pen.strokeStyle = INK;
  pen.lineWidth = Math.max(1.5, r * 0.18);
  pen.beginPath();
  pen.moveTo(x + r * 0.5, y - r * 0.75);
  pen.lineTo(x + r * 0.8, y - r * 0.45);
  pen.lineTo(x + r * 1.35, y - r * 1.15);
  pen.stroke();
}

/** The number stands in the shape; beside it where a cross does. */
function label(pen, x, y, r, number, colour) {
  pen.font = `600 ${Math.max(11, Math.round(r * 0.9))}px system-ui, sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  if (colour === GONE || pen.measureText(number).width > 1.8 * r) { // beside the shape, or wider than it
    pen.lineWidth = 3;
    pen.strokeStyle = colour === PAPER ? INK : PAPER;
    pen.strokeText(number, x, y + 0.5);
  }
  pen.fillStyle = colour;
  pen.fillText(number, x, y + 0.5);
}

function ring(pen, x, y, r, colour, width, dash) {
  pen.setLineDash(dash);
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  pen.arc(x, y, r, 0, 2 * Math.PI);
  pen.stroke();
  pen.setLineDash([]);
}
