// One paper to sign, in the order of the ceremony: what it is, read it, what you agree to, sign; declining is as near.
import { Act } from "./api.js";
import { h } from "./dom.js";
import { form } from "./form.js";
import { enter, trouble } from "./home.js";
import { markField } from "./mark.js";
import { opener, standing, whois } from "./member.js";
import { band, called } from "./people.js";
import { call, isStaff, post } from "./session.js";
import { day, has, language, moment, say, sayCount } from "./text.js";
import { clinicName, load, show } from "./view.js";

/** Shows a packet. */
export function packet(memberId, packetId) {
  const path = `/members/${memberId}/packets/${packetId}`;
  const read = async () => {
    const [who, one] = await Promise.all([whois(memberId), call("GET", path, { who: memberId })]);
    return { who, one, path };
  };
  enter(memberId, () => load(read, draw, (problem) => trouble("packet.title", problem, () => packet(memberId, packetId))));
}

function draw(all) {
  const { who, one, path } = all;
  const mine = one.mine?.state === "waiting" && one.state === "out";
  let seen = false;
  show(mine ? "packet.sign-title" : "packet.title",
    band(who),
    h("h1", null, h("bdi", null, one.title)),
    h("p", null, mine ? say(`packet.you.${one.mine.capacity}`, { name: called(who) }) : standing(one)),
    h("p", { class: "hint" }, say("packet.asked", { clinic: clinicName, date: day(one.created_at) })),
    h("section", null,
      h("h2", null, say(mine ? "packet.read" : "packet.file")),
      h("p", null, sayCount("documents.pages", one.pages), " · ", say("packet.print"), " ",
        h("code", { title: one.document_sha256 }, one.document_sha256.slice(0, 12))),
      opener(`${path}/open`, who.id, say(one.state === "sealed" ? "packet.open-sealed" : "packet.open"), {
        kind: mine ? "" : "second",
        opened: () => {
          seen = true;
        },
      })),
    mine ? signing(all, () => seen) : null,
    one.mine?.state === "signed" && h("p", { class: "note" }, say("packet.signed")),
    isStaff() && slots(one),
    h("p", null, h("a", { href: `#member/${who.id}` }, say("back.member", { name: called(who) }))));
}

function signing(all, seen) {
  const { who, one, path } = all;
  const { slot, capacity, attestation, attestation_version, consent, consent_version } = one.mine;
  const act = new Act();
  return h("section", null,
    h("h2", null, say("packet.agree")),
    form({
      fields: [
        { element: official(consent, "consent", consent_version), name: "text", value: () => null },
        { name: "electronic", type: "checkbox", label: say("packet.electronic"), empty: "packet.tick" },
        { element: official(attestation, `attestation.${capacity}`, attestation_version), name: "sentence", value: () => null },
        { name: "agreed", type: "checkbox", label: say("packet.mean"), empty: "packet.tick",
          check: () => (seen() ? null : "packet.unread") },
        markField("mark"),
      ],
      submit: say("packet.submit"),
      after: [h("button", { type: "button", class: "plain", onclick: () => declining(all) }, say("packet.decline"))],
      done: async ({ mark }) => {
        const body = { document_sha256: one.document_sha256, pages: one.pages, consent_version, attestation_version, mark };
        const signed = await post(act, `${path}/slots/${slot}/sign`, body, who.id);
        ended(who, "packet.done", [say("packet.done-text", { title: one.title }), say("packets.out", { signed: signed.signed, needed: signed.needed }),
          say(signed.signed < signed.needed ? "packet.next-others" : "packet.next-seal")]);
      },
    }));
}

/** The clinic's own sentence, which is kept with the signature, and what it means in the reader's language. */
function official(sentence, key, version) {
  const known = `${key}.${version}`;
  return h("blockquote", null, h("p", { lang: "en" }, sentence),
    h("p", { class: "hint" }, () => (language() !== "en" && has(known) ? say(known)() : "")));
}

function declining(all) {
  const { who, one, path } = all;
  const act = new Act();
  show("decline.title",
    band(who),
    h("h1", null, say("decline.title")),
    h("p", null, say("decline.text", { title: one.title })),
    form({
      fields: [{ name: "reason", type: "textarea", label: say("decline.reason"), hint: say("decline.hint"), rows: "3",
        maxlength: "500", autocomplete: "off", empty: "decline.empty" }],
      submit: say("decline.submit"),
      kind: "grave",
      after: [h("button", { type: "button", class: "plain", onclick: () => draw(all) }, say("decline.back"))],
      done: async ({ reason }) => {
        // One line: the API takes no line breaks.
        await post(act, `${path}/slots/${one.mine.slot}/decline`, { reason: reason.replace(/\s+/g, " ").trim() }, who.id);
        ended(who, "decline.done", [say("decline.done-text")]);
      },
    }));
}

function ended(who, title, lines) {
  show(title,
    band(who),
    h("h1", null, say(title)),
    h("div", { class: "note" }, lines.map((text) => h("p", null, text))),
    h("p", null, h("a", { class: "go", href: "#home" }, say("back.home"))),
    h("p", null, h("a", { href: `#member/${who.id}` }, say("back.member", { name: called(who) }))));
}

function slots(one) {
  return h("section", null,
    h("h2", null, say("slots.title")),
    h("ul", { class: "rows" }, (one.slots ?? []).map((slot) => h("li", null, h("div", { class: "grow" },
      h("strong", null, h("bdi", null, slot.name ?? slot.login ?? "–")),
      h("span", { class: "hint" }, say(`capacity.${slot.capacity}`), " · ", say(`slots.${slot.state}`),
        slot.signed_at && [" · ", moment(slot.signed_at)]),
      slot.reason && h("p", { dir: "auto" }, slot.reason))))));
}
