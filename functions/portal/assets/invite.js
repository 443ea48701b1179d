// Inviting an address to one or several clients: for whom, who, what; check; send.
import { Act } from "./api.js";
import { fill, h } from "./dom.js";
import { folded } from "./fields.js";
import { button, form } from "./form.js";
import { emailField } from "./addresses.js";
import { fits, readAll } from "./clients.js";
import { trouble } from "./home.js";
import { born, everyone, find, isOffice, readMembers } from "./people.js";
import { language, moment, say, sayCount } from "./text.js";
import { post } from "./session.js";
import { inWords, readChoices, termsFields, termsOf } from "./terms.js";
import { load, show } from "./view.js";

const MOST = 15; // clients in one invitation, as the API has it

/** Begins, with clients chosen already when the address names them. */
export function invite(ids) {
  const picked = new Map();
  const read = async () => {
    const wanted = ids?.split(",") ?? [];
    // Who was registered a moment ago stands first in the list, when it is read anew.
    if (everyone().length === 0 || wanted.some((id) => !find(id))) await readMembers();
    const choices = await readChoices();
    for (const id of wanted) picked.set(id, find(id) ?? { id, name: id, birth_date: "2000-01-01" });
    return choices;
  };
  load(read, (choices) => (picked.size ? who({ picked, choices }) : whom({ picked, choices })),
    (problem) => trouble("invite.title", problem, () => invite(ids)));
}

/** Choosing clients by a search. `done` gets to go on. */
export function whom(all) {
  const { picked } = all;
  const box = h("input", { id: "search", type: "search", autocomplete: "off", oninput: look });
  const found = h("ul", { class: "rows tight" });
  const chosen = h("ul", { class: "chosen" });
  const said = h("p", { class: "error", role: "alert" });

  function look() {
    const some = folded(box.value) ? everyone().filter((member) => isOffice(member) && fits(member, box.value)).slice(0, 20) : everyone().filter(isOffice).slice(0, 8);
    fill(found, some.map((member) => h("li", null, h("div", { class: "grow" }, h("strong", null, h("bdi", null, member.name)), born(member)),
      h("button", { type: "button", class: "second", "aria-pressed": String(picked.has(member.id)), onclick: () => {
        if (picked.has(member.id)) picked.delete(member.id);
        else picked.set(member.id, member);
        look();
      } }, say(picked.has(member.id) ? "invite.drop" : "invite.pick"), h("span", { class: "unseen" }, " ", member.name)))));
    fill(chosen, picked.size > 0 && [...picked.values()].map(({ name }) => h("li", { class: "chip all" }, h("bdi", null, name))));
  }

  show("invite.title",
    h("h1", null, say("invite.whom")),
    h("label", { for: "search" }, say("clients.search")), box, chosen, found, said,
    h("div", { class: "row" }, h("button", { type: "button", onclick: () => {
      const isWrong = picked.size < 1 || picked.size > MOST;
      fill(said, isWrong && say("invite.choose", { most: MOST }));
      if (!isWrong) who(all);
    } }, say("continue")), h("a", { href: "#home" }, say("back"))));
  look();
  readAll(() => found.isConnected).catch(() => {});
}

const names = ({ picked }) => h("ul", { class: "chosen" }, [...picked.values()].map(({ name }) => h("li", { class: "chip all" }, h("bdi", null, name))));

function who(all) {
  const { choices, values } = all;
  show("invite.title",
    h("h1", null, say("invite.title")),
    names(all),
    form({
      keep: "invite",
      fields: [
        emailField({ label: say("invite.email"), hint: say("invite.email-hint"), autocomplete: "off" }),
        { name: "language", type: "radio", label: say("invite.language"), options: [{ value: "en", label: "English" }, { value: "es", label: "Español" }],
          value: values?.language ?? language() },
        { name: "handing", type: "radio", label: say("invite.handing"), value: values?.handing ?? "mail",
          options: [{ value: "mail", label: say("invite.mail") }, { value: "desk", label: say("invite.desk"), hint: say("invite.desk-hint") }] },
        ...termsFields(choices, values?.terms),
      ],
      submit: say("continue"),
      after: [h("button", { type: "button", class: "plain", onclick: () => whom(all) }, say("back"))],
      done: async (given) => check({ ...all, values: { ...given, email: given.email.trim(), terms: termsOf(given) } }),
    }));
}

function check(all) {
  const { picked, values } = all;
  const act = new Act();
  show("invite.title",
    h("h1", null, say("invite.check")),
    h("p", null, say("invite.to"), " ", h("strong", null, h("bdi", null, values.email))),
    names(all),
    inWords(values.terms),
    h("p", { class: "hint" }, say(values.handing === "desk" ? "invite.desk-hint" : "invite.next")),
    button(say("invite.send"), async () => {
      const offers = [...picked.keys()].map((member) => ({ member, terms: values.terms }));
      const body = { email: values.email, language: values.language, offers, handing: values.handing };
      sent(await post(act, "/invitations", body), picked.size);
    }),
    h("p", null, h("button", { type: "button", class: "plain", onclick: () => who(all) }, say("invite.change"))));
}

function sent({ expires_at: until, link }, count) {
  show("invite.title",
    h("h1", null, say(link ? "invite.printed" : "invite.sent")),
    h("p", null, sayCount("invite.sent-text", count, { date: moment(until) })),
    link && [h("p", { class: "note" }, say("invite.link")), h("p", null, h("code", { class: "big" }, `${location.origin}${link}`)),
      h("p", null, h("button", { type: "button", onclick: () => print() }, say("login.print")))],
    h("p", { class: "row" }, h("a", { class: "go second", href: "#home" }, say("office.clients"))));
}

/** An invitation that waits: send it again, or take it back. */
export function waiting(one, again) {
  const acts = { resend: new Act(), revoke: new Act() };
  const act = (what, kind) => button(say(`invite.${what}`), async () => {
    await post(acts[what], `/invitations/${one.id}/${what}`, {});
    again();
  }, { kind });
  return h("li", null, h("div", { class: "grow" }, sayCount("invite.waits", one.offers_members),
    h("span", { class: "hint" }, say("invitation.until", { date: moment(one.expires_at) }))), act("resend", "second"), act("revoke", "second"));
}

