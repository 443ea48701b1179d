// Filling in a form before signing it: one page of the paper after the other, then a look at all answers. What somebody writes is
// saved as it is written, in the portal itself, so a closed tab loses nothing.
import { Act, Problem } from "./api.js";
import { fill as put, h, unique } from "./dom.js";
import { draft, drop } from "./draft.js";
import { between } from "./fields.js";
import { button, explain, form as makeForm } from "./form.js";
import { called, find } from "./people.js";
import { call, post } from "./session.js";
import { address, go, head, refuse } from "./sign.js";
import { clock, say, t } from "./text.js";
import { line, load, show } from "./view.js";

const MOMENT = 1200; // ms without a key before what was typed is saved
const LATER = 8000; // ms until a save that did not arrive is tried again

/** Shows a step of filling in: `fill`, `fill-2`, …, and at last `check`. */
export function fill(all, at) {
  const draw = () => {
    const page = Number(at.split("-")[1] ?? 1);
    if (at === "check" || !all.form.editable || !all.form.pages[page - 1]) check(all);
    else write(all, page);
  };
  if (all.form) draw();
  else load(() => read(all), draw, (problem) => failed(all, problem, () => fill(all, at)));
}

const path = (all) => `${all.path}/slots/${all.one.mine.slot}/answers`;

async function read(all) {
  const found = await call("GET", path(all), { who: all.who.id });
  const pages = [...new Set(found.fields.map((field) => field.page))].sort((one, other) => one - other);
  all.form = { ...found, pages, base: found.answers, clashes: {}, act: new Act() };
  all.form.save = saver(all);
}

function failed(all, problem, again) {
  show("fill.title", head(all, 2, "fill.title"), h("p", { class: "trouble", role: "alert" }, explain(problem)),
    button(say("again"), again));
}

const same = (one, other) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

/** Puts what another window saved under what was written here: a field changed only there takes that, one changed in both keeps this. */
function join(form, newest) {
  const names = new Set([...Object.keys(newest.answers), ...Object.keys(form.base), ...Object.keys(form.answers)]);
  const joined = {};
  for (const name of names) {
    const [mine, was, theirs] = [form.answers[name], form.base[name], newest.answers[name]];
    const isMine = !same(mine, was);
    if (isMine && !same(theirs, was) && !same(mine, theirs)) form.clashes[name] = theirs;
    const kept = isMine ? mine : theirs;
    if (kept !== undefined) joined[name] = kept;
  }
  Object.assign(form, { answers: joined, base: newest.answers, version: newest.version, editable: newest.editable });
}

/** Saves one after the other; what is written meanwhile goes with the next. */
function saver(all) {
  const { form } = all;
  const told = (state) => {
    form.state = state;
    form.tell?.();
    // The browser asks before it closes a page with something that was not saved.
    if (state === "saved") drop(`fill ${all.one.id}`);
    else draft(`fill ${all.one.id}`).typed = "not saved";
  };
  const once = async () => {
    const answers = form.answers;
    told("saving");
    try {
      const saved = await post(form.act, path(all), { answers, version: form.version }, all.who.id);
      Object.assign(form, { ...saved, saved_at: new Date().toISOString(), base: answers, sent: true });
    } catch (problem) {
      if (problem.status !== 409) throw problem;
      const newest = await call("GET", path(all), { who: all.who.id });
      if (!newest.editable || newest.version === form.version) throw problem;
      join(form, newest);
      await once();
      form.redraw?.();
    }
  };
  let running = null;
  form.saving = () => running;
  return async () => {
    while (running) await running.catch(() => {});
    clearTimeout(form.later);
    if (form.sent && same(form.answers, form.base)) return told("saved");
    running = once();
    try {
      await running;
    } catch (problem) {
      told("unsaved");
      if (problem.unknown) form.later = setTimeout(() => form.save().catch(() => {}), LATER);
      throw problem;
    } finally {
      running = null;
    }
    return told(same(form.answers, form.base) ? "saved" : "unsaved");
  };
}

addEventListener("online", () => document.dispatchEvent(new Event("save-now")));

const isNothing = (value) => value === undefined || value === null || value === false || value.length === 0 || (typeof value === "string" && !value.trim());

/** What the fields of a page say now, into the answers. */
function take(form, values) {
  const answers = { ...form.answers };
  for (const { name } of form.fields) {
    if (!Object.hasOwn(values, name)) continue;
    if (isNothing(values[name])) delete answers[name];
    else answers[name] = typeof values[name] === "string" ? values[name].replace(/\r\n/g, "\n") : values[name];
  }
  form.answers = answers;
}

