// Signing, one thing a page: what it is and who asked, read it, the sentence and the signature, what happens now. Every step has an
// address of its own, so that "back" goes one step back and loses nothing.
import { Act } from "./api.js";
import { h } from "./dom.js";
import { button, form } from "./form.js";
import { between } from "./fields.js";
import { markField } from "./mark.js";
import { paper } from "./packet.js";
import { band, called } from "./people.js";
import { post } from "./session.js";
import { day, language, say } from "./text.js";
import { clinicName, show } from "./view.js";

// With a form, filling it in comes between reading and signing.
const stepsOf = ({ one }) => (one.mine.answers === "nobody" ? ["", "read", "sign"] : ["", "read", "fill", "sign"]);
const begun = new Map(); // id of the packet → what is known and typed so far

export const has = (id) => begun.has(id);
export const forget = (id) => begun.delete(id);

/** Shows a step; the first one brings what was read from the API. */
export function step(id, at, fresh) {
  if (fresh) {
    const acts = { act: new Act(), refusal: new Act(), paper: new Act() };
    begun.set(id, { ...acts, electronic: false, ...begun.get(id), ...fresh, seen: begun.get(id)?.seen || fresh.one.mine.opened === true });
  }
  const all = begun.get(id);
  if (at === "decline") decline(all);
  else if (at === "sign" && all.electronic && (all.checked || !fills(all))) sign(all);
  else if (/^(fill|check)/.test(at) && all.electronic && all.read && fills(all)) import("./fill.js").then(({ fill }) => fill(all, at));
  else if (at === "read" && all.electronic) read(all);
  else about(all);
}

const fills = (all) => stepsOf(all).includes("fill");

export const address = ({ who, one }, at) => `#member/${who.id}/packet/${one.id}${at ? `/${at}` : ""}`;
export const go = (all, at) => {
  location.hash = address(all, at);
};
export const refuse = (all) => h("a", { href: address(all, "decline") }, say("packet.decline"));
const before = (all, at) => h("p", { class: "up" }, h("a", { href: address(all, at) }, say("back")));

/** Whose paper, which paper, which step; and where "back" goes, when that is not the step before. */
export const head = (all, at, key, back) => [
  band(all.who),
  at > 0 && before(all, back || stepsOf(all)[at - 1]),
  h("p", { class: "steps" }, say("packet.step", { step: at + 1, steps: stepsOf(all).length })),
  h("h1", null, key ? say(key) : h("bdi", null, all.one.title)),
];

function about(all) {
  const { who, one } = all;
  const { consent, consent_es: spanish, capacity, paper_asked: isAsked } = one.mine;
  show("packet.sign-title",
    head(all, 0),
    h("p", null, say("packet.asked", { clinic: clinicName, date: day(one.created_at) })),
    h("p", { class: "state" }, say(`packet.you.${capacity}`, { name: called(who) })),
    form({
      fields: [
        between(h("h2", null, say("packet.choice")), official(consent, spanish)),
        { name: "electronic", type: "checkbox", label: say("packet.electronic"), empty: "packet.tick", value: all.electronic },
      ],
      submit: say("continue"),
      after: [refuse(all)],
      done: async () => {
        all.electronic = true;
        go(all, "read");
      },
    }),
    isAsked ? h("p", { class: "note" }, say("packet.paper-known")) : onPaper(all));
}

/** Paper is always possible; the clinic learns of the wish. */
const onPaper = (all) => button(say("packet.paper"), async () => {
  await post(all.paper, `${all.path}/slots/${all.one.mine.slot}/paper`, {}, all.who.id);
  ended(all, "packet.paper-asked", [say("packet.paper-text", { clinic: clinicName })]);
}, { kind: "plain" });

