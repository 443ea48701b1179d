// Who looked, and what was done: one's own acts, the clinic's, and the others' for those who may know of them.
import { h } from "./dom.js";
import { enter, trouble } from "./home.js";
import { whois } from "./member.js";
import { band, called, isOffice } from "./people.js";
import { call } from "./session.js";
import { clock, day, has, say } from "./text.js";
import { load, show } from "./view.js";

/** Shows what happened on a member's record. */
export function activity(id) {
  const read = async () => {
    const [who, { events }] = await Promise.all([whois(id), call("GET", `/members/${id}/activity`, { who: id })]);
    return { who, events };
  };
  enter(id, () => load(read, draw, (problem) => trouble("activity.title", problem, () => activity(id))));
}

function draw({ who, events }) {
  const days = new Map();
  for (const event of events) {
    const at = new Date(event.at).toDateString();
    days.set(at, [...(days.get(at) ?? []), event]);
  }
  show("activity.title",
    band(who, "/activity"),
    h("h1", null, say("activity.heading", { name: called(who) })),
    h("p", { class: "hint" }, say(isOffice(who) ? "activity.office" : "activity.text")),
    events.length === 0 && h("p", null, say("activity.none")),
    [...days.values()].map((some) => h("section", null,
      h("h2", null, day(some[0].at)),
      h("ul", { class: "rows tight" }, some.map(row)))));
}

const row = (event) => h("li", null,
  h("time", { class: "hint when", datetime: event.at }, clock(event.at)),
  h("div", { class: "grow" },
    h("strong", null, event.name ? h("bdi", null, event.name) : say(`by.${event.by}`)), " ",
    say(has(`event.${event.kind}`) ? `event.${event.kind}` : "event.other"),
    event.reason && h("span", { class: "hint", dir: "auto" }, event.reason)));