function write(all, page) {
  const { form } = all;
  const number = form.pages[page - 1];
  const status = line();
  const details = { unsaved: "fill.unsaved", saving: "fill.saving" };
  form.tell = () => put(status, form.state === "saved" ? say("fill.saved", { time: clock(form.saved_at) }) : details[form.state] && say(details[form.state]));
  form.redraw = () => status.isConnected && write(all, page);
  let waiting;
  // A field that is taken off the page says once more what stood in it, over what came from another window meanwhile.
  const drawn = {};
  form.drawn = drawn;
  const changed = (values, isDone) => {
    if (form.drawn !== drawn) return;
    take(form, values);
    form.state = "unsaved";
    draft(`fill ${all.one.id}`).typed = "not saved";
    clearTimeout(waiting);
    // What does not fit is told when the person goes on.
    waiting = setTimeout(() => form.save().catch(() => {}), isDone ? 0 : MOMENT);
  };
  const now = () => {
    if (status.isConnected) form.save().catch(() => {});
    else document.removeEventListener("save-now", now);
  };
  document.addEventListener("save-now", now);
  const last = page === form.pages.length;
  show("fill.title",
    head(all, 2, "fill.title", page > 1 && `fill-${page - 1}`),
    h("p", null, h("strong", null, h("bdi", null, all.one.title)), " · ",
      say("fill.page", { page: number, pages: all.one.pages }), " · ", h("a", { href: address(all, "read") }, say("packet.again"))),
    page === 1 && sources(all),
    form.left?.length > 0 && h("p", { class: "note" }, say("fill.left", { count: form.left.length })),
    form.state !== "unsaved" && form.version > 0 && page === 1 && h("p", { class: "hint" }, say("fill.begun")),
    makeForm({
      fields: form.fields.filter((field) => field.page === number).map((field) => spec(form, field)),
      submit: say(last ? "fill.look" : "continue"),
      after: [refuse(all)],
      changed,
      done: async (values) => {
        clearTimeout(waiting);
        take(form, values);
        await form.save();
        go(all, last ? "check" : `fill-${page + 1}`);
      },
    }),
    status);
  form.tell();
}

/** A field of the paper as one of the page. */
function spec(form, field) {
  const { name, required, kind } = field;
  const value = form.answers[name];
  const theirs = form.clashes[name];
  const hint = theirs !== undefined && [say("fill.elsewhere"), " ", h("bdi", null, spoken(field, theirs))];
  const common = { name, label: h("bdi", null, field.label), hint, required, value };
  const options = (field.options ?? []).map((option) => ({ value: option.value, label: option.label }));
  if (kind === "check-box") return { ...common, type: "checkbox", value: value === true, empty: "fill.tick" };
  if (kind === "radio") return { ...common, type: "radio", options: required ? options : [...options, { value: "", label: say("fill.none") }], empty: "form.choose-one" };
  if (kind === "choice" && field.multiple) return { ...common, type: "checks", options, value: [value ?? []].flat() };
  if (kind === "choice" && !field.editable) return { ...common, type: "select", options, value: value ?? "" };
  const list = kind === "choice" && unique();
  const most = field.max_length ?? 4000;
  return { ...common, type: field.multiline ? "textarea" : "text", value: value ?? "", maxlength: String(most), autocomplete: "off",
    dir: "auto", rows: field.multiline && "4", list: list || null,
    beside: list && h("datalist", { id: list }, options.map((option) => h("option", { value: option.value }, option.label))) };
}

/** An answer as people read it. */
function spoken(field, value) {
  if (value === true) return t("fill.yes");
  const label = (one) => (field.options ?? []).find((option) => option.value === one)?.label ?? one;
  return [value].flat().map(label).join(", ");
}

/** Own answers on the same form for somebody else of the family. */
function sources(all) {
  const { form, who } = all;
  if (form.version > 0 || form.sources.length === 0 || Object.keys(form.answers).length > 0) return false;
  const known = form.sources.filter((from) => find(from.member));
  return known.length > 0 && h("section", { class: "note" },
    h("h2", null, say("fill.same")),
    h("p", null, say("fill.same-text")),
    known.map((from) => button(say("fill.use", { name: called(find(from.member)) }), async () => {
      const carried = await post(new Act(), `${path(all)}/carry`, { from, version: form.version }, who.id);
      Object.assign(form, { answers: carried.answers, base: carried.answers, version: carried.version, left: carried.left_empty, sent: false });
      form.redraw();
    }, { kind: "second" })));
}

/** All answers, before they are signed. Who shares the form with somebody else sees that person's. */
function check(all) {
  const { form } = all;
  const missing = () => form.fields.filter((field) => field.required && isNothing(form.answers[field.name]));
  const row = (field) => h("li", null, h("div", { class: "grow" },
    h("span", { class: "hint" }, h("bdi", null, field.label)),
    h("p", { dir: "auto", class: "answer" }, isNothing(form.answers[field.name])
      ? say(form.editable && field.required ? "fill.missing" : "fill.nothing") : spoken(field, form.answers[field.name]))));
  const section = (number, at) => h("section", null,
    h("h2", null, say("fill.page", { page: number, pages: all.one.pages })),
    h("ul", { class: "rows" }, form.fields.filter((field) => field.page === number).map(row)),
    form.editable && h("p", null, h("a", { href: address(all, at === 0 ? "fill" : `fill-${at + 1}`) }, say("fill.change"),
      h("span", { class: "unseen" }, " ", say("fill.page", { page: number, pages: all.one.pages })))));
  show("fill.check",
    head(all, 2, "fill.check", form.editable && (form.pages.length > 1 ? `fill-${form.pages.length}` : "fill")),
    h("p", null, h("strong", null, h("bdi", null, all.one.title)), " · ", h("a", { href: address(all, "read") }, say("packet.again"))),
    h("p", null, say(form.editable ? "fill.check-text" : "fill.others-text")),
    form.pages.map(section),
    makeForm({
      fields: [between()],
      submit: say("continue"),
      after: [refuse(all)],
      done: async () => {
        if (form.editable) {
          await form.save();
          const [first] = missing();
          if (first) throw new Problem(422, "fill-first");
        }
        all.checked = true;
        go(all, "sign");
      },
      own: { "fill-first": "fill.first" },
    }));
}
