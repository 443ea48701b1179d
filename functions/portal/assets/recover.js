// A new password for somebody who lost the old one: a code from paper, a code from the mailbox, the new password.
import { Act } from "./api.js";
import { h } from "./dom.js";
import { form } from "./form.js";
import { passwordField } from "./invitation.js";
import { post } from "./session.js";
import { codeField, digits, paperField } from "./sign-in.js";
import { say } from "./text.js";
import { clinicName, show } from "./view.js";

const first = new Act();
const second = new Act();

/** Asks for the address and the code from paper. `back` leads to where the person came from. */
export function recover({ stage = show, back }) {
  const leave = h("button", { type: "button", class: "plain", onclick: back }, say("back"));
  stage("recover.title",
    h("h1", null, say("recover.title")),
    h("p", null, say("recover.text")),
    form({
      fields: [
        { name: "email", label: say("sign-in.email"), type: "email", autocomplete: "username", inputmode: "email",
          autocapitalize: "none", spellcheck: "false", empty: "sign-in.no-email" },
        paperField(),
      ],
      submit: say("continue"),
      own: { "sign-in-again": "recover.wrong" },
      after: [leave],
      done: async (values) => {
        const body = { email: values.email.trim(), code: values.paper.trim() };
        const answer = await post(first, "/login/recover", body, "nobody");
        renew(answer.challenge, { stage, back, leave });
      },
    }),
    h("p", { class: "hint" }, say("recover.help", { clinic: clinicName })));
}

function renew(challenge, { stage, back, leave }) {
  stage("recover.title",
    h("h1", null, say("recover.new")),
    h("p", null, say("code.sent")),
    form({
      fields: [
        codeField(),
        passwordField(),
      ],
      submit: say("recover.submit"),
      own: { "sign-in-again": "code.wrong" },
      after: [leave],
      done: async (values) => {
        const body = { challenge, code: digits(values.code), password: values.password };
        await post(second, "/login/recover/confirm", body, "nobody");
        stage("recover.title",
          h("h1", null, say("recover.done")),
          h("p", null, say("recover.done-text")),
          h("p", null, h("button", { type: "button", onclick: back }, say("sign-in.title"))));
      },
    }));
}
