// The words of a page: both languages at hand, one of them spoken.
import { fill, written } from "../peersim/locales/catalogue.js";

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
