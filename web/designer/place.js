// Where the page is: its address follows what is chosen, and is read when the page opens.
import { LONGEST, parts, read, written } from "./address.js";
import { start } from "./state.js";

const VIEWS = ["share", "soem", "board", "year"], WAIT = 300;

/** What an address asks for, once there are controls to read it by. */
export function reading(fragment, it, isWhole = true) {
  const asked = parts(fragment), found = isWhole ? read(fragment, it.controls) : null;
  return {
    token: asked.token ?? "", language: ["da", "en"].includes(asked.lang) ? asked.lang : null, view: VIEWS.includes(asked.step) ? asked.step : "",
    isDesign: Boolean(found), state: found?.state ?? start(), notes: found?.notes ?? [], wantsPeople: found?.wantsPeople ?? false,
  };
}

/** The address to keep, or to send to somebody. */
export const addressOf = (it) => `${written(it.state, it.language)}${it.view ? `&step=${it.view}` : ""}`;
export const isTooLong = (it) => addressOf(it).length > LONGEST;

export function keeper() {
  let timer = 0, view = "";
  /** An address that cannot hold all of it holds nothing: half a design would be another one. */
  const put = (how, it) => window.history[how](null, "", isTooLong(it) ? `#v=1&lang=${it.language}` : addressOf(it));
  return {
    /** A view that the address led to is no new page to turn back from. */
    arrived(it) { ({ view } = it); },
    /** A moment after the last change; at once where the token still stands there, or a page is turned. */
    keep(it, now = false) {
      clearTimeout(timer);
      const isTurned = view !== it.view;
      view = it.view;
      if (isTurned && !now) put("pushState", it);
      else if (now) put("replaceState", it);
      else timer = setTimeout(() => put("replaceState", it), WAIT);
    },
  };
}
