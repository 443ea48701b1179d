// One's own email addresses: add and confirm, choose the one that gets mail, give one up. And the name that the portal gave.
import { Act } from "./api.js";
import { h } from "./dom.js";
import { button, form } from "./form.js";
import { trouble } from "./home.js";
import { backToLogin } from "./own-login.js";
import { call, post } from "./session.js";
import { codeField, digits } from "./sign-in.js";
import { say } from "./text.js";
import { load, show } from "./view.js";

/** Shows the own addresses. */
export function addresses() {
  load(() => call("GET", "/login/mailboxes"), draw, (problem) => trouble("addresses.title", problem, addresses));
}

/** The field for an address. */
export const emailField = (more) => ({ name: "email", label: say("addresses.new"), type: "email", inputmode: "email", autocomplete: "email",
  autocapitalize: "none", spellcheck: "false", empty: "sign-in.no-email",
  check: (value) => (/^\s*\S+@\S+\.\S+\s*$/.test(value) ? null : "sign-in.bad-email"), ...more });

function draw({ addresses: all, sign_in_name: name }) {
  show("addresses.title",
    backToLogin(),
    h("h1", null, say("addresses.title")),
    h("p", null, say("addresses.text")),
    h("ul", { class: "rows" }, all.map((one) => row(one, all.length))),
    h("p", null, h("button", { type: "button", onclick: () => adding() }, say("addresses.add"))),
    h("h2", null, say("addresses.name")),
    h("p", null, h("code", { class: "big" }, name)),
    h("p", { class: "hint" }, say("addresses.name-text")));
}

function row(one, count) {
  const act = new Act();
  return h("li", null,
    h("div", { class: "grow" }, h("strong", null, h("bdi", null, one.address)),
      one.receives_mail && h("span", { class: "hint" }, say("addresses.mail"))),
    !one.receives_mail && button([say("addresses.prefer"), h("span", { class: "unseen" }, " ", one.address)], async () => {
      await post(act, `/login/mailboxes/${one.id}/prefer`, {});
      addresses();
    }, { kind: "second" }),
    count > 1 && h("button", { type: "button", class: "plain", onclick: () => removing(one) },
      say("addresses.remove"), h("span", { class: "unseen" }, " ", one.address)));
}

const stay = () => h("button", { type: "button", class: "plain", onclick: addresses }, say("back"));

function adding() {
  const act = new Act();
  show("addresses.title",
    h("h1", null, say("addresses.add")),
    h("p", null, say("addresses.add-text")),
    form({
      fields: [emailField()],
      submit: say("invitation.send"),
      after: [stay()],
      done: async ({ email }) => {
        await post(act, "/login/mailboxes", { email: email.trim() });
        confirming(email.trim());
      },
    }));
}

function confirming(email) {
  const act = new Act();
  show("addresses.title",
    h("h1", null, say("code.title")),
    h("p", null, say("addresses.sent", { email })),
    form({
      fields: [codeField()],
      submit: say("continue"),
      own: { "sign-in-again": "code.wrong", gone: "code.wrong" },
      after: [h("button", { type: "button", class: "plain", onclick: adding }, say("sign-in.other")), stay()],
      done: async ({ code }) => {
        await post(act, "/login/mailboxes/confirm", { code: digits(code) });
        show("addresses.title",
          h("h1", null, say("addresses.added")),
          h("p", null, say("addresses.added-text", { email })),
          h("p", null, h("button", { type: "button", onclick: addresses }, say("addresses.title"))));
      },
    }));
}

function removing(one) {
  const act = new Act();
  show("addresses.title",
    h("h1", null, say("addresses.remove-title")),
    h("p", null, h("strong", null, h("bdi", null, one.address))),
    h("p", null, say("addresses.remove-text")),
    button(say("addresses.remove"), async () => {
      await post(act, `/login/mailboxes/${one.id}/remove`, {});
      addresses();
    }, { kind: "grave" }),
    h("p", null, stay()));
}
