// One's own login: everything that a person can do with it, each on a page of its own.
import { h } from "./dom.js";
import { login } from "./session.js";
import { say } from "./text.js";
import { show } from "./view.js";

const pages = ["addresses", "passkeys", "password", "sessions", "codes", "merge"];

/** Shows what there is. */
export function ownLogin() {
  show("login.title",
    h("h1", null, say("login.title")),
    h("p", { class: "hint" }, say("login.as"), " ", h("bdi", null, login().name)),
    h("ul", { class: "cards" }, pages.map((name) => h("li", null, h("a", { class: "card", href: `#${name}` },
      h("span", { class: "grow" }, h("strong", null, say(`${name}.title`)), h("span", { class: "hint" }, say(`${name}.short`))),
      h("span", { class: "arrow", "aria-hidden": "true" }, "›"))))),
    h("p", null, h("a", { href: "#home" }, say("back.home"))));
}

/** The way back from each of them. */
export const backToLogin = () => h("p", { class: "up" }, h("a", { href: "#login" }, say("login.back")));
