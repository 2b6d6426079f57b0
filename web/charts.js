// Charts as SVG, drawn anew for the width they get, so that their letters stay as large as the page's.
import { svg } from "lit-html";
import { tickStep, ticks } from "./ticks.js";

const DOT_EDGE = 22, LEFT = 40, EDGE = 10, ROOM_FOR_NAMES = 34, TOP = 10, BOTTOM = 26, ROOM_FOR_MONTHS = 16, WEEKS = 52 / 12; // in a month

const line = (points) => points.map(([x, y], k) => `${k ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

/**
 * Courses of two designs week by week: the middle year, half of the years, nine in ten.
 * `a` and `b` are rows of quantiles 5, 25, 50, 75, 95 % by week, or none; null where nothing is defined.
 * `years` is one year of each, drawn over them as far as the week `until`; then only nine in ten stand
 * behind it. Beneath the weeks stand months, if they have a name. `names` are written at its end; `marks` ({week, value, name}) are points beside it.
 */
export function bands({ a = [], b = [], years = {}, names = {}, marks = [], until = Infinity, width, height = 200, top, label, write, week, weekName, monthName }) {
  const lines = Object.entries(years).map(([name, row]) => [name, row.map((value, k) => (k > until ? null : value))]);
  const weeks = (a[0] ?? Object.values(years)[0]).length - 1;
  const all = [...a, ...b, ...Object.values(years), marks.map(({ value }) => value)].flat().filter((value) => value !== null);
  const high = top ?? Math.max(...all, 1e-9) * 1.05, low = Math.min(0, ...all);
  const right = lines.length && names.a ? ROOM_FOR_NAMES : EDGE;
  const x = (k) => LEFT + (k * (width - LEFT - right)) / weeks;
  const floor = height - BOTTOM - (monthName ? ROOM_FOR_MONTHS : 0), numbers = (most) => ticks(0, most, width < 480 ? 4 : 8).filter(Number.isInteger);
  const y = (value) => floor - ((value - low) / (high - low)) * (floor - TOP);
  const known = (row) => row.flatMap((value, k) => (value === null ? [] : [[x(k), y(value)]]));
  const band = (lower, upper, kind) => svg`<path class=${kind} d=${line([...known(lower), ...known(upper).reverse()])}></path>`;
  const one = (rows, name) => (!rows.length ? "" : svg`${band(rows[0], rows[4], `light ${name}`)}${lines.length ? "" : svg`${band(rows[1], rows[3], `half ${name}`)}
    <path class=${`middle ${name}`} d=${line(known(rows[2]))}></path>`}`);
  const ends = apart(lines.map(([name, row]) => [name, known(row).at(-1)]).filter(([, end]) => end));
  return svg`<svg class="chart" width=${width} height=${height} viewBox=${`0 0 ${width} ${height}`} role="img" aria-label=${label}>
    ${ticks(low, high, 4).map((value) => svg`<line class="grid" x1=${LEFT} x2=${width - right} y1=${y(value)} y2=${y(value)}></line>
      <text x=${LEFT - 6} y=${y(value) + 4} text-anchor="end">${write(value)}</text>`)}
    <line class="grid" x1=${LEFT} x2=${LEFT} y1=${TOP} y2=${floor}></line>
    ${numbers(weeks).map((k) => svg`<text x=${x(k)} y=${floor + 18} text-anchor="middle">${k || !weekName ? k : `${weekName} ${k}`}</text>`)}
    ${monthName ? numbers(weeks / WEEKS).map((k) => svg`<text class="month" x=${x(k * WEEKS)} y=${floor + 18 + ROOM_FOR_MONTHS} text-anchor="middle">${k || monthName}</text>`) : ""}
    ${one(a, "a")}${one(b, "b")}
    ${lines.map(([name, row]) => svg`<path class=${`year ${name}`} d=${line(known(row))}></path>`)}
    ${ends.map(([name, [endX, endY]]) => svg`<text class=${`end name-${name}`} x=${endX + (marks.length ? 12 : 6)} y=${endY + 4}>${names[name] ?? ""}</text>`)}
    ${marks.map((mark) => svg`<path class="mark" d=${`M${x(mark.week)} ${y(mark.value) - 7}l7 7l-7 7l-7 -7z`}></path>
      <text class="mark-name" x=${x(mark.week) - 11} y=${y(mark.value) + 4} text-anchor="end">${mark.name}</text>`)}
    ${week === undefined ? "" : svg`<line class="now" x1=${x(week)} x2=${x(week)} y1=${TOP} y2=${floor}></line>`}
  </svg>`;
}

/** Names at the ends of two lines are kept a line of letters apart. */
function apart(ends) {
  const [upper, lower] = [...ends].sort(([, one], [, other]) => one[1] - other[1]);
  const gap = lower ? 13 - (lower[1][1] - upper[1][1]) : 0;
  if (gap <= 0) return ends;
  return [[upper[0], [upper[1][0], upper[1][1] - gap / 2]], [lower[0], [lower[1][0], lower[1][1] + gap / 2]]];
}

/**
 * Fifty equally likely outcomes as dots in columns, to be counted rather than read off; 0 is marked.
 * `least` is the narrowest column: one person, or a step of a scale. `sides` say what lies left and right of 0.
 */
export function dotplot({ values, width, height = 170, label, write, axis, sides, lowerIsBetter = true, least = 1 }) {
  const low = Math.min(0, ...values), high = Math.max(0, ...values);
  const step = Math.max(least, tickStep(low, high, 18) || least), room = width - 2 * DOT_EDGE;
  const from = Math.min(low, -2 * step), to = Math.max(high, 2 * step);
  const x = (value) => DOT_EDGE + ((value - from) / (to - from)) * room;
  const stacks = new Map();
  for (const value of values) {
    const at = Math.round(value / step);
    stacks.set(at, (stacks.get(at) ?? 0) + 1);
  }
  const tallest = Math.max(1, ...stacks.values()), floor = height - (axis ? 44 : 26), over = sides ? 24 : 6;
  const radius = Math.min(7, (room * step) / (to - from) / 2.1, (floor - over) / tallest / 2);
  const kind = (at) => (at === 0 ? "same" : (at < 0) === lowerIsBetter ? "better" : "worse");
  return svg`<svg class="chart" width=${width} height=${height} viewBox=${`0 0 ${width} ${height}`} role="img" aria-label=${label}>
    <line class="axis" x1=${DOT_EDGE / 2} x2=${width - DOT_EDGE / 2} y1=${floor} y2=${floor}></line>
    <line class="zero" x1=${x(0)} x2=${x(0)} y1=${over - 4} y2=${floor + 6}></line>
    ${sides ? sideNames(sides, x(0), width) : ""}
    ${[...stacks].flatMap(([at, count]) => Array.from({ length: count }, (_, k) =>
      svg`<circle class=${kind(at)} cx=${x(at * step)} cy=${floor - radius - 1 - k * 2 * radius} r=${Math.max(0.5, radius - 0.6)}></circle>`))}
    ${ticks(from, to, width < 480 ? 4 : 7).map((value) => svg`<text x=${x(value)} y=${floor + 18} text-anchor="middle">${write(value)}</text>`)}
    ${axis ? svg`<text class="axis-name" x=${width / 2} y=${height - 6} text-anchor="middle">${axis}</text>` : ""}
  </svg>`;
}

/** What lies on either side of 0, each on its side if there is room for it. */
function sideNames([left, right], zero, width) {
  const room = (text, space) => text.length * 7.6 < space - 10;
  return svg`${room(left, zero) ? svg`<text class="side" x=${zero - 8} y="13" text-anchor="end">${left}</text>` : ""}
    ${room(right, width - zero) ? svg`<text class="side" x=${zero + 8} y="13">${right}</text>` : ""}`;
}
