// Where a file to send on stands, in its address: a fragment, which is never sent anywhere.
import { parts } from "../designer/address.js";

const decode = (text) => { try { return decodeURIComponent(text); } catch { return text; } };

export function written({ language, places, outcome, tab }, data) {
  const stand = data.levers.map(({ path, values }, k) => `${path}:${encodeURIComponent(values[places[k]])}`).join(";");
  return `#v=1&lang=${language}&l=${stand}&o=${outcome}&tab=${tab}`;
}

/** The place of the value that lies nearest; of words the same one, or none. */
function nearest(values, asked) {
  const same = values.findIndex((value) => String(value) === asked);
  if (same >= 0 || typeof values[0] !== "number" || asked === "" || !Number.isFinite(Number(asked))) return same;
  const far = values.map((value) => Math.abs(value - Number(asked)));
  return far.indexOf(Math.min(...far));
}

/** What an address asks for; `notes` say what was not run, or is not known here. */
export function read(fragment, data, { languages, outcomes, tabs }) {
  const asked = parts(fragment), found = { places: data.levers.map(({ start }) => start), notes: [] };
  for (const each of (asked.l ?? "").split(";").filter(Boolean)) {
    const at = each.indexOf(":"), k = data.levers.findIndex(({ path }) => path === each.slice(0, at)), value = decode(each.slice(at + 1));
    const place = k < 0 ? -1 : nearest(data.levers[k].values, value);
    if (place < 0) found.notes.push({ what: decode(each).slice(0, 40) });
    else {
      if (String(data.levers[k].values[place]) !== value) found.notes.push({ lever: k, place });
      found.places[k] = place;
    }
  }
  if (languages.includes(asked.lang)) found.language = asked.lang;
  if (outcomes.includes(asked.o)) found.outcome = asked.o;
  if (tabs.includes(asked.tab)) found.tab = asked.tab;
  return found;
}
