// How a page that is one file begins: its words and data are unpacked, and what cannot be shown is refused
// in one sentence, for which a few words stand unpacked beside them.
import { VERSION, unpacked } from "./recording.js";
import { texts } from "./text.js";

const inside = (id) => document.getElementById(id).textContent;

/** Show the page: `mount(root, data, words, language)`. `versions(data)` are those that must be known. */
export async function open(mount, versions) {
  const root = document.getElementById("page"), text = inside("data");
  function refuse(key, values) {
    const line = Object.assign(document.createElement("p"), { role: "alert", className: "banner" });
    line.textContent = texts(JSON.parse(inside("words")), document.documentElement.lang).say(key, values);
    root.replaceChildren(line);
  }
  if (!text.trimStart().startsWith("{") && !("DecompressionStream" in window)) return refuse("error.old_browser");
  const { words, data } = await unpacked(text), other = versions(data).find((version) => version !== VERSION);
  if (other !== undefined) return refuse("error.version", { version: String(other) });
  return mount(root, data, words, data.language);
}
