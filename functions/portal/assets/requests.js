// What a family asked for: approve it with terms that staff choose, or refuse it with a reason that the asker reads.
import { Act } from "./api.js";
import { request as shown } from "./circle.js";
import { readAll } from "./clients.js";
import { h } from "./dom.js";
import { between, folded } from "./fields.js";
import { form } from "./form.js";
import { enter, trouble } from "./home.js";
import { whois } from "./member.js";
import { band, called, everyone, isOffice } from "./people.js";
import { call, post } from "./session.js";
import { readChoices, termsFields, termsOf } from "./terms.js";
import { birthday, say } from "./text.js";
import { load, show } from "./view.js";

/** Shows the requests on a client's record. */
export function requests(id) {
  const read = async () => {
    const [who, found] = await Promise.all([whois(id), call("GET", `/members/${id}/requests`, { who: id })]);
    return { who, ...found };
  };
  enter(id, () => load(read, draw, (problem) => trouble("requests.title", problem, () => requests(id))));
}

function draw(all) {
  const { who, requests: list } = all;
  const open = list.filter(({ state }) => state === "open");
  const answered = list.filter(({ state }) => state !== "open");
  show("requests.title",
    band(who, "/requests"),
    h("h1", null, say("requests.heading", { name: called(who) })),
    open.length === 0 && h("p", null, say("requests.none")),
    h("ul", { class: "rows" }, open.map((one) => {
      const row = shown(one);
      row.append(h("div", { class: "row" },
        h("button", { type: "button", onclick: () => approving(all, one) }, say("requests.approve")),
        h("button", { type: "button", class: "second", onclick: () => refusing(all, one) }, say("requests.refuse"))));
      return row;
    })),
    answered.length > 0 && h("section", null, h("h2", null, say("requests.answered")), h("ul", { class: "rows tight" }, answered.map(shown))));
}

const back = ({ who }) => h("button", { type: "button", class: "plain", onclick: () => requests(who.id) }, say("back"));

/** Clients who may be meant: the same date of birth first. */
function candidates({ wish }) {
  const like = everyone().filter((member) => isOffice(member)
    && (member.birth_date === wish.birth_date || folded(member.name).includes(folded(wish.name).split(/\s+/)[0])));
  return like.map((member) => ({ value: member.id, label: () => `${member.name}, ${birthday(member.birth_date)()}` }));
}

function approving(all, one) {
  const { who } = all;
  const act = new Act();
  const isAccess = one.wish.kind === "access";
  const read = async () => {
    if (!isAccess) await readAll(() => true);
    return readChoices(who.id);
  };
  load(read, (choices) => {
    const found = isAccess ? [] : candidates(one);
    show("requests.title",
      band(who),
      h("h1", null, say("requests.approve-title")),
      h("ul", null, shown(one)),
      !isAccess && found.length === 0 && h("p", { class: "note" }, say("requests.nobody"), " ", h("a", { href: "#register" }, say("register.title"))),
      form({
        fields: [
          found.length > 0
            ? { name: "member", type: "radio", label: say("requests.which"), options: found, empty: "form.choose-one",
              value: found.length === 1 ? found[0].value : undefined }
            : between(),
          ...termsFields(isAccess ? choices : { ...choices, papers: [] }, { relationship: one.wish.relationship }),
        ],
        submit: say("requests.approve"),
        after: [back(all)],
        done: async (values) => {
          const body = { terms: termsOf(values) };
          if (!isAccess) body.member = values.member ?? undefined;
          await post(act, `/members/${who.id}/requests/${one.id}/approve`, body, who.id);
          requests(who.id);
        },
      }));
  }, (problem) => trouble("requests.title", problem, () => requests(who.id)));
}

function refusing(all, one) {
  const { who } = all;
  const act = new Act();
  show("requests.title",
    band(who),
    h("h1", null, say("requests.refuse-title")),
    h("ul", null, shown(one)),
    form({
      keep: `refuse ${one.id}`,
      fields: [{ name: "reason", type: "textarea", rows: "3", label: say("requests.reason"), hint: say("requests.reason-hint"), maxlength: "500",
        autocomplete: "off", empty: "form.empty" }],
      submit: say("requests.refuse"), kind: "grave",
      after: [back(all)],
      done: async ({ reason }) => {
        await post(act, `/members/${who.id}/requests/${one.id}/refuse`, { reason: reason.replace(/\s+/g, " ").trim() }, who.id);
        requests(who.id);
      },
    }));
}
