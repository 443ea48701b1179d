// One's own login: where one is signed in, and the codes for paper.
import { Act } from "./api.js";
import { fill, h } from "./dom.js";
import { button } from "./form.js";
import { trouble } from "./home.js";
import { call, post, signOut } from "./session.js";
import { moment, say } from "./text.js";
import { load, show } from "./view.js";

/** Shows one's own login. */
export function ownLogin() {
  load(() => call("GET", "/login/sessions"), draw, (problem) => trouble("login.title", problem, ownLogin));
}

function draw({ sessions }) {
  show("login.title",
    h("h1", null, say("login.title")),
    h("h2", null, say("login.sessions")),
    h("ul", { class: "rows" }, sessions.map(row)),
    sessions.length > 1 && button(say("login.end-others"), async () => {
      await post(new Act(), "/login/sessions/end-others", {});
      ownLogin();
    }, { kind: "second" }),
    h("h2", null, say("login.codes")),
    h("p", null, say("login.codes-text")),
    codes(),
    h("p", null, h("a", { href: "#home" }, say("back.home"))));
}

function row({ id, began_at, last_used, is_this }) {
  return h("li", null,
    h("div", { class: "grow" },
      h("strong", null, say(is_this ? "login.this" : "login.other")),
      h("span", { class: "hint" }, say("login.since", { date: moment(began_at), last: moment(last_used) }))),
    is_this
      ? button(say("sign-out"), signOut, { kind: "second" })
      : button(say("login.end"), async () => {
        await post(new Act(), `/login/sessions/${id}/end`, {});
        ownLogin();
      }, { kind: "second" }));
}

function codes() {
  const shown = h("div", { "aria-live": "polite" });
  const act = new Act();
  return h("div", null, button(say("login.make-codes"), async () => {
    const made = await post(act, "/login/recovery-codes", {});
    fill(shown, h("p", { class: "note" }, say("login.keep-codes")),
      h("ol", null, made.codes.map((code) => h("li", null, h("code", null, code)))),
      h("button", { type: "button", class: "plain", onclick: () => print() }, say("login.print")));
  }, { kind: "second" }), shown);
}
