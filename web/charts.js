// Charts as SVG, drawn anew for the width they get, so that their letters stay as large as the page's.
import { svg } from "lit-html";
import { ticks } from "d3-array";

const LEFT = 40, RIGHT = 10, TOP = 10, BOTTOM = 26;

const line = (points) => points.map(([x, y], k) => `${k ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

/**
 * Courses of two designs week by week: the middle year, half of the years, nine in ten.
 * `a` and `b` are rows of quantiles 5, 25, 50, 75, 95 % by week; null where nothing is defined.
 * `line` is one year of each, drawn over them. Undefined weeks are left out.
 */
export function bands({ a, b, years = {}, width, height = 200, top, label, write, week, weekName }) {
  const weeks = a[0].length - 1;
  const all = [...a, ...b, ...Object.values(years)].flat().filter((value) => value !== null);
  const high = top ?? Math.max(...all, 1e-9) * 1.05, low = Math.min(0, ...all);
  const x = (k) => LEFT + (k * (width - LEFT - RIGHT)) / weeks;
  const y = (value) => height - BOTTOM - ((value - low) / (high - low)) * (height - BOTTOM - TOP);
  const known = (row) => row.flatMap((value, k) => (value === null ? [] : [[x(k), y(value)]]));
  const band = (lower, upper, kind) => svg`<path class=${kind} d=${line([...known(lower), ...known(upper).reverse()])}></path>`;
  const one = (rows, name) => svg`${band(rows[0], rows[4], `light ${name}`)}${band(rows[1], rows[3], `half ${name}`)}
    <path class=${`middle ${name}`} d=${line(known(rows[2]))}></path>`;
  return svg`<svg class="chart" width=${width} height=${height} viewBox=${`0 0 ${width} ${height}`} role="img" aria-label=${label}>
    ${ticks(low, high, 4).map((value) => svg`<line class="grid" x1=${LEFT} x2=${width - RIGHT} y1=${y(value)} y2=${y(value)}></line>
      <text x=${LEFT - 6} y=${y(value) + 4} text-anchor="end">${write(value)}</text>`)}
    ${ticks(0, weeks, width < 480 ? 4 : 8).filter(Number.isInteger).map((k) => svg`<text x=${x(k)} y=${height - 8} text-anchor="middle">${k}</text>`)}
    ${weekName ? svg`<text class="axis-name" x=${width - RIGHT} y=${height - BOTTOM - 4} text-anchor="end">${weekName}</text>` : ""}
    ${one(a, "a")}${one(b, "b")}
    ${Object.entries(years).map(([name, row]) => svg`<path class=${`year ${name}`} d=${line(known(row))}></path>`)}
    ${week === undefined ? "" : svg`<line class="now" x1=${x(week)} x2=${x(week)} y1=${TOP} y2=${height - BOTTOM}></line>`}
  </svg>`;
}

/** Fifty equally likely outcomes as dots in columns, to be counted rather than read off; 0 is marked. */
export function dotplot({ values, width, height = 170, label, write, axis, lowerIsBetter = true }) {
  const low = Math.min(0, ...values), high = Math.max(0, ...values);
  const step = Math.max(1, Math.ceil((high - low) / 18)), room = width - LEFT - RIGHT - 20;
  const x = (value) => LEFT + 10 + ((value - low) / (high - low || 1)) * room;
  const stacks = new Map();
  for (const value of values) {
    const at = Math.round(value / step) * step;
    stacks.set(at, (stacks.get(at) ?? 0) + 1);
  }
  const tallest = Math.max(...stacks.values()), floor = height - 44;
  const radius = Math.min(6, room / ((high - low) / step + 1) / 2.1, floor / tallest / 2.1);
  const kind = (at) => (at === 0 ? "same" : (at < 0) === lowerIsBetter ? "better" : "worse");
  return svg`<svg class="chart" width=${width} height=${height} viewBox=${`0 0 ${width} ${height}`} role="img" aria-label=${label}>
    <line class="axis" x1=${LEFT} x2=${width - RIGHT} y1=${floor} y2=${floor}></line>
    <line class="zero" x1=${x(0)} x2=${x(0)} y1="6" y2=${floor + 6}></line>
    ${[...stacks].flatMap(([at, count]) => Array.from({ length: count }, (_, k) =>
      svg`<circle class=${kind(at)} cx=${x(at)} cy=${floor - radius - 1 - k * 2 * radius} r=${Math.max(0.5, radius - 0.6)}></circle>`))}
    ${ticks(low, high, width < 480 ? 4 : 7).map((value) => svg`<text x=${x(value)} y=${floor + 18} text-anchor="middle">${write(value)}</text>`)}
    <text class="axis-name" x=${(width + LEFT) / 2} y=${height - 6} text-anchor="middle">${axis}</text>
  </svg>`;
}
