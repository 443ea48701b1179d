// Asking the clinic: access for somebody else, or another member of the family on the own login.
import { Act } from "./api.js";
import { h } from "./dom.js";
import { form } from "./form.js";
import { options } from "./fields.js";
import { enter, trouble } from "./home.js";
import { whois } from "./member.js";
import { band, called } from "./people.js";
import { post } from "./session.js";
import { say } from "./text.js";
import { clinicName, load, show } from "./view.js";

/** What somebody can be to a client; the code as HL7 writes it. */
export const KIN = ["MTH", "FTH", "PRN", "STPMTH", "STPFTH", "STPPRN", "MTHFOST", "FTHFOST", "PRNFOST", "GRMTH", "GRFTH", "GRPRN",
  "SIS", "BRO", "SIB", "AUNT", "UNCLE", "SPS", "DOMPART", "CHILD", "FRND", "FAMMEMB", "RESPRSN", "ONESELF"];

/** Choices for what somebody is to a client. */
export const kinships = (left = []) =>
  KIN.filter((code) => !left.includes(code)).map((value) => ({ value, label: say(`kin.${value.toLowerCase()}`) }));

const note = () => ({ name: "note", type: "textarea", rows: "3", label: say("ask.note"), hint: say("ask.note-hint"), maxlength: "500",
  autocomplete: "off", required: false });

/** Shows what can be asked for. */
export function ask(id) {
  enter(id, () => load(() => whois(id), first, (problem) => trouble("ask.title", problem, () => ask(id))));
}

function first(who) {
  show("ask.title",
    band(who),
    h("h1", null, say("ask.title")),
    form({
      fields: [{ name: "kind", type: "radio", label: say("ask.what"), empty: "ask.choose",
        options: options("ask", ["family-member", "access"]).map((one) => ({ ...one, label: say(`ask.${one.value}`, { name: called(who) }) })) }],
      submit: say("continue"),
      after: [h("a", { href: `#member/${who.id}/people` }, say("back"))],
      done: async ({ kind }) => details(who, kind),
    }));
}

function details(who, kind) {
  const act = new Act();
  const isAccess = kind === "access";
  show("ask.title",
    band(who),
    h("h1", null, say(`ask.${kind}`, { name: called(who) })),
    form({
      keep: `ask ${who.id} ${kind}`,
      fields: [
        { name: "name", label: say(isAccess ? "ask.person" : "ask.client"), maxlength: "100", autocomplete: "off", empty: "ask.no-name" },
        isAccess
          ? { name: "email", label: say("ask.email"), hint: say("ask.email-hint"), type: "email", inputmode: "email", autocomplete: "off",
            autocapitalize: "none", spellcheck: "false", empty: "sign-in.no-email" }
          : { name: "birth_date", label: say("ask.born"), type: "date", empty: "date.empty" },
        { name: "relationship", label: isAccess ? say("ask.kin-theirs", { name: called(who) }) : say("ask.kin-yours"), type: "select",
          options: kinships(["ONESELF"]), empty: "form.choose-one" },
        note(),
      ],
      submit: say("ask.submit"),
      after: [h("button", { type: "button", class: "plain", onclick: () => first(who) }, say("back"))],
      done: async (values) => {
        const wish = { kind, name: values.name.trim(), relationship: values.relationship };
        if (isAccess) wish.email = values.email.trim();
        else wish.birth_date = values.birth_date;
        const words = values.note.replace(/\s+/g, " ").trim();
        await post(act, `/members/${who.id}/requests`, words ? { wish, note: words } : { wish }, who.id);
        show("ask.title",
          band(who),
          h("h1", null, say("ask.sent")),
          h("p", null, say("ask.sent-text", { clinic: clinicName })),
          h("p", null, h("a", { class: "go", href: "#home" }, say("back.home"))),
          h("p", null, h("a", { href: `#member/${who.id}/people` }, say("circle.title"))));
      },
    }));
}
