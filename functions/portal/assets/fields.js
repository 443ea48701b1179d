// The kinds of fields: what stands on the page, what value it gives, where an error is shown.
import { fill, h, unique } from "./dom.js";
import { language, say, t } from "./text.js";

const kinds = { select, radio: choices, checks: choices, date };

/** Makes a field from its description; one that has an element already is taken as it is. */
export function field(spec) {
  if (spec.element) return { check: () => null, complain: () => {}, ...spec };
  return (kinds[spec.type] ?? single)(spec);
}

const isEmpty = (given) => given === undefined || given === false || given === "" || given?.length === 0;

/** What every kind has in common. `inputs` are marked when something is wrong with them. */
function part({ name, own, empty, required = true, check = () => null }, { id, element, error, inputs, value, kept = false }) {
  return {
    name, id, own, element, value, kept,
    check: (given) => (isEmpty(given) ? (required ? empty ?? "form.empty" : null) : check(given)),
    complain(message) {
      fill(error, message && [h("span", { class: "unseen" }, say("form.error"), " "), message]);
      element.classList.toggle("wrong", Boolean(message));
      for (const input of inputs) {
        if (message) input.setAttribute("aria-invalid", "true");
        else input.removeAttribute("aria-invalid");
      }
    },
    focus: () => inputs[0].focus(),
  };
}

const labelled = (label, required) => (required === false ? [label, " ", h("span", { class: "soft" }, say("form.optional"))] : label);

/** One input, with its label above; a box has it beside. */
function single(spec) {
  const { name, label, hint, type = "text", check, own, empty, value = "", required = true, beside, ...more } = spec;
  const id = unique();
  const isBox = type === "checkbox";
  const isArea = type === "textarea";
  const input = h(isArea ? "textarea" : "input", {
    id, name, type: !isArea && type, "aria-describedby": hint ? `${id}h ${id}e` : `${id}e`, "aria-required": required && "true", ...more,
  });
  if (isBox) input.checked = value === true;
  else if (type !== "file") input.value = value;
  const error = h("p", { class: "error", id: `${id}e` });
  const text = h("label", { for: id }, labelled(label, required));
  const tip = hint && h("p", { class: "hint", id: `${id}h` }, hint);
  const element = isBox
    ? h("div", { class: "field box" }, error, h("div", { class: "tick" }, input, text), tip)
    : h("div", { class: "field" }, text, tip, error, input, beside, type === "password" && reveal(input));
  return part(spec, {
    id, element, error, inputs: [input], kept: !isBox && type !== "file" && type !== "password",
    value: () => (isBox ? input.checked : type === "file" ? (more.multiple ? [...input.files] : input.files[0]) : input.value),
  });
}

function reveal(input) {
  const box = h("input", { type: "checkbox", id: `${input.id}r`, onchange: () => {
    input.type = box.checked ? "text" : "password";
  } });
  return h("div", { class: "tick small" }, box, h("label", { for: box.id }, say("password.show")));
}

function select(spec) {
  const { name, label, hint, options, value = "", required = true, onchange } = spec;
  const id = unique();
  const input = h("select", { id, name, "aria-describedby": hint ? `${id}h ${id}e` : `${id}e`, "aria-required": required && "true", onchange },
    h("option", { value: "" }, say("form.choose")),
    options.map((option) => h("option", { value: option.value }, option.label)));
  input.value = value;
  const error = h("p", { class: "error", id: `${id}e` });
  const element = h("div", { class: "field" }, h("label", { for: id }, labelled(label, required)),
    hint && h("p", { class: "hint", id: `${id}h` }, hint), error, input);
  return part(spec, { id, element, error, inputs: [input], value: () => input.value, kept: true });
}

