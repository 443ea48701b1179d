// Who can see a client, and why: a picture, a list, and the invitations that wait.
import { Act } from "./api.js";
import { fill, h } from "./dom.js";
import { form } from "./form.js";
import { enter, trouble } from "./home.js";
import { waiting } from "./invite.js";
import { whois } from "./member.js";
import { band, called } from "./people.js";
import { call, post } from "./session.js";
import { readChoices, reasonFields, reasonOf, termsFields, termsOf } from "./terms.js";
import { day, say, t } from "./text.js";
import { load, show } from "./view.js";

/** Reads who has access. */
export const readPeople = (id) => call("GET", `/members/${id}/grants`, { who: id });

/** Shows who sees a client. */
export function whoSees(id) {
  const read = async () => {
    const [who, people] = await Promise.all([whois(id), readPeople(id)]);
    return { who, ...people };
  };
  enter(id, () => load(read, draw, (problem) => trouble("people.title", problem, () => whoSees(id))));
}

const counts = (grant) => grant.scopes_now.length > 0;

function draw({ who, grants, invitations }) {
  const order = [...grants].sort((one, other) => Number(counts(other)) - Number(counts(one)));
  show("people.title",
    band(who, "/people"),
    h("h1", null, say("people.heading", { name: called(who) })),
    order.length > 0 && picture(who, order),
    h("ul", { class: "rows tight" }, order.map((grant) => row(who, grant))),
    order.length === 0 && h("p", null, say("people.nobody")),
    invitations.length > 0 && h("section", null, h("h2", null, say("people.invited")),
      h("ul", { class: "rows tight" }, invitations.map((one) => waiting(one, () => whoSees(who.id))))),
    h("p", { class: "row" },
      h("a", { class: "go", href: `#invite/${who.id}` }, say("office.invite")),
      h("button", { type: "button", class: "second", onclick: () => giving(who) }, say("people.give")),
      h("a", { href: `#member/${who.id}/blocks` }, say("section.blocks"))));
}

const row = (who, grant) => h("li", null,
  h("div", { class: "grow" },
    h("a", { href: `#member/${who.id}/person/${grant.login}` }, h("strong", null, h("bdi", null, grant.name ?? grant.login))), " · ",
    say(`kin.${grant.relationship.toLowerCase()}`), " · ", say(`authority.${grant.authority}`),
    h("span", { class: "hint" }, standing(grant))),
  h("span", { class: counts(grant) ? "tag" : "tag off" }, say(counts(grant) ? "people.sees" : "people.sees-not")));

/** What counts now, or why nothing does. */
export const standing = (grant) => [
  counts(grant) ? grant.scopes_now.flatMap((scope, at) => [at > 0 && ", ", say(`scope.${scope}`)]) : because(grant.why_not),
  grant.not_after && [" · ", say("circle.until", { date: day(grant.not_after) })],
];

/** A no in words: the clinic's own language first, the API's sentence where there is none. */
export const because = (no) => no && (() => (t(`no.${no.code}`) === `no.${no.code}` ? no.words : t(`no.${no.code}`)));

const SVG = "http://www.w3.org/2000/svg";

function s(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return fill(element, ...children);
}

/** The client on one side, everybody else on the other; a whole line sees something now, a broken one nothing. */
function picture(who, grants) {
  const step = 52;
  const height = Math.max(grants.length * step, 80);
  const middle = height / 2;
  const title = () => t("people.picture", { name: called(who) });
  return s("svg", { class: "picture", viewBox: `0 0 640 ${height}`, role: "img", "aria-label": title() },
    grants.map((grant, at) => {
      const y = step * at + (height - grants.length * step) / 2 + step / 2;
      return [
        s("path", { class: counts(grant) ? "line-on" : "line-off", d: `M150 ${middle} C 240 ${middle} 220 ${y} 310 ${y}` }),
        s("circle", { class: counts(grant) ? "dot-on" : "dot-off", cx: 318, cy: y, r: 7 }),
        s("text", { x: 336, y: y - 3 }, grant.name ?? ""),
        s("text", { class: "soft", x: 336, y: y + 17 }, say(`kin.${grant.relationship.toLowerCase()}`)),
      ];
    }),
    s("rect", { class: "client", x: 4, y: middle - 22, width: 146, height: 44, rx: 22 }),
    s("text", { class: "client-name", x: 77, y: middle + 5, "text-anchor": "middle" }, called(who).slice(0, 16)));
}

/** Access for somebody who has a login already, without an invitation. */
function giving(who) {
  const act = new Act();
  const read = () => readChoices(who.id);
  load(read, (choices) => show("people.title",
    band(who),
    h("h1", null, say("people.give-title", { name: called(who) })),
    h("p", { class: "hint" }, say("people.give-text")),
    form({
      keep: `give ${who.id}`,
      fields: [
        { name: "login", label: say("people.login"), hint: say("people.login-hint"), autocomplete: "off", spellcheck: "false", empty: "form.empty" },
        ...termsFields(choices), ...reasonFields(),
      ],
      submit: say("people.give"),
      after: [h("button", { type: "button", class: "plain", onclick: () => whoSees(who.id) }, say("back"))],
      done: async (values) => {
        await post(act, `/members/${who.id}/grants`, { login: values.login.trim(), terms: termsOf(values), reason: reasonOf(values) }, who.id);
        whoSees(who.id);
      },
    })), (problem) => trouble("people.title", problem, () => giving(who)));
}
