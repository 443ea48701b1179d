// Signing in: address and password, then a code on a device that is new.
import { Act } from "./api.js";
import { h } from "./dom.js";
import { form } from "./form.js";
import { recover } from "./recover.js";
import { passkeyFirst } from "./passkey.js";
import { login, post, signedIn, whenOver } from "./session.js";
import { say } from "./text.js";
import { clinicName, cover, show } from "./view.js";

const password = new Act();
const code = new Act();

/** Shows the form in place (`stage` is `show` or something like it) and calls `done` when somebody is signed in. */
export function signIn({ stage = show, note, done, after = [] }) {
  stage("sign-in.title",
    h("h1", null, say("sign-in.title")),
    note && h("p", { class: "note" }, note),
    passkeyFirst((session) => finish(session, done)),
    form({
      fields: [
        { name: "email", label: say("sign-in.email"), type: "email", autocomplete: "username", inputmode: "email",
          autocapitalize: "none", spellcheck: "false", empty: "sign-in.no-email",
          check: (value) => (/^\s*\S+@\S+\.\S+\s*$/.test(value) ? null : "sign-in.bad-email") },
        { name: "password", label: say("sign-in.password"), type: "password", autocomplete: "current-password",
          empty: "sign-in.no-password" },
      ],
      submit: say("sign-in.submit"),
      own: { "sign-in-again": "sign-in.wrong" },
      after,
      done: async (values) => {
        const body = { email: values.email.trim(), password: values.password };
        const answer = await post(password, "/login", body, "nobody");
        if (answer.result === "code-sent") enterCode(answer.challenge, { stage, done, note, after });
        else finish(answer.session, done);
      },
    }),
    h("p", null, h("button", { type: "button", class: "plain", onclick: () => recover({ stage, back: () => signIn({ stage, note, done, after }) }) },
      say("sign-in.lost"))),
    h("p", { class: "hint" }, say("sign-in.help", { clinic: clinicName })),
    h("p", { class: "hint" }, h("a", { href: "/verify" }, say("sign-in.verify"))));
}

function enterCode(challenge, { stage, done, note, after }) {
  const back = h("button", { type: "button", class: "plain", onclick: () => signIn({ stage, done, note, after }) },
    say("sign-in.other"));
  const paper = h("button", { type: "button", class: "plain", onclick: () => enterPaper(challenge, { stage, done, note, after }) },
    say("code.paper"));
  stage("code.title",
    h("h1", null, say("code.title")),
    h("p", null, say("code.sent")),
    form({
      fields: [codeField()],
      submit: say("code.submit"),
      own: { "sign-in-again": "code.wrong" },
      after: [paper, back],
      done: async (values) => {
        const body = { challenge, code: digits(values.code) };
        finish((await post(code, "/login/code", body, "nobody")).session, done);
      },
    }));
}

/** One of the recovery codes in place of the mailed one. */
function enterPaper(challenge, { stage, done, note, after }) {
  const back = h("button", { type: "button", class: "plain", onclick: () => enterCode(challenge, { stage, done, note, after }) },
    say("back"));
  stage("code.title",
    h("h1", null, say("code.paper-title")),
    form({
      fields: [paperField()],
      submit: say("code.submit"),
      own: { "sign-in-again": "code.paper-wrong" },
      after: [back],
      done: async (values) => {
        const body = { challenge, recovery_code: values.paper.trim() };
        finish((await post(code, "/login/code", body, "nobody")).session, done);
      },
    }));
}

/** The field for a code from paper. */
export const paperField = () => ({
  name: "paper", label: say("code.paper-label"), hint: say("code.paper-hint"), autocomplete: "off", autocapitalize: "characters",
  spellcheck: "false", maxlength: "30", empty: "code.paper-empty",
  check: (given) => (given.replace(/[^0-9a-z]/gi, "").length === 16 ? null : "code.paper-empty"),
});

/** The field for a code from a mail; spaces do no harm. */
export const codeField = (value = "") => ({
  name: "code", label: say("code.label"), hint: say("code.hint"), inputmode: "numeric", autocomplete: "one-time-code",
  maxlength: "20", value, empty: "code.empty", own: "code.wrong",
  check: (given) => (/^\d{4,10}$/.test(digits(given)) ? null : "code.empty"),
});

export const digits = (text) => text.replace(/[\s-]/g, "");

function finish(session, done) {
  if (signedIn(session)) done(session);
}

// A session that ends while somebody types: sign in over the page, then go on with what was about to be sent.
whenOver(() => new Promise((resolve) => {
  let uncover = () => {};
  const stage = (...view) => {
    uncover();
    uncover = cover(...view);
  };
  const before = login();
  signIn({
    stage,
    note: before && say("sign-in.over"),
    done: () => {
      uncover();
      resolve();
    },
  });
}));
