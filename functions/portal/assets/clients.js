// The clinic's clients: search first. The API gives pages of a hundred; they are read one after the other, and searched here.
import { fill, h } from "./dom.js";
import { folded } from "./fields.js";
import { card, trouble, waitingFor, waitingList } from "./home.js";
import { everyone, isOffice, next, readMembers } from "./people.js";
import { say, sayCount } from "./text.js";
import { line, load, show } from "./view.js";

const SHOWN = 60; // more than anybody reads; who looks for somebody types

/** Shows the list and the search. */
export function clients() {
  load(() => readMembers(), () => draw(), (problem) => trouble("office.clients", problem, clients));
}

/** Whether a client fits what was typed: every word in the name, every number in the date of birth. */
export function fits(member, typed) {
  const words = folded(typed).match(/[\p{L}\p{M}'’-]+|\d+/gu) ?? [];
  const name = folded(member.name);
  const born = member.birth_date.split("-").map(Number);
  return words.every((word) => (/^\d/.test(word) ? born.includes(Number(word)) : name.includes(word)));
}

/** Reads the rest of the list while the page stands; `changed` is called after each page of it. */
export async function readAll(changed) {
  while (next()) {
    await readMembers(next());
    if (!changed()) return;
  }
}

function draw() {
  const own = everyone().filter((member) => !isOffice(member));
  const box = h("input", { id: "search", type: "search", autocomplete: "off", spellcheck: "false", "aria-describedby": "search-hint", oninput: look });
  const found = h("ul", { class: "cards" });
  const said = line();

  function look() {
    const all = everyone().filter(isOffice);
    const some = all.filter((member) => fits(member, box.value));
    fill(found, some.slice(0, SHOWN).map(card));
    fill(said, all.length === 0 ? say("clients.none") : some.length === 0
      ? say(next() ? "clients.still" : "clients.nobody")
      : sayCount("clients.found", some.length), some.length > SHOWN && [" ", say("clients.first", { count: SHOWN })]);
  }

  show("office.clients",
    own.length > 0 && waitingList(waitingFor(own), own),
    own.length > 0 && h("ul", { class: "cards" }, own.map(card)),
    h("h1", null, say("office.clients")),
    h("form", { role: "search", class: "search", onsubmit: (event) => {
      event.preventDefault();
      const only = found.querySelectorAll("a");
      if (only.length === 1) only[0].click();
    } },
      h("label", { for: "search" }, say("clients.search")), h("p", { class: "hint", id: "search-hint" }, say("clients.hint")), box),
    h("p", { class: "row" },
      h("a", { class: "go", href: "#register" }, say("register.title")),
      h("a", { class: "go second", href: "#invite" }, say("office.invite"))),
    said, found);
  look();
  readAll(() => {
    if (found.isConnected) look();
    return found.isConnected;
  }).catch(() => found.isConnected && fill(said, say("clients.part")));
}
