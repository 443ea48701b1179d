// Showing once more who it is, over the page: what was typed below stays, and is sent afterwards.
import { Act } from "./api.js";
import { h } from "./dom.js";
import { button, form } from "./form.js";
import { hasPasskeys, own as withKey, proveWithPasskey } from "./passkey.js";
import { login, post, whenStale } from "./session.js";
import { codeField, digits } from "./sign-in.js";
import { say } from "./text.js";
import { cover } from "./view.js";

const password = new Act();
const code = new Act();

whenStale((problem) => new Promise((resolve, reject) => {
  let uncover = () => {};
  const stage = (...view) => {
    uncover();
    uncover = cover(...view);
  };
  const proved = () => {
    uncover();
    resolve();
  };
  const leave = h("button", { type: "button", class: "plain", onclick: () => {
    uncover();
    reject(problem);
  } }, say("prove.not-now"));
  stage("prove.title",
    h("h1", null, say("prove.title")),
    h("p", null, say("prove.text")),
    hasPasskeys() && h("div", { class: "first" }, button(say("prove.passkey"), async () => {
      await proveWithPasskey();
      proved();
    }, { kind: "second", own: withKey })),
    form({
      fields: [
        // For the browser's memory of passwords: it wants to know whose.
        { element: h("p", { class: "hint", dir: "auto" }, login()?.name ?? ""), name: "who", value: () => null },
        { name: "password", label: say("sign-in.password"), type: "password", autocomplete: "current-password",
          empty: "sign-in.no-password", own: "prove.wrong" },
      ],
      submit: say("continue"),
      after: [leave],
      done: async (values) => {
        const answer = await post(password, "/login/step-up", { password: values.password });
        if (answer.result === "code-sent") enterCode(answer.challenge);
        else proved();
      },
    }));

  function enterCode(challenge) {
    stage("prove.title",
      h("h1", null, say("code.title")),
      h("p", null, say("code.sent")),
      form({
        fields: [codeField()],
        submit: say("continue"),
        after: [leave],
        done: async (values) => {
          await post(code, "/login/code", { challenge, code: digits(values.code) });
          proved();
        },
      }));
  }
}));
