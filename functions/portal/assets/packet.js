// One paper: what it is and how it stands. The ceremony of signing is in sign.js.
import { h } from "./dom.js";
import { enter, trouble } from "./home.js";
import { opener, standing, whois } from "./member.js";
import { band, called, isOffice } from "./people.js";
import { call } from "./session.js";
import { has, forget, step } from "./sign.js";
import { day, moment, say, sayCount } from "./text.js";
import { clinicName, load, show } from "./view.js";

/** Shows a packet, or a step of signing it. */
export function packet(memberId, packetId, at) {
  if (at && has(packetId)) {
    step(packetId, at);
    return;
  }
  const path = `/members/${memberId}/packets/${packetId}`;
  const read = async () => {
    const [who, one] = await Promise.all([whois(memberId), call("GET", path, { who: memberId })]);
    // Who has not signed yet is known by the login only.
    const { grants } = isOffice(who) ? await call("GET", `/members/${memberId}/grants`, { who: memberId }) : { grants: [] };
    return { who, one, path, grants };
  };
  const draw = (all) => {
    // A step without what came before it: after a reload.
    if (at) history.replaceState(history.state, "", `#member/${memberId}/packet/${packetId}`);
    if (all.one.mine?.state === "waiting" && all.one.state === "out") step(packetId, "", all);
    else look(all);
  };
  enter(memberId, () => load(read, draw, (problem) => trouble("packet.title", problem, () => packet(memberId, packetId))));
}

function look({ who, one, path, grants }) {
  forget(one.id);
  show("packet.title",
    band(who),
    h("h1", null, h("bdi", null, one.title)),
    h("p", { class: "state" }, standing(one)),
    one.mine?.state === "signed" && h("p", { class: "note" }, say("packet.signed")),
    h("p", { class: "hint" }, say("packet.asked", { clinic: clinicName, date: day(one.created_at) })),
    paper(one, path, who, { kind: one.state === "sealed" ? "" : "second" }),
    isOffice(who) && slots(one, grants),
    isOffice(who) && one.state === "out" && h("p", null, h("a", { href: `#member/${who.id}/void/${one.id}` }, say("void.title"))),
    h("p", null, h("a", { href: `#member/${who.id}` }, say("back.member", { name: called(who) }))));
}

/** The file: how long it is, how to tell it from another, and the way to open it. */
export const paper = (one, path, who, more) => h("section", null,
  h("p", null, sayCount("documents.pages", one.pages), " · ", say("packet.print"), " ",
    h("code", { title: one.document_sha256 }, one.document_sha256.slice(0, 12))),
  opener(`${path}/open`, who.id, say(one.state === "sealed" ? "packet.open-sealed" : "packet.open"), more));

function slots(one, grants) {
  return h("section", null,
    h("h2", null, say("slots.title")),
    h("ul", { class: "rows" }, (one.slots ?? []).map((slot) => h("li", null, h("div", { class: "grow" },
      h("strong", null, h("bdi", null,
        slot.name ?? grants.find(({ login }) => login === slot.login)?.name ?? slot.login ?? "–")),
      h("span", { class: "hint" }, say(`capacity.${slot.capacity}`), " · ", say(`slots.${slot.state}`),
        slot.signed_at && [" · ", moment(slot.signed_at)]),
      slot.reason && h("p", { dir: "auto" }, slot.reason))))));
}
