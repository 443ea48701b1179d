// Asking for signatures: which paper, who signs in which capacity; and taking a request back.
import { Act } from "./api.js";
import { h } from "./dom.js";
import { between, options } from "./fields.js";
import { form } from "./form.js";
import { enter, trouble } from "./home.js";
import { whois } from "./member.js";
import { band, called } from "./people.js";
import { call, post } from "./session.js";
import { day, say } from "./text.js";
import { load, show } from "./view.js";
import { readPeople } from "./who-sees.js";

const CAPACITIES = ["parent", "guardian", "patient", "assent", "witness"];
const usual = (authority) => (authority === "self" ? "patient" : authority === "parental-responsibility" ? "parent" : "guardian");

/** Somebody who is invited and not here yet: asked as soon as the invitation is accepted. */
const comer = ({ id, relationship, authority, expires_at: until }) => (
  { invitation: id, login: id, name: say("new-packet.invited", { date: day(until) }), relationship, authority });

/** Shows the form. */
export function newPacket(id) {
  const read = async () => {
    const [who, { grants, invitations }, { documents }] = await Promise.all([
      whois(id), readPeople(id), call("GET", `/members/${id}/documents`, { who: id })]);
    const here = grants.filter(({ scopes_now: now }) => now.includes("sign"));
    const coming = invitations.filter(({ scopes }) => scopes.includes("sign")).map(comer);
    const papers = documents.filter(({ state, audience }) => state === "ready" && audience === "family");
    return { who, signers: [...here, ...coming], papers };
  };
  enter(id, () => load(read, draw, (problem) => trouble("new-packet.title", problem, () => newPacket(id))));
}

function draw({ who, signers, papers }) {
  const act = new Act();
  const missing = papers.length === 0 ? "new-packet.no-paper" : signers.length === 0 ? "new-packet.nobody" : null;
  show("new-packet.title",
    band(who),
    h("h1", null, say("new-packet.title")),
    missing
      ? [h("p", { class: "note" }, say(missing)), h("p", null, h("a", { href: `#member/${who.id}` }, say("back.member", { name: called(who) })))]
      : form({
        keep: `packet ${who.id}`,
        fields: [
          { name: "document", type: "radio", label: say("new-packet.paper"), options: papers.map(({ id, title }) => ({ value: id, label: title })),
            empty: "form.choose-one" },
          { name: "title", label: say("new-packet.name"), hint: say("new-packet.name-hint"), maxlength: "120", autocomplete: "off", empty: "upload.no-name" },
          { name: "signers", type: "checks", label: say("new-packet.signers"), hint: say("new-packet.all"), empty: "new-packet.choose",
            options: signers.map((grant) => ({ value: grant.login, label: grant.name ?? grant.login, hint: say(`kin.${grant.relationship.toLowerCase()}`) })) },
          between(h("h2", null, say("new-packet.as"))),
          ...signers.map((grant) => ({ name: `as-${grant.login}`, type: "select", label: grant.name ?? grant.login, value: usual(grant.authority),
            options: options("capacity", CAPACITIES), empty: "form.choose-one" })),
        ],
        submit: say("new-packet.submit"),
        after: [h("a", { href: `#member/${who.id}` }, say("back"))],
        done: async (values) => {
          const slots = signers.filter(({ login }) => values.signers.includes(login)).map(({ login, invitation }) => (
            { ...(invitation ? { invitation } : { login }), capacity: values[`as-${login}`] }));
          const made = await post(act, `/members/${who.id}/packets`, { document: values.document, title: values.title.trim(), slots }, who.id);
          location.hash = `#member/${who.id}/packet/${made.id}`;
        },
      }));
}

/** Taking a request for signatures back. */
export function voiding(id, packet) {
  const act = new Act();
  enter(id, () => load(() => whois(id), (who) => show("void.title",
    band(who),
    h("h1", null, say("void.title")),
    h("p", null, say("void.text")),
    form({
      fields: [{ name: "reason", label: say("void.reason"), hint: say("decline.hint"), maxlength: "500", autocomplete: "off", required: false }],
      submit: say("void.submit"), kind: "grave",
      after: [h("a", { href: `#member/${id}/packet/${packet}` }, say("back"))],
      done: async ({ reason }) => {
        await post(act, `/members/${id}/packets/${packet}/void`, reason.trim() ? { reason: reason.trim() } : {}, id);
        location.hash = `#member/${id}/packet/${packet}`;
      },
    })), (problem) => trouble("void.title", problem, () => voiding(id, packet))));
}
