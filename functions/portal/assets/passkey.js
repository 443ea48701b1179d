// Passkeys: a button before the sign-in form, a proof that it is you, and the page with your own.
import { Act, Problem, send } from "./api.js";
import { h } from "./dom.js";
import { button, form } from "./form.js";
import { trouble } from "./home.js";
import { call, post } from "./session.js";
import { day, say } from "./text.js";
import { load, show } from "./view.js";

const own = { "passkey-stopped": "passkey.stopped", "sign-in-again": "passkey.unknown", gone: "passkey.stopped" };

/** Whether this browser knows passkeys at all. */
export const hasPasskeys = () => "PublicKeyCredential" in window;

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

/** What the device says, or why it said nothing: mostly, that the person closed its question. */
async function device(asking) {
  try {
    return await asking();
  } catch (error) {
    throw new Problem(400, error.name === "InvalidStateError" ? "passkey-known" : "passkey-stopped");
  }
}

/** A signature of the device, for whom the person picks there. */
async function sign() {
  const { ceremony, public_key: options } = await send("POST", "/login/passkey/begin", { body: {} });
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: [] };
  const { id, response } = await device(() => navigator.credentials.get({ publicKey }));
  return {
    ceremony,
    credential: {
      id,
      user_handle: text(response.userHandle ?? new ArrayBuffer(0)),
      client_data_json: text(response.clientDataJSON),
      authenticator_data: text(response.authenticatorData),
      signature: text(response.signature),
    },
  };
}

/** The first way to sign in, before the form; nothing where the browser knows no passkeys. */
export const passkeyFirst = (done) => hasPasskeys() && h("div", { class: "first" },
  button(say("passkey.sign-in"), async () => {
    const answer = await post(new Act(), "/login/passkey", await sign(), "nobody");
    done(answer.session);
  }, { own }),
  h("p", { class: "hint" }, say("passkey.or")));

/** Proves once more who is signed in. */
export async function proveWithPasskey() {
  await post(new Act(), "/login/passkey", await sign());
}

/** Shows your own passkeys. */
export function passkeys() {
  load(() => call("GET", "/login/passkeys"), draw, (problem) => trouble("passkeys.title", problem, passkeys));
}

function draw({ passkeys: all }) {
  show("passkeys.title",
    h("h1", null, say("passkeys.title")),
    h("p", null, say("passkeys.text")),
    all.length === 0
      ? h("p", null, say("passkeys.none"))
      : h("ul", { class: "rows" }, all.map(row)),
    h("h2", null, say("passkeys.add")),
    hasPasskeys() ? adding() : h("p", null, say("passkeys.not-here")),
    h("p", null, h("a", { href: "#home" }, say("back.home"))));
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

/** A key that the device makes. */
async function make(nickname) {
  const { ceremony, public_key: options } = await call("POST", "/login/passkeys/begin", { body: {} });
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: (options.excludeCredentials ?? []).map((one) => ({ ...one, id: bytes(one.id) })),
  };
  const { response } = await device(() => navigator.credentials.create({ publicKey }));
  return {
    ceremony,
    nickname,
    credential: {
      client_data_json: text(response.clientDataJSON), attestation_object: text(response.attestationObject),
    },
  };
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
