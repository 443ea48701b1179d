// One person and one client: what counts, what the person would see, why; change it, end it, take it back.
import { Act } from "./api.js";
import { fill, h } from "./dom.js";
import { options } from "./fields.js";
import { button, form } from "./form.js";
import { enter, trouble } from "./home.js";
import { whois } from "./member.js";
import { band, called } from "./people.js";
import { call, post } from "./session.js";
import { readChoices, reasonFields, reasonOf, termsFields, termsOf } from "./terms.js";
import { day, moment, say } from "./text.js";
import { load, show } from "./view.js";
import { because, readPeople, standing } from "./who-sees.js";

const QUESTIONS = ["open-record", "read-profile", "read-directory", "read-activity", "read-documents", "send-document", "sign",
  "read-appointments", "book-appointment", "use-messages", "read-billing", "pay-bill", "ask-for-access", "lower-own-access"];

/** Shows a person's access. */
export function person(id, login) {
  const read = async () => {
    const [who, { grants }] = await Promise.all([whois(id), readPeople(id)]);
    return { who, grant: grants.find((one) => one.login === login) };
  };
  enter(id, () => load(read, (all) => (all.grant ? draw(all) : trouble("people.title", { kind: "not-found" })),
    (problem) => trouble("people.title", problem, () => person(id, login))));
}

const name = (grant) => grant.name ?? grant.login;
const up = (who) => h("p", { class: "up" }, h("a", { href: `#member/${who.id}/people` }, say("people.back", { name: called(who) })));

function draw(all) {
  const { who, grant } = all;
  const answer = h("div", { class: "answer", "aria-live": "polite" });
  const live = grant.state === "active";
  const path = `/members/${who.id}/people/${grant.login}`;
  const preview = new Act();
  show("people.title",
    band(who), up(who),
    h("h1", null, h("bdi", null, name(grant))),
    h("p", null, say(`kin.${grant.relationship.toLowerCase()}`), " · ", say(`authority.${grant.authority}`), " · ", say(`terms.${grant.state}`)),
    h("p", null, standing(grant)),
    h("p", { class: "hint" }, say("person.given", { name: grant.granted_by_name ?? "–", date: moment(grant.granted_at) }),
      " · ", say("people.login"), " ", h("code", null, grant.login)),
    h("div", { class: "row" },
      button(say("person.preview"), async () => fill(answer, seen(await post(preview, `${path}/preview`, {}, who.id)))),
      live && h("button", { type: "button", class: "second", onclick: () => changing(all) }, say("person.change")),
      live && h("button", { type: "button", class: "second", onclick: () => stopping(all, "end") }, say("person.end")),
      live && h("button", { type: "button", class: "second", onclick: () => stopping(all, "revoke") }, say("person.revoke")),
      h("a", { href: `#member/${who.id}/blocks/${grant.login}` }, say("person.block"))),
    answer, asking(who, path), desk(grant));
}

/** What the person would see. */
const seen = ({ documents, packets, actions }) => h("section", { class: "note" },
  h("h2", null, say("person.seen")),
  h("ul", { class: "plainly" }, Object.entries(actions).map(([action, { allowed, why_not: no }]) =>
    h("li", null, allowed ? "✓ " : "✗ ", say(`question.${action}`), !allowed && h("span", { class: "hint" }, because(no))))),
  h("p", null, h("strong", null, say("documents.title")), ": ", titles(documents)),
  h("p", null, h("strong", null, say("packets.title")), ": ", titles(packets)));

const titles = (list) => (list.length ? list.flatMap(({ title }, at) => [at > 0 && ", ", h("bdi", null, title)]) : "–");

