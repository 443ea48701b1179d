// One's own passkeys.
import { Act } from "./api.js";
import { h } from "./dom.js";
import { button, form } from "./form.js";
import { trouble } from "./home.js";
import { backToLogin } from "./own-login.js";
import { hasPasskeys, make, own } from "./passkey.js";
import { call, post } from "./session.js";
import { day, say } from "./text.js";
import { load, show } from "./view.js";

/** Shows your own passkeys. */
export function passkeys() {
  load(() => call("GET", "/login/passkeys"), draw, (problem) => trouble("passkeys.title", problem, passkeys));
}

function draw({ passkeys: all }) {
  show("passkeys.title",
    backToLogin(),
    h("h1", null, say("passkeys.title")),
    h("p", null, say("passkeys.text")),
    all.length === 0
      ? h("p", null, say("passkeys.none"))
      : h("ul", { class: "rows" }, all.map(row)),
    h("h2", null, say("passkeys.add")),
    hasPasskeys() ? adding() : h("p", null, say("passkeys.not-here")));
}

const row = (one) => h("li", { class: one.state !== "usable" && "refused" },
  h("div", { class: "grow" }, h("strong", null, h("bdi", null, one.nickname)),
    h("span", { class: "hint" }, say("passkeys.since", { date: day(one.added_at) }),
      one.used_at && [" · ", say("passkeys.used", { date: day(one.used_at) })]),
    one.state !== "usable" && h("p", null,
      say(one.state === "suspended" ? "passkeys.suspended" : "passkeys.other-address"))),
  button([say("passkeys.remove"), h("span", { class: "unseen" }, " ", one.nickname)], async () => removing(one),
    { kind: "second" }));

function adding() {
  return form({
    fields: [{ name: "nickname", label: say("passkeys.nickname"), hint: say("passkeys.nickname-hint"), maxlength: "60",
      autocomplete: "off", empty: "passkeys.no-nickname", own: "passkeys.no-nickname" }],
    submit: say("passkeys.make"),
    own: { ...own, "passkey-known": "passkey.known" },
    done: async ({ nickname }) => {
      await post(new Act(), "/login/passkeys", await make(nickname.trim()));
      passkeys();
    },
  });
}

function removing(one) {
  const act = new Act();
  show("passkeys.title",
    h("h1", null, say("passkeys.remove-title", { name: one.nickname })),
    h("p", null, say("passkeys.remove-text")),
    button(say("passkeys.remove"), async () => {
      await post(act, `/login/passkeys/${one.id}/remove`, {});
      passkeys();
    }, { kind: "grave", own }),
    h("p", null, h("button", { type: "button", class: "plain", onclick: passkeys }, say("back"))));
}