function read(all) {
  const { who, one, path } = all;
  show("packet.sign-title",
    head(all, 1, "packet.read"),
    h("p", null, h("strong", null, h("bdi", null, one.title))),
    h("p", null, say("packet.read-text")),
    paper(one, path, who, { opened: () => {
      all.seen = true;
    } }),
    form({
      fields: [{ name: "read", type: "checkbox", label: say("packet.have-read"), empty: "packet.unread", value: all.seen && all.read === true,
        check: () => (all.seen ? null : "packet.unread") }],
      submit: say("continue"),
      kind: "second",
      after: [refuse(all)],
      done: async () => {
        all.read = true;
        go(all, fills(all) ? "fill" : "sign");
      },
    }));
}

function sign(all) {
  const { who, one, path } = all;
  const { slot, capacity, attestation, attestation_es: spanish, attestation_version, consent_version } = one.mine;
  show("packet.sign-title",
    head(all, stepsOf(all).length - 1, "packet.agree", fills(all) && "check"),
    h("p", null, h("strong", null, h("bdi", null, one.title)), " · ", h("a", { href: address(all, "read") }, say("packet.again"))),
    fills(all) && h("p", null, say("fill.over"), " ", h("a", { href: address(all, "check") }, say("fill.again"))),
    h("p", { class: "state" }, say(`packet.you.${capacity}`, { name: called(who) })),
    form({
      fields: [
        between(official(attestation, spanish)),
        { name: "agreed", type: "checkbox", label: say("packet.mean"), empty: "packet.tick",
          check: () => (all.read ? null : "packet.unread") },
        markField("mark", all),
      ],
      submit: say("packet.submit"),
      after: [refuse(all)],
      done: async ({ mark }) => {
        const body = { document_sha256: one.document_sha256, pages: one.pages, answers_sha256: all.form?.sha256, consent_version, attestation_version, language: language(), mark };
        const signed = await post(all.act, `${path}/slots/${slot}/sign`, body, who.id);
        const isLast = signed.signed >= signed.needed;
        ended(all, "packet.done", [say("packet.done-text", { title: one.title }),
          !isLast && say("packets.out", { signed: signed.signed, needed: signed.needed }),
          say(isLast ? "packet.next-seal" : "packet.next-others"), say("packet.told", { clinic: clinicName })]);
      },
    }));
}

/** The clinic's own sentence, in the reader's language: which one it was is kept with the signature. */
const official = (english, spanish) => h("blockquote", null, h("p", null, () => (language() === "es" ? spanish : english)));

function decline(all) {
  const { who, one, path } = all;
  show("decline.title",
    band(who),
    h("h1", null, say("decline.title")),
    h("p", null, say("decline.text", { title: one.title })),
    h("p", null, say("decline.paper", { clinic: clinicName })),
    form({
      keep: `decline ${one.id}`,
      fields: [{ name: "reason", type: "textarea", label: say("decline.reason"), hint: say("decline.hint"), rows: "3",
        maxlength: "500", autocomplete: "off", empty: "decline.empty" }],
      submit: say("decline.submit"),
      kind: "grave",
      after: [h("a", { href: address(all) }, say("decline.back"))],
      done: async ({ reason }) => {
        // One line: the API takes no line breaks.
        await post(all.refusal, `${path}/slots/${one.mine.slot}/decline`, { reason: reason.replace(/\s+/g, " ").trim() }, who.id);
        ended(all, "decline.done", [say("decline.done-text")]);
      },
    }));
}

/** The end: what happened, and what comes next. "Back" from here opens the paper as it stands now. */
function ended({ who, one }, title, lines) {
  begun.delete(one.id);
  history.replaceState(history.state, "", `#member/${who.id}/packet/${one.id}`);
  show(title,
    band(who),
    h("h1", null, say(title)),
    h("div", { class: "note" }, lines.map((text) => text && h("p", null, text))),
    h("p", null, h("a", { class: "go", href: "#home" }, say("packet.onward"))),
    h("p", null, h("a", { href: `#member/${who.id}` }, say("back.member", { name: called(who) }))));
}
