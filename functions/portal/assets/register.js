// Registering clients, several at once: brothers and sisters come together.
import { Act } from "./api.js";
import { fill, h } from "./dom.js";
import { explain } from "./form.js";
import { field } from "./fields.js";
import { post } from "./session.js";
import { birthday, say, sayCount } from "./text.js";
import { show } from "./view.js";

/** Shows the form. */
export function register() {
  const rows = [];
  const list = h("ol", { class: "entries" });
  const send = h("button", { type: "submit" }, say("register.submit"));
  const more = h("button", { type: "button", class: "second", onclick: () => add(rows.at(-1)?.name.value()).name.focus() }, say("register.more"));

  function add(like = "") {
    // Brothers and sisters mostly share the family's name.
    const family = like.trim().includes(" ") ? ` ${like.trim().split(/\s+/).slice(1).join(" ")}` : "";
    const row = {
      act: new Act(),
      name: field({ name: "name", label: say("register.name"), maxlength: "100", autocomplete: "off", value: family, empty: "ask.no-name" }),
      born: field({ name: "born", label: say("ask.born"), type: "date", empty: "date.empty" }),
    };
    row.element = h("li", { class: "entry" }, row.name.element, row.born.element,
      rows.length > 0 && h("button", { type: "button", class: "plain", onclick: () => {
        rows.splice(rows.indexOf(row), 1);
        row.element.remove();
      } }, say("register.less")));
    rows.push(row);
    list.append(row.element);
    return row;
  }

  async function run(event) {
    event.preventDefault();
    if (send.ariaBusy === "true") return;
    let first;
    for (const part of rows.flatMap((row) => [row.name, row.born])) {
      const key = part.check(typeof part.value() === "string" ? part.value().trim() : part.value());
      part.complain(key && say(key));
      if (key) first ??= part;
    }
    if (first) {
      first.focus();
      return;
    }
    send.ariaBusy = "true";
    // One after the other: what arrived is marked and not sent again.
    for (const row of rows.filter(({ id }) => !id)) {
      try {
        const body = { name: row.name.value().trim(), birth_date: row.born.value() };
        row.id = (await post(row.act, "/members", body)).id;
        row.body = body;
        fill(row.element, done(row));
      } catch (problem) {
        row.name.complain(explain(problem));
        first ??= row.name;
      }
    }
    send.ariaBusy = "false";
    if (first) first.focus();
    else finished(rows);
  }

  add();
  show("register.title",
    h("h1", null, say("register.title")),
    h("p", { class: "hint" }, say("register.text")),
    h("form", { novalidate: true, onsubmit: run }, list, h("div", { class: "row" }, more), h("div", { class: "row" }, send, h("a", { href: "#home" }, say("back")))));
}

const done = ({ id, body }) => h("p", null, "✓ ", h("a", { href: `#member/${id}` }, h("bdi", null, body.name)), ", ", birthday(body.birth_date));

function finished(rows) {
  show("register.title",
    h("h1", null, sayCount("register.done", rows.length)),
    h("ul", null, rows.map((row) => h("li", null, done(row)))),
    h("p", { class: "row" },
      h("a", { class: "go", href: `#invite/${rows.map(({ id }) => id).join(",")}` }, say("register.invite")),
      h("button", { type: "button", class: "second", onclick: register }, say("register.again")),
      h("a", { href: "#home" }, say("office.clients"))));
}
