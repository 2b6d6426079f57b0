// The chart that waits for the guess, and the same numbers as a table.
import { html } from "lit-html";
import { bands } from "../charts.js";
import { title } from "../stage/stage.js";

const EVERY = 4; // weeks from row to row; the file to keep has all of them

export const whole = (value) => (Number.isInteger(value) ? String(value) : "");
const shortName = (scene, side) => "AB"[side];

/** Bands of the hundred years in people, cut where the year has not come to yet; of changed worlds there are none. */
function behind({ lesson, scene }, side, until) {
  const rows = scene.recording.years?.[scene.bands?.[side]]?.[lesson.asked.outcome]?.bands ?? [];
  return rows.map((row) => row.map((value, week) => (week > until ? null : value)));
}

/** What is drawn is told in a sentence: the numbers at the end, or as far as the year has come. */
function finding({ lesson, scene, say }, week) {
  const [a, b] = scene.worlds.map((world) => world.weekly[lesson.asked.outcome][week]);
  return say(`course.${lesson.asked.outcome}`, { week, a, b });
}

export function course(page) {
  const { lesson, scene, state, say } = page, { outcome } = lesson.asked, { weeks } = scene.recording;
  const [a, b] = scene.worlds.map((world) => world.weekly[outcome]);
  if (!a || !b) return "";
  const until = state.step === "see" && !state.ended ? state.week : weeks;
  const guessed = state.given && !scene.year ? [{ week: weeks, value: state.guess, name: say("course.guess") }] : [];
  const rows = { a: behind(page, 0, until), b: behind(page, 1, until) };
  return html`<figure class="course"><figcaption><b>${finding(page, until)}</b> ${rows.a.length || rows.b.length ? say("course.bands") : say("course.lines")}</figcaption>
    ${bands({ ...rows, years: { a, b }, names: { a: shortName(scene, 0), b: shortName(scene, 1) }, marks: guessed, until, width: state.width,
      height: Math.min(260, Math.max(190, state.width * 0.3)), label: finding(page, until), write: whole, week: state.week, weekName: say("chart.week"), monthName: say("chart.month") })}</figure>`;
}

/** Every fourth week on the page, every week in the file to keep. */
export function table(page) {
  const { scene, lesson, say, act } = page, { weeks } = scene.recording, names = Object.keys(scene.worlds[0].weekly).filter((name) => scene.worlds.every((world) => name in world.weekly) && page.has(`course.columns.${name}`));
  const shown = Array.from({ length: weeks + 1 }, (_, week) => week).filter((week) => week % EVERY === 0 || week === weeks);
  const cell = (world, name, week) => html`<td>${world.weekly[name][week] ?? "–"}</td>`;
  return html`<details class="numbers"><summary>${say("play.table")}</summary><div class="sideways" tabindex="0" role="group" aria-label=${say("play.table")}><table>
    <thead><tr><th scope="col" rowspan="2">${say("stage.week")}</th>${names.map((name) => html`<th scope="colgroup" colspan="2">${say(`course.columns.${name}`)}</th>`)}</tr>
      <tr>${names.map(() => [0, 1].map((side) => html`<th scope="col" class=${`name-${"ab"[side]}`}>${shortName(scene, side)}</th>`))}</tr></thead>
    <tbody>${shown.map((week) => html`<tr><th scope="row">${week}</th>${names.map((name) => scene.worlds.map((world) => cell(world, name, week)))}</tr>`)}</tbody></table></div>
    <button class="small" @click=${() => act.keep("peersim.csv", asText(scene, names, say))}>${say("course.keep")}</button> <span class="quiet">${say("app.not_single")}</span></details>`;
}

/** All weeks as a table that spreadsheets read. */
function asText(scene, names, say) {
  const head = ["stage.week"].map((key) => say(key)).concat(names.flatMap((name) => scene.worlds.map((_, side) => `${say(`course.columns.${name}`)} (${title(scene, side, say)})`)));
  const rows = Array.from({ length: scene.recording.weeks + 1 }, (_, week) => [week, ...names.flatMap((name) => scene.worlds.map((world) => world.weekly[name][week] ?? ""))]);
  return `\ufeff${[head.map((cell) => `"${cell.replaceAll('"', '""')}"`), ...rows].map((row) => row.join(";")).join("\r\n")}\r\n`;
}
