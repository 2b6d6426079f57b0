// The words of a page: both languages at hand, one of them spoken.
import { fill, written } from "../peersim/locales/catalogue.js";

/** A saying in the language of the page; a name that somebody gave stands as it is. */
export const spoken = (saying, say) => (typeof saying === "string" ? saying : say(saying.key, saying.values));

/**
 * Sentences and numbers in a language.
 * `words` holds all sentences of the page by language and key; keys of "faces" stand without that word.
 */
export function texts(words, language) {
  const sentences = words[language];
  return {
    language,
    say: (key, values = {}) => fill(sentences, key, values, language),
    has: (key) => key in sentences || `${key}.other` in sentences,
    number: (value, form = "g") => written(value, form, language),
  };
}
