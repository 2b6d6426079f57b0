// The script of the page "play": what cannot be shown is refused in one sentence.
import { otherVersion } from "./lesson.js";
import { mountPlayer } from "./player.js";
import { unpacked } from "./recording.js";
import { texts } from "./text.js";

const root = document.getElementById("page"), words = JSON.parse(document.getElementById("words").textContent);
const text = document.getElementById("data").textContent, isPacked = !text.trimStart().startsWith("{");

function refuse(key, values) {
  const line = Object.assign(document.createElement("p"), { role: "alert", className: "banner" });
  line.textContent = texts(words, document.documentElement.lang).say(key, values);
  root.replaceChildren(line);
}

if (isPacked && !("DecompressionStream" in window)) refuse("error.old_browser");
else unpacked(text).then((data) => {
  const version = otherVersion(data);
  if (version !== null) refuse("error.version", { version: String(version) });
  else window.player = mountPlayer(root, data, data.words, data.language); // its words are packed with it
});