/** Several boxes, of which one (`radio`) or any number (`checks`) can be chosen. */
function choices(spec) {
  const { name, label, hint, options, type, value, onchange, required = true } = spec;
  const id = unique();
  const isOne = type === "radio";
  const error = h("p", { class: "error", id: `${id}e` });
  const rows = options.map((option, at) => {
    const own = at === 0 ? id : unique();
    const input = h("input", { type: isOne ? "radio" : "checkbox", id: own, name: isOne ? `${name}${id}` : name, value: option.value });
    input.checked = isOne ? value === option.value : (value ?? []).includes(option.value);
    const row = h("div", { class: "tick" }, input,
      h("label", { for: own }, option.label, option.hint && h("span", { class: "hint" }, option.hint)));
    return { input, row };
  });
  const inputs = rows.map(({ input }) => input);
  const picked = () => inputs.filter((input) => input.checked).map((input) => input.value);
  const valueNow = () => (isOne ? picked()[0] ?? "" : picked());
  const element = h("fieldset", { class: "field", "aria-describedby": `${id}e` },
    h("legend", null, labelled(label, required)), hint && h("p", { class: "hint" }, hint), error,
    h("div", { class: options.length > 6 ? "columns" : null }, rows.map(({ row }) => row)));
  if (onchange) element.addEventListener("change", () => onchange(valueNow()));
  return part(spec, { id, element, error, inputs, value: valueNow, kept: true });
}

const ORDER = { en: ["month", "day", "year"] };

/** A date in three fields, in the order of the reader's language; its value is `2020-02-29`, or what was typed when it is no date. */
function date(spec) {
  const { label, hint, value = "", required = true, autocomplete = "off" } = spec;
  const id = unique();
  const [year = "", month = "", day = ""] = value.split("-");
  const start = { year, month, day };
  const error = h("p", { class: "error", id: `${id}e` });
  const inputs = {};
  const cells = (ORDER[language()] ?? ["day", "month", "year"]).map((name, at) => {
    const own = at === 0 ? id : unique();
    inputs[name] = h("input", { id: own, name: `${spec.name}-${name}`, inputmode: "numeric", maxlength: name === "year" ? "4" : "2",
      class: `date-${name}`, autocomplete: autocomplete === "bday" ? `bday-${name}` : "off", "aria-describedby": `${id}e` });
    inputs[name].value = start[name];
    return h("div", null, h("label", { for: own }, say(`date.${name}`)), inputs[name]);
  });
  const element = h("fieldset", { class: "field" },
    h("legend", null, labelled(label, required)), hint && h("p", { class: "hint" }, hint), error, h("div", { class: "date" }, cells));
  const read = () => {
    const typed = ["year", "month", "day"].map((name) => inputs[name].value.trim());
    if (typed.every((text) => text === "")) return "";
    return typed.map((text, at) => text.padStart(at === 0 ? 4 : 2, "0")).join("-");
  };
  const check = spec.check ?? (() => null);
  return part({ ...spec, check: (given) => (isDate(given) ? check(given) : "date.wrong") },
    { id, element, error, inputs: Object.values(inputs), value: read, kept: true });
}

function isDate(text) {
  const found = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(found.valueOf()) && found.toISOString().startsWith(text) && text > "1890";
}

/** The last moment of a day, on the reader's clocks. */
export const endOf = (text) => (text ? new Date(`${text}T23:59:59`).toISOString() : undefined);

/** The first moment of a day. */
export const startOf = (text) => (text ? new Date(`${text}T00:00:00`).toISOString() : undefined);

/** A moment as a field for dates takes it. */
export function dateOf(instant) {
  if (!instant) return "";
  const at = new Date(instant);
  const two = (number) => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** A field of its own that only shows something between others. */
export const between = (...children) => ({ name: unique(), element: h("div", null, ...children), value: () => null });

/** Whether two texts mean the same to a reader: capitals and accents do no harm. */
export const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();

/** The words for a choice from a closed list: `prefix.value`. */
export const options = (prefix, values) => values.map((value) => ({ value, label: () => t(`${prefix}.${value}`) }));
