// Two sign-ins of one person become one: prove the mailbox, see what else reaches it, then the other's password and a code.
import { Act } from "./api.js";
import { h } from "./dom.js";
import { form } from "./form.js";
import { trouble } from "./home.js";
import { backToLogin } from "./own-login.js";
import { call, post } from "./session.js";
import { codeField, digits } from "./sign-in.js";
import { say } from "./text.js";
import { load, show } from "./view.js";

/** Shows what may belong together. */
export function merge() {
  load(() => call("GET", "/login/aliases"), start, (problem) => trouble("merge.title", problem, merge));
}

const back = () => h("button", { type: "button", class: "plain", onclick: merge }, say("back"));

function start({ addresses, found }) {
  if (found.length > 0) {
    others(found);
    return;
  }
  const act = new Act();
  show("merge.title",
    backToLogin(),
    h("h1", null, say("merge.title")),
    h("p", null, say("merge.text")),
    addresses.length === 0
      ? h("p", { class: "note" }, say("merge.none"))
      : form({
        fields: [{ name: "email", type: "radio", label: say("merge.which"), empty: "form.choose-one",
          options: addresses.map(({ address }) => ({ value: address, label: address })),
          value: addresses.length === 1 ? addresses[0].address : undefined }],
        submit: say("invitation.send"),
        done: async ({ email }) => {
          await post(act, "/login/mailboxes", { email });
          prove(email);
        },
      }));
}

function prove(email) {
  const act = new Act();
  show("merge.title",
    h("h1", null, say("code.title")),
    h("p", null, say("addresses.sent", { email })),
    form({
      fields: [codeField()],
      submit: say("continue"),
      own: { "sign-in-again": "code.wrong", gone: "code.wrong" },
      after: [back()],
      done: async ({ code }) => {
        await post(act, "/login/mailboxes/confirm", { code: digits(code) });
        const { found } = await call("GET", "/login/aliases");
        if (found.length > 0) others(found);
        else show("merge.title", h("h1", null, say("merge.nothing")), h("p", null, say("merge.nothing-text")), backToLogin());
      },
    }));
}

function others(found) {
  const act = new Act();
  show("merge.title",
    h("h1", null, say("merge.found")),
    h("p", null, say("merge.found-text")),
    form({
      fields: [{ name: "email", type: "radio", label: say("merge.other"), empty: "form.choose-one",
        options: found.map((address) => ({ value: address, label: address })), value: found.length === 1 ? found[0] : undefined }],
      submit: say("invitation.send"),
      after: [h("a", { href: "#login" }, say("merge.not-mine"))],
      done: async ({ email }) => {
        await post(act, "/login/mailboxes", { email });
        finish(email);
      },
    }));
}

function finish(email) {
  const act = new Act();
  show("merge.title",
    h("h1", null, say("merge.join")),
    h("p", null, say("merge.join-text", { email })),
    form({
      fields: [codeField(), { name: "password", label: say("merge.password"), type: "password", autocomplete: "off",
        empty: "sign-in.no-password", own: "prove.wrong" }],
      submit: say("merge.submit"),
      own: { "sign-in-again": "merge.wrong", gone: "code.wrong" },
      after: [back()],
      done: async ({ code, password }) => {
        await post(act, "/login/merge", { code: digits(code), password });
        show("merge.title", h("h1", null, say("merge.done")), h("p", null, say("merge.done-text")),
          h("p", null, h("a", { class: "go", href: "#home" }, say("back.home"))));
      },
    }));
}

