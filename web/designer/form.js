// Who it is about: three sentences with numbers in them, and known projects to start from.
import { html, nothing } from "lit-html";
import { lever, levelled, numberField, withField } from "./levers.js";
import { valueOf } from "./state.js";
import { ownPeople } from "./people.js";

const SUPPORTERS = "population.supporters", ASKED = "population.asked", HOLE = "\u0000";

/** Peers who are trained already, or people who are to be trained first: one number, one switch. */
function peers({ state, controls, say, act }) {
  const trained = valueOf(state, "both", controls.get(SUPPORTERS)), asked = valueOf(state, "both", controls.get(ASKED));
  const isFirst = asked > 0 && trained === 0, control = controls.get(isFirst ? ASKED : SUPPORTERS), value = isFirst ? asked : trained;
  const change = (number) => act.setBoth({ [control.path]: number }, control.path);
  const turn = (untrained) => act.setBoth(untrained ? { [SUPPORTERS]: 0, [ASKED]: Math.max(1, value) } : { [SUPPORTERS]: value, [ASKED]: 0 }, "");
  return html`${withField(say(isFirst ? "form.to_be_trained" : "form.peers", { n: HOLE }), numberField({ control, value, change, disabled: Boolean(state.people) }))}
    <label class="check"><input type="checkbox" data-path="untrained" .checked=${isFirst} ?disabled=${Boolean(state.people)} @change=${(event) => turn(event.target.checked)}> ${say("form.untrained")}</label>
    ${!isFirst && asked > 0 ? html`<p class="quiet">${say("form.and_asked", { n: asked })}</p>` : nothing}`;
}

function sentence(page, path, key) {
  const { state, controls, say, act } = page, control = controls.get(path), value = valueOf(state, "both", control);
  const isOfList = state.people && path === "population.recipients";
  return withField(say(key, { n: HOLE }), numberField({ control, value, disabled: Boolean(isOfList), change: (number) => act.setBoth({ [path]: number }, path) }));
}

export function who(page) {
  const { state, controls, say, number, act } = page;
  const more = levelled(controls, "who", "more");
  return html`<section class="who" aria-labelledby="who"><h2 id="who"><span class="step">1</span> ${say("form.who")}</h2>
    <div class="sentences"><div>${peers(page)}</div>
      <div>${sentence(page, "population.recipients", "form.people")}${sentence(page, "population.arrival_weeks", "form.over_weeks")}</div>
      <div>${sentence(page, "weeks", "form.followed")}</div></div>
    ${ownPeople(page)}
    <div class="projects" role="group" aria-labelledby="start-with"><h3 id="start-with">${say("form.start_with")}</h3>
      ${page.projects.map(({ title, settings }) => html`<button class="chip" @click=${() => act.project(settings)}>${title}</button>`)}
      <button class="chip" @click=${act.again}>${say("form.empty")}</button></div>
    <details><summary>${say("form.more_people")}</summary><div class="levers">${more.map((control) => lever({ control, side: "both", say, number,
      value: valueOf(state, "both", control), change: (value) => act.setBoth({ [control.path]: value }, control.path) }))}</div></details></section>`;
}
