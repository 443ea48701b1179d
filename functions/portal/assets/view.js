// What stands on the page: one view at a time, its heading in focus.
import { h } from "./dom.js";
import { say, t } from "./text.js";

const main = document.getElementById("main");
const clinic = document.querySelector("meta[name=clinic]").content;
let title = null;
let turn = 0;
let waiting;

/** The clinic's name. */
export const clinicName = clinic;

/** Titles stand in the browser's history, so they never name anybody. */
export function retitle() {
  document.title = title ? `${t(title)} · ${clinic}` : clinic;
}

function put(key, children) {
  clearTimeout(waiting);
  title = key;
  retitle();
  const view = h("div", { class: "view" }, ...children);
  view.querySelector("h1")?.setAttribute("tabindex", "-1");
  return view;
}

function focus(view) {
  view.querySelector("h1")?.focus({ preventScroll: true });
  scrollTo(0, 0);
}

/** Replaces the view. */
export function show(key, ...children) {
  turn += 1;
  const view = put(key, children);
  main.replaceChildren(view);
  focus(view);
}

/** Puts a view over the present one, which stays as it is, with everything typed in it. Returns what brings it back. */
export function cover(key, ...children) {
  const [before, was] = [[...main.children], title];
  const view = put(key, children);
  for (const element of before) element.hidden = true;
  main.append(view);
  focus(view);
  return () => {
    view.remove();
    for (const element of before) element.hidden = false;
    title = was;
    retitle();
    before.at(-1)?.querySelector("h1")?.focus();
  };
}

/** Loads something and then shows it, unless the person has gone elsewhere meanwhile. Says "loading" only after a moment. */
export async function load(work, then, otherwise) {
  const mine = (turn += 1);
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    if (mine === turn && !main.querySelector(".view:not([hidden]) form")) {
      main.replaceChildren(h("h1", { class: "loading" }, say("loading")));
    }
  }, 300);
  try {
    const result = await work();
    if (mine === turn) then(result);
  } catch (problem) {
    if (mine === turn) otherwise(problem);
  } finally {
    if (mine === turn) clearTimeout(waiting);
  }
}

/** A line that says how something stands. */
export const line = () => h("p", { class: "line", role: "status", "aria-live": "polite" });
