// The catalogue for a page's script: what peersim/kernel/catalogue.py and numbers.py do in Python.
// Both are held to tests/vectors/catalogue.json.

const BLANK = /\{(\w+)(?::([+%\w]+))?\}/g;
const FORM = /^(\+?)(\d+|%\d*|points\d*|about|kr|g\d*)$/;
const SPACE = "\u00a0";

/** All sentences of a language by key, from the tree that its file holds. */
export function flat(tree, prefix = "") {
  return Object.assign({}, ...Object.entries(tree).map(([key, value]) =>
    typeof value === "object" && !Array.isArray(value)
      ? flat(value, `${prefix}${key}.`)
      : { [prefix + key]: Array.isArray(value) ? value.join("\n") : value }));
}

/** Fill the blanks of a sentence; a value may be a sentence itself: {key, values}. */
export function fill(sentences, key, values = {}, language = "en") {
  const text = sentences[key] ?? sentences[`${key}.${values.n === 1 ? "one" : "other"}`];
  if (text === undefined) throw new Error(`the catalogue has no sentence ${key}`);
  const show = (value, form) => {
    if (form === "and" || form === "or") return listed(sentences, value.map((each) => show(each)), form);
    if (value?.key) return fill(sentences, value.key, value.values, language);
    if (form || (typeof value === "number" && !Number.isInteger(value))) return written(value, form || "g", language);
    return String(value);
  };
  return text.replace(BLANK, (_, name, form) => show(values[name], form));
}

function listed(sentences, parts, last) {
  if (parts.length < 2) return parts.join("");
  return fill(sentences, `lists.${last}`, { some: parts.slice(0, -1).join(", "), last: parts.at(-1) });
}

/** Write a number in one of the formats of peersim/kernel/numbers.py. */
export function written(value, form = "g", language = "en") {
  const found = FORM.exec(form);
  if (!found) throw new Error(`there is no format ${form} for numbers`);
  if (value === null || !Number.isFinite(value)) return "–";
  const [, sign, kind] = found;
  const text = (number, digits) => decimals(number, digits, sign, language);
  if (/^(%|points)/.test(kind)) {
    const share = text(100 * value, digitsOfShare(value, kind));
    return kind[0] === "%" ? share + (language === "en" ? "%" : `${SPACE}%`) : share;
  }
  if (kind === "about") {
    const size = 10 ** Math.max(0, fixed(Math.abs(value), 0).length - 2);
    return text(Number(fixed(value / size, 0)) * size, 0);
  }
  if (kind === "kr") return language === "en" ? `DKK${SPACE}${text(value, 0)}` : `${text(value, 0)}${SPACE}kr.`;
  if (kind[0] === "g") {
    const digits = kind.slice(1);
    const rounded = digits ? significant(value, Number(digits)) : Number(fixed(value, 6));
    return text(rounded, needed(rounded));
  }
  return text(value, Number(kind));
}

const MOST_OF_SHARE = 3;

/** More decimals rather than nothing for something, or all for nearly all. */
function digitsOfShare(value, kind) {
  const asked = kind.replace(/^(%|points)/, ""), size = Math.abs(value), usual = Number(asked);
  if (!(size > 0 && size < 1) || (asked && kind[0] === "p")) return usual;
  for (let digits = asked || (size >= 0.01 && size <= 0.99) ? usual : 1; digits <= MOST_OF_SHARE; digits++) {
    if (![0, 100].includes(Number(fixed(100 * size, digits)))) return digits;
  }
  return usual;
}

/** Round as Python does: what lies exactly in the middle goes to the even digit. */
function fixed(value, digits) {
  const text = value.toFixed(digits);
  const isTie = Math.abs(value * 2 ** (digits + 1)) % 2 === 1;
  return isTie && Number(text.at(-1)) % 2 ? (value * (1 - 2 ** -52)).toFixed(digits) : text;
}

function significant(value, digits) {
  const places = digits - 1 - (value && Number(value.toExponential().split("e")[1]));
  return places < 0 ? Number(fixed(value / 10 ** -places, 0)) * 10 ** -places : Number(fixed(value, places));
}

function needed(value) {
  const [digits, power = 0] = String(value).split("e");
  return Math.max(0, (digits.split(".")[1] ?? "").length - Number(power));
}

function decimals(value, digits, sign, language) {
  const places = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const text = new Intl.NumberFormat(language, places).format(fixed(Math.abs(value), digits));
  return (/[1-9]/.test(text) ? (value < 0 ? "\u2212" : sign) : "") + text;
}
