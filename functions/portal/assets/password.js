// Another password for one's own login.
import { Act } from "./api.js";
import { h } from "./dom.js";
import { form } from "./form.js";
import { passwordField } from "./invitation.js";
import { backToLogin } from "./own-login.js";
import { login, post } from "./session.js";
import { say } from "./text.js";
import { show } from "./view.js";

/** Shows the form. */
export function password() {
  const act = new Act();
  show("password.title",
    backToLogin(),
    h("h1", null, say("password.title")),
    h("p", null, say("password.text")),
    form({
      fields: [
        // For the browser's memory of passwords: it wants to know whose.
        { element: h("p", { class: "hint", dir: "auto" }, login().name), name: "who", value: () => null },
        passwordField(),
      ],
      submit: say("recover.submit"),
      done: async (values) => {
        await post(act, "/login/password", { password: values.password });
        show("password.title", h("h1", null, say("recover.done")), h("p", null, say("password.done")),
          h("p", null, h("a", { class: "go", href: "#login" }, say("login.back"))));
      },
    }));
}
