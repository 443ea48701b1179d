// Words, dates and numbers in the reader's language. One more language is one more file and one more line here.

const files = { en: () => import("./en.js"), es: () => import("./es.js") };
const officeFiles = { en: () => import("./en-office.js"), es: () => import("./es-office.js") };

let current = choose();
let words = (await files[current]()).default;
let office = null;

// Kept in the history entry, so that a reload keeps it; nowhere else.
function choose() {
  const wanted = [history.state?.language, ...navigator.languages];
  const found = wanted.map((code) => String(code).slice(0, 2)).find((code) => Object.hasOwn(files, code));
  return found ?? "en";
}

export const codes = Object.keys(files);
export const language = () => current;

/** What a language calls itself. */
export function nameOf(code) {
  const name = new Intl.DisplayNames(code, { type: "language" }).of(code);
  return name.charAt(0).toLocaleUpperCase(code) + name.slice(1);
}

export function keepLanguage() {
  const { documentElement: root } = document;
  root.lang = current;
  root.dir = new Intl.Locale(current).getTextInfo?.().direction ?? "ltr";
  history.replaceState({ ...history.state, language: current }, "");
}

async function read(code) {
  const parts = await Promise.all([files[code](), office ? officeFiles[code]() : { default: {} }]);
  return Object.assign({}, ...parts.map((part) => part.default));
}

/** Reads the words that only staff need, once. */
export function readOfficeWords() {
  office ??= officeFiles[current]().then((more) => {
    words = { ...words, ...more.default };
  });
  return office;
}

export async function setLanguage(code) {
  words = await read(code);
  current = code;
  keepLanguage();
}

/** A text. Values that are functions are called, so that a date follows the language. */
export function t(key, values = {}) {
  const text = words[key] ?? key;
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

export const has = (key) => Object.hasOwn(words, key);

export const day = (instant) => () =>
  new Intl.DateTimeFormat(current, { dateStyle: "long" }).format(new Date(instant));

export const moment = (instant) => () =>
  new Intl.DateTimeFormat(current, { dateStyle: "long", timeStyle: "short" }).format(new Date(instant));

/** Only the time of the day. */
export const clock = (instant) => () =>
  new Intl.DateTimeFormat(current, { timeStyle: "short" }).format(new Date(instant));

/** A date without a time belongs to no zone. */
export const birthday = (date) => () =>
  new Intl.DateTimeFormat(current, { dateStyle: "long", timeZone: "UTC" }).format(new Date(`${date}T00:00:00Z`));

/** Several things in one sentence. Each may be a function. */
export const listed = (things) => () =>
  new Intl.ListFormat(current).format(things.map((thing) => (typeof thing === "function" ? thing() : String(thing))));
