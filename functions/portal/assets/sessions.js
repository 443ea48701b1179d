// Where one is signed in.
import { Act } from "./api.js";
import { h } from "./dom.js";
import { button } from "./form.js";
import { trouble } from "./home.js";
import { backToLogin } from "./own-login.js";
import { call, post, signOut } from "./session.js";
import { moment, say } from "./text.js";
import { load, show } from "./view.js";

/** Shows the own sessions. */
export function sessions() {
  load(() => call("GET", "/login/sessions"), draw, (problem) => trouble("sessions.title", problem, sessions));
}

function draw({ sessions: all }) {
  const others = new Act();
  show("sessions.title",
    backToLogin(),
    h("h1", null, say("sessions.title")),
    h("p", null, say("sessions.text")),
    h("ul", { class: "rows" }, all.map(row)),
    all.length > 1 && button(say("login.end-others"), async () => {
      await post(others, "/login/sessions/end-others", {});
      sessions();
    }, { kind: "second" }));
}

function row({ id, began_at, last_used, is_this }) {
  const act = new Act();
  return h("li", null,
    h("div", { class: "grow" },
      h("strong", null, say(is_this ? "login.this" : "login.other")),
      h("span", { class: "hint" }, say("login.since", { date: moment(began_at), last: moment(last_used) }))),
    is_this
      ? button(say("sign-out"), signOut, { kind: "second" })
      : button(say("login.end"), async () => {
        await post(act, `/login/sessions/${id}/end`, {});
        sessions();
      }, { kind: "second" }));
}
