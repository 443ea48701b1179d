// Recovery codes for paper, shown once.
import { Act } from "./api.js";
import { h } from "./dom.js";
import { button } from "./form.js";
import { backToLogin } from "./own-login.js";
import { post } from "./session.js";
import { say } from "./text.js";
import { clinicName, show } from "./view.js";

/** Shows what the codes are for; makes them when somebody asks. */
export function codes() {
  const act = new Act();
  show("codes.title",
    backToLogin(),
    h("h1", null, say("codes.title")),
    h("p", null, say("login.codes-text")),
    button(say("login.make-codes"), async () => made(await post(act, "/login/recovery-codes", {}))));
}

function made({ codes: all }) {
  show("codes.title",
    h("h1", null, say("codes.yours")),
    h("p", { class: "note" }, say("login.keep-codes")),
    h("p", null, clinicName),
    h("ol", { class: "codes" }, all.map((code) => h("li", null, h("code", null, code)))),
    h("p", { class: "row" },
      h("button", { type: "button", onclick: () => print() }, say("login.print")),
      h("a", { href: "#login" }, say("codes.kept"))));
}
