// Try yourself: any two of the worlds that were lived by the same people.
import { html } from "lit-html";
import { groups } from "./scenes.js";
import { spoken } from "../text.js";

export function tryout(page) {
  const { state, lesson, say, act } = page, all = groups(lesson), group = all[state.group];
  const choice = (name, label, options, value, change) => html`<label class="choice"><span class=${name}>${label}</span><select @change=${(event) => change(event.target.value)}>
    ${options.map(({ key, text }) => html`<option value=${key} .selected=${key === value}>${text}</option>`)}</select></label>`;
  const worlds = group.worlds.map(({ key, title }) => ({ key, text: spoken(title, say) }));
  return html`<h2>${say("step.try")}</h2><p>${say("try.lead")}</p>
    ${choice("", say("try.whose"), all.map((each, k) => ({ key: String(k), text: spoken(each.name, say) })), String(state.group), (key) => act.set({ group: Number(key), left: null, right: null, person: null }))}
    ${choice("name-a", "A", worlds, state.left ?? worlds[0].key, (left) => act.set({ left }))}
    ${choice("name-b", "B", worlds, state.right ?? (worlds[1] ?? worlds[0]).key, (right) => act.set({ right }))}
    <p class="quiet">${spoken(lesson.teacher.more, say)}</p>`;
}