/** Why, or why not, now or at another moment. */
function asking(who, path) {
  const act = new Act();
  const answer = h("p", { class: "answer", role: "status" });
  return h("section", null,
    h("h2", null, say("person.why")),
    form({
      fields: [
        { name: "action", type: "select", label: say("person.what"), options: options("question", QUESTIONS), empty: "form.choose-one" },
        { name: "at", type: "date", label: say("person.when"), required: false },
      ],
      submit: say("person.ask"), kind: "second",
      done: async ({ action, at }) => {
        const body = at ? { action, at: new Date(`${at}T12:00:00`).toISOString() } : { action };
        const { allowed, basis, why_not: no } = await post(act, `${path}/why`, body, who.id);
        fill(answer, h("strong", null, say(allowed ? "person.yes" : "person.no")), " ",
          allowed ? basis?.grant ? say(`authority.${basis.grant}`) : say("person.office") : because(no));
      },
    }), answer);
}

function changing({ who, grant }) {
  const act = new Act();
  load(() => readChoices(who.id), (choices) => show("people.title",
    band(who), up(who),
    h("h1", null, say("person.change-title", { person: name(grant), name: called(who) })),
    form({
      keep: `change ${who.id} ${grant.login}`,
      fields: [...termsFields(choices, grant), ...reasonFields()],
      submit: say("person.save"),
      after: [h("button", { type: "button", class: "plain", onclick: () => person(who.id, grant.login) }, say("back"))],
      done: async (values) => {
        const body = { terms: termsOf(values, grant), version: grant.version, reason: reasonOf(values) };
        await post(act, `/members/${who.id}/grants/${grant.login}/change`, body, who.id);
        person(who.id, grant.login);
      },
    })), (problem) => trouble("people.title", problem, () => person(who.id, grant.login)));
}

/** Says what stops for whom, and asks for the reason. */
function stopping({ who, grant }, what) {
  const act = new Act();
  show("people.title",
    band(who), up(who),
    h("h1", null, say(`person.${what}-title`, { person: name(grant), name: called(who) })),
    h("p", null, say(`person.${what}-text`)),
    form({
      fields: reasonFields(),
      submit: say(`person.${what}`), kind: "grave",
      after: [h("button", { type: "button", class: "plain", onclick: () => person(who.id, grant.login) }, say("back"))],
      done: async (values) => {
        await post(act, `/members/${who.id}/grants/${grant.login}/${what}`, { reason: reasonOf(values) }, who.id);
        person(who.id, grant.login);
      },
    }));
}

/** What the desk does with the login itself: back in after a document was checked, two logins apart, on a roster. */
function desk(grant) {
  const acts = { recovery: new Act(), unmerge: new Act(), roster: new Act() };
  const words = (label) => [{ name: "reason", label, maxlength: "200", autocomplete: "off", empty: "form.empty" }];
  const said = h("div", { "aria-live": "polite" });
  const roster = h("div", null);
  call("GET", "/agencies").then(({ agencies }) => agencies.length && fill(roster, form({
    fields: [{ name: "agency", type: "select", label: say("desk.agency"), options: agencies.map(({ id, name: label }) => ({ value: id, label })),
      empty: "form.choose-one" }],
    submit: say("desk.roster"), kind: "second",
    done: async ({ agency }) => {
      await post(acts.roster, `/agencies/${agency}/workers`, { login: grant.login });
      fill(said, h("p", { class: "note" }, say("desk.on-roster")));
    },
  }))).catch(() => {});
  return h("details", null, h("summary", null, say("desk.title")),
    said,
    h("h2", null, say("desk.recovery")), h("p", { class: "hint" }, say("desk.recovery-text")),
    form({ fields: words(say("desk.document")), submit: say("desk.print"), kind: "second", done: async ({ reason }) => {
      const made = await post(acts.recovery, `/logins/${grant.login}/recovery`, { reason });
      fill(said, h("div", { class: "note" }, h("p", null, say("desk.code", { date: moment(made.expires_at) })), h("p", null, h("code", { class: "big" }, made.code))));
    } }),
    h("h2", null, say("desk.apart")), h("p", { class: "hint" }, say("desk.apart-text")),
    form({ fields: words(say("reason.note")), submit: say("desk.separate"), kind: "second", done: async ({ reason }) => {
      await post(acts.unmerge, `/logins/${grant.login}/unmerge`, { reason });
      fill(said, h("p", { class: "note" }, say("desk.separated", { date: day(new Date()) })));
    } }),
    h("h2", null, say("desk.roster")), roster);
}
