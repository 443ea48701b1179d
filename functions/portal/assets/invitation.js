// An invitation, one step a page. Nothing is asked of the server before somebody taps: mail scanners open links too.
import { Act } from "./api.js";
import { announce, h } from "./dom.js";
import { button, form } from "./form.js";
import { call, login, post, refresh } from "./session.js";
import { codeField, digits, signIn } from "./sign-in.js";
import { language, moment, say, sayCount } from "./text.js";
import { clinicName, show } from "./view.js";

const SHORTEST = 15; // characters of a password, as the API has it

/** The field for a password that somebody chooses. */
export const passwordField = (value = "") => ({ name: "password", label: say("new-login.password"), hint: say("new-login.hint"),
  type: "password", autocomplete: "new-password", value, empty: "new-login.short", own: "new-login.guessable",
  check: (given) => ([...given].length < SHORTEST ? "new-login.short" : null) });

/** Starts with the token from the link. */
export function invitation(token, home) {
  const state = { token, home, name: "", code: "" };
  const acts = { confirm: new Act(), accept: new Act(), decline: new Act() };
  const who = () => (login() ? "session" : "nobody");

  function start() {
    show("invitation.title",
      h("h1", null, say("invitation.title")),
      h("p", null, say("invitation.from", { clinic: clinicName })),
      button(say("continue"), async () => {
        if (!login()) await refresh();
        await look().catch(over);
      }));
  }

  async function look() {
    state.found = await call("POST", "/invitations/look", { body: { token }, who: who(), key: crypto.randomUUID() });
    choose();
  }

  function choose() {
    const { members, expires_at: until, clinic } = state.found;
    const me = login();
    show("invitation.title",
      h("h1", null, sayCount("invitation.shares", members, { clinic })),
      h("p", { class: "hint" }, say("invitation.until", { date: moment(until) })),
      me
        ? [h("p", null, say("invitation.signed-in", { name: me.name }), " ", say("invitation.not-you")), next(say("invitation.accept"), proceed)]
        : [h("p", null, say("invitation.choose")), next(say("invitation.new"), proceed),
          next(say("invitation.have"), existing, "second")],
      h("p", null, h("button", { type: "button", class: "plain", onclick: declining }, say("invitation.decline"))));
  }

  const next = (label, go, kind = "") => button(label, async () => go(), { kind, own: { gone: "invitation.gone" } });

  function existing() {
    const back = h("button", { type: "button", class: "plain", onclick: choose }, say("back"));
    signIn({ after: [back], done: () => look().catch(over).catch(start) });
  }

  function proceed() {
    if (state.found.needs_code && !state.code) askForCode();
    else if (login()) return accept();
    else newLogin();
    return undefined;
  }

  function askForCode() {
    show("invitation.proof",
      h("h1", null, say("invitation.proof")),
      h("p", null, say("invitation.proof-text")),
      button(say("invitation.send"), async () => {
        await post(acts.confirm, "/invitations/confirm", { token }, "nobody");
        enterCode();
      }, { own: { gone: "invitation.gone", conflict: "invitation.no-more-codes" } }),
      h("p", null, h("button", { type: "button", class: "plain", onclick: () => enterCode() }, say("invitation.have-code"))));
  }

  function enterCode(wrong) {
    show("code.title",
      h("h1", null, say("code.title")),
      wrong ? h("p", { class: "trouble", role: "alert" }, say("code.wrong")) : h("p", null, say("code.sent")),
      form({
        fields: [codeField()],
        submit: say("continue"),
        own: { gone: "invitation.gone" },
        after: [h("button", { type: "button", class: "plain", onclick: askForCode }, say("code.another"))],
        done: async (values) => {
          state.code = digits(values.code);
          await proceed();
        },
      }));
  }

  function newLogin() {
    show("new-login.title",
      h("h1", null, say("new-login.title")),
      h("p", null, say("new-login.text")),
      form({
        fields: [
          { name: "name", label: say("new-login.name"), hint: say("new-login.name-hint"), autocomplete: "name", maxlength: "100",
            value: state.name, empty: "new-login.no-name" },
          passwordField(state.password),
        ],
        submit: say("new-login.submit"),
        own: { gone: "invitation.gone" },
        done: async ({ name, password }) => {
          Object.assign(state, { name: name.trim(), password });
          await accept({ name: state.name, password, language: language() });
        },
      }));
  }

  async function accept(fresh) {
    const body = { token };
    if (state.found.needs_code) body.code = state.code;
    if (fresh) body.new_login = fresh;
    try {
      await post(acts.accept, "/invitations/accept", body, fresh ? "nobody" : "session");
    } catch (problem) {
      // The form has no group for the new login.
      if (problem.field?.startsWith("new_login.")) problem.field = problem.field.slice("new_login.".length);
      if (problem.field !== "code") throw problem;
      state.code = "";
      enterCode(true);
      return;
    }
    delete state.password;
    announce(say("invitation.accepted"));
    if (fresh) signIn({ note: say("invitation.made"), done: home });
    else {
      show("invitation.accepted",
        h("h1", null, say("invitation.accepted")),
        h("p", null, sayCount("invitation.reach", state.found.members)),
        button(say("back.home"), async () => home()));
    }
  }

  function declining() {
    show("invitation.decline",
      h("h1", null, say("invitation.decline-title")),
      h("p", null, say("invitation.decline-text")),
      button(say("invitation.decline"), async () => {
        await post(acts.decline, "/invitations/decline", { token }, "nobody");
        show("invitation.declined",
          h("h1", null, say("invitation.declined")), h("p", null, say("invitation.declined-text")));
      }, { kind: "grave", own: { gone: "invitation.gone" } }),
      h("p", null, h("button", { type: "button", class: "plain", onclick: choose }, say("back"))));
  }

  /** A link that is used, too old or cut off. */
  function over(problem) {
    if (!/^(gone|not-found|malformed|cannot-be-done)$/.test(problem.kind)) throw problem;
    broken(() => (login() ? home() : signIn({ done: home })));
  }

  start();
}

/** A link that opens nothing. */
export function broken(home) {
  show("invitation.title",
    h("h1", null, say("invitation.broken")),
    h("p", null, say("invitation.gone")),
    button(() => say(login() ? "back.home" : "sign-in.title")(), async () => home(), { kind: "second" }));
}
