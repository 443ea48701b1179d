// Forms: label above, hint under it, errors beside the field and in a summary that takes the focus. Nothing is ever disabled.
import { Problem } from "./api.js";
import { announce, fill, h } from "./dom.js";
import { draft, drop } from "./draft.js";
import { field } from "./fields.js";
import { has, language, say, t } from "./text.js";

/** What a problem means for the person, as a text that follows the language. */
export function explain(problem, own = {}) {
  if (!(problem instanceof Problem)) return say("problem.internal");
  if (own[problem.kind]) return say(own[problem.kind]);
  if (problem.status === 0) return say(navigator.onLine ? "problem.unreachable" : "problem.offline");
  if (problem.kind === "too-many" && problem.wait > 1) return say("problem.wait", { seconds: problem.wait });
  // The API's own words are English; they say more than the kind does.
  return () => {
    const detail = language() === "en" && /^(conflict|cannot-be-done|gone)$/.test(problem.kind) && problem.detail;
    if (detail) return `${detail.charAt(0).toUpperCase()}${detail.slice(1)}.`;
    return t(has(`problem.${problem.kind}`) ? `problem.${problem.kind}` : "problem.internal");
  };
}

/** A button that acts once at a time: a second tap while it works does nothing. */
export function button(label, act, { kind = "", own } = {}) {
  const trouble = h("p", { class: "trouble", role: "alert" });
  const element = h("button", { type: "button", class: kind }, label);
  const run = async () => {
    if (element.ariaBusy === "true") return;
    element.ariaBusy = "true";
    fill(trouble);
    try {
      await act(element);
    } catch (problem) {
      fill(trouble, explain(problem, own), problem.unknown && [" ", again(run)]);
    } finally {
      element.ariaBusy = "false";
    }
  };
  element.addEventListener("click", run);
  return h("div", { class: "act" }, element, trouble);
}

const again = (run) => h("button", { type: "button", class: "plain", onclick: run }, say("again"));

/**
 * A form. A field is `{ name, label, hint, type, check, … }`; `check` gets the value and gives the key of a text when it does
 * not fit. A field with an `element` brings its own. `done` gets the values; what it throws is shown here. With `keep`, what is
 * typed stays under that name until it is sent. `changed` hears every change with all values, and whether a field is done.
 */
export function form({ fields, submit, done, own, after = [], kind = "", keep, changed }) {
  const typed = keep ? draft(keep) : {};
  const parts = fields.map((spec) => field(Object.hasOwn(typed, spec.name) ? { ...spec, value: typed[spec.name] } : spec));
  const summary = h("div", { class: "summary", role: "alert", tabindex: "-1", hidden: true });
  const send = h("button", { type: "submit", class: kind }, submit);
  const element = h("form", { novalidate: true, class: "form" }, summary, parts.map((part) => part.element),
    h("div", { class: "row" }, send, ...after));

  const complain = (errors, retry) => {
    for (const part of parts) part.complain(errors.find((error) => error.name === part.name)?.message);
    summary.hidden = errors.length === 0;
    if (!errors.length) return;
    const items = errors.map(({ name, message }) => {
      const part = parts.find((candidate) => candidate.name === name);
      const go = (event) => {
        event.preventDefault();
        part.focus();
      };
      return h("li", null, part ? h("a", { href: `#${part.id}`, onclick: go }, message) : message);
    });
    fill(summary, h("h2", null, say("form.problem")), h("ul", null, items),
      retry && h("button", { type: "button", onclick: () => element.requestSubmit() }, say("again")));
    summary.focus();
  };

  if (keep) {
    element.addEventListener("input", () => {
      for (const part of parts) if (part.kept) draft(keep)[part.name] = part.value();
    });
  }
  if (changed) {
    const values = () => Object.fromEntries(parts.map((part) => [part.name, part.value()]));
    element.addEventListener("input", () => changed(values(), false));
    element.addEventListener("change", () => changed(values(), true));
  }
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (send.ariaBusy === "true") return;
    const values = Object.fromEntries(parts.map((part) => [part.name, part.value()]));
    const errors = parts
      .map((part) => ({ name: part.name, key: part.check(values[part.name]) }))
      .filter(({ key }) => key)
      .map(({ name, key }) => ({ name, message: say(key) }));
    complain(errors);
    if (errors.length) return;
    send.ariaBusy = "true";
    announce(say("form.sending"));
    try {
      await done(values);
      if (keep) drop(keep);
    } catch (problem) {
      if (problem.errors?.length) {
        complain(problem.errors.map(({ field: name, rule }) => ({ name, message: say(has(`answer.${rule}`) ? `answer.${rule}` : "form.empty") })));
        return;
      }
      const part = parts.find((candidate) => candidate.name === problem.field);
      const message = part?.own && problem.status === 422 ? say(part.own) : explain(problem, own);
      complain([{ name: part?.name, message }], problem.unknown);
    } finally {
      send.ariaBusy = "false";
      announce("");
    }
  });
  return element;
}
