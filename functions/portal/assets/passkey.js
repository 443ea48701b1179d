// Passkeys: a button before the sign-in form, a proof that it is you, a new key.
import { Act, Problem, send } from "./api.js";
import { h } from "./dom.js";
import { button } from "./form.js";
import { call, post } from "./session.js";
import { say } from "./text.js";

/** What problems mean here. */
export const own = { "passkey-stopped": "passkey.stopped", "sign-in-again": "passkey.unknown", gone: "passkey.stopped" };

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

/** A key that the device makes. */
export async function make(nickname) {
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
