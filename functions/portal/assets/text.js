// Words, dates and numbers in the reader's language. One more language is one more file and one more line here.
import en from "./en.js";
import es from "./es.js";

const languages = { en, es };
let current = choose();

// Kept in the history entry, so that a reload keeps it; nowhere else.
function choose() {
  const wanted = [history.state?.language, ...navigator.languages];
  const found = wanted.map((code) => String(code).slice(0, 2)).find((code) => Object.hasOwn(languages, code));
  return found ?? "en";
}

export const codes = Object.keys(languages);
export const language = () => current;
export const nameOf = (code) => languages[code]["language.name"];

export function keepLanguage() {
  document.documentElement.lang = current;
  history.replaceState({ ...history.state, language: current }, "");
}

export function setLanguage(code) {
  current = code;
  keepLanguage();
}

/** A text. Values that are functions are called, so that a date follows the language. */
export function t(key, values = {}) {
  const text = languages[current][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name];
    return typeof value === "function" ? value() : apart(String(value ?? ""));
  });
}

// Text from right to left stands apart, so that it does not turn the sentence around it.
const apart = (text) => (/[\u0590-\u08ff\ufb1d-\ufefc]/.test(text) ? `\u2068${text}\u2069` : text);

/** The same as a function: a child of `h` that follows the language. */
export const say = (key, values) => () => t(key, values);

/** A text that depends on a number: `key.one`, `key.other`. */
export const sayCount = (key, count, values) => () => {
  const rule = new Intl.PluralRules(current).select(count) === "one" ? "one" : "other";
  return t(`${key}.${rule}`, { count, ...values });
};

export const has = (key) => Object.hasOwn(languages[current], key);

export const day = (instant) => () =>
  new Intl.DateTimeFormat(current, { dateStyle: "long" }).format(new Date(instant));

export const moment = (instant) => () =>
  new Intl.DateTimeFormat(current, { dateStyle: "long", timeStyle: "short" }).format(new Date(instant));

/** A date without a time belongs to no zone. */
export const birthday = (date) => () =>
  new Intl.DateTimeFormat(current, { dateStyle: "long", timeZone: "UTC" }).format(new Date(`${date}T00:00:00Z`));
