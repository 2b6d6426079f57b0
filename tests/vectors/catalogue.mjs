// Runs catalogue.json with the catalogue of pages; prints what comes out otherwise.
import { readFileSync } from "node:fs";
import { fill, flat, written } from "../../peersim/locales/catalogue.js";

const vectors = JSON.parse(readFileSync(new URL("catalogue.json", import.meta.url), "utf8"));
const same = (what, said, wanted) => said === wanted || console.log(`${what}: ${said}, not ${wanted}`);

for (const [value, form, en, da] of vectors.numbers) {
  same(`${value} as ${form} in English`, written(value, form, "en"), en);
  same(`${value} as ${form} in Danish`, written(value, form, "da"), da);
}
const sentences = flat(vectors.sentences);
for (const [key, values, language, text] of vectors.filled) {
  same(`${key} in ${language}`, fill(sentences, key, values, language), text);
}
