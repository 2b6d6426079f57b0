// Builds the pages' scripts and style into peersim/app/static. Whoever installs peersim needs neither
// this nor Node: what is built is committed, and its first line carries the digest of its sources.
import { build } from "esbuild";
import { minify } from "terser";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const into = join(here, "../peersim/app/static");
const ENTRIES = ["play", "serve", "share", "year"]; // entry_NAME.js becomes NAME.js
const LIBRARIES = ["lit-html"];
const CATALOGUE = join(here, "../peersim/locales/catalogue.js");

/** Sources in the order of their names; tests/pages/test_bundle.py does the same in Python. */
function digest() {
  const hash = createHash("sha256");
  const files = readdirSync(here, { recursive: true }).map((name) => name.replaceAll("\\", "/"))
    .filter((name) => /\.(js|mjs|css|json)$/.test(name) && name !== "package-lock.json" && !name.startsWith("node_modules/"));
  for (const name of files.sort()) hash.update(name).update(readFileSync(join(here, name)));
  return hash.update(readFileSync(CATALOGUE)).digest("hex").slice(0, 16);
}

function licences() {
  return LIBRARIES.map((name) => {
    const folder = join(here, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json")));
    return `${name} ${version} (${license})\n${readFileSync(join(folder, "LICENSE"), "utf8").trim()}`;
  }).join("\n\n");
}

/** The player's style, for a root of its own inside somebody else's page. */
async function inShadow() {
  const { outputFiles } = await build({ entryPoints: [join(here, "widget/widget.css")], bundle: true, minify: true, write: false, logLevel: "warning" });
  return outputFiles[0].text.replaceAll(":root", ":host");
}

/** Templates without the indentation that they have in the sources. */
const unindented = { name: "unindented", setup: ({ onLoad }) => onLoad({ filter: /[/\\]web[/\\]([a-z]+[/\\])?\w+\.js$/ },
  ({ path }) => ({ contents: readFileSync(path, "utf8").replace(/\n\s+/g, "\n") })) };

const sources = digest();
/** One script: esbuild brings together what it needs, and terser makes it shorter than esbuild would. */
async function script(name, more) {
  const { outputFiles } = await build({ entryPoints: [join(here, `entry_${name}.js`)], plugins: [unindented], bundle: true, minify: true, write: false,
    target: "es2022", charset: "utf8", legalComments: "none", logLevel: "warning", ...more });
  const { code } = await minify(outputFiles[0].text, { ecma: 2022, module: true, compress: { passes: 3, pure_getters: true } });
  writeFileSync(join(into, `${name}.js`), `/* built from ${sources} */\n${code}\n`);
}

for (const name of ENTRIES) await script(name, { format: "iife" });
await script("widget", { format: "esm", define: { STYLE: JSON.stringify(await inShadow()) } }); // for notebooks
for (const [from, to] of [["pages.css", "app.css"], ["entry_play.css", "play.css"]]) {
  await build({ entryPoints: [join(here, from)], outfile: join(into, to), bundle: true, minify: true, logLevel: "warning",
    banner: { css: `/* built from ${sources} */` } });
}
writeFileSync(join(into, "LICENCES.txt"), `${licences()}\n`);
