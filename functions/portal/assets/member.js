// A member's page: what to sign, documents, upload.
import { Act, Problem } from "./api.js";
import { fill, h } from "./dom.js";
import { button } from "./form.js";
import { enter, trouble } from "./home.js";
import { quietly } from "./draft.js";
import { band, called, find, isOffice, may, readMembers } from "./people.js";
import { call, isStaff, post } from "./session.js";
import { day, language, say, sayCount } from "./text.js";
import { line, load, show } from "./view.js";

/** The member as the list has it. Staff's list has pages, so for them the record itself is read. */
export async function whois(id) {
  if (!find(id)) await readMembers();
  if (find(id)) return find(id);
  if (!isStaff()) throw new Problem(404, "not-found");
  return call("GET", `/members/${id}`, { who: id });
}

/** Shows a member's page. */
export function member(id) {
  const read = async () => {
    const who = await whois(id);
    const [documents, packets] = await Promise.all([
      may(who, "documents-read") && readList(id, "documents"),
      may(who, "sign") && readList(id, "packets"),
    ]);
    return { who, documents, packets };
  };
  enter(id, () => load(read, draw, (problem) => trouble("member.title", problem, () => member(id))));
}

const readList = async (id, what) => (await call("GET", `/members/${id}/${what}`, { who: id }))[what];

function draw({ who, documents, packets }) {
  const mayUpload = may(who, "documents-upload");
  show("member.title",
    band(who, ""),
    h("h1", null, say("member.heading", { name: called(who) })),
    packets && h("section", null,
      h("h2", null, say("packets.title")),
      packets.length === 0
        ? h("p", null, say("packets.none"))
        : h("ul", { class: "rows" }, [...packets].sort(mineFirst).map((packet) => packetRow(who, packet)))),
    documents && h("section", null, h("h2", null, say("documents.title")),
      documents.length === 0
        ? h("p", null, say("documents.none"))
        : h("ul", { class: "rows" }, documents.map((one) => documentRow(who, one)))),
    h("p", { class: "row" },
      mayUpload && h("a", { class: "go", href: `#member/${who.id}/send` }, say("upload.page")),
      isOffice(who) && h("a", { class: "go second", href: `#member/${who.id}/new-packet` }, say("new-packet.title"))),
    !documents && !packets && !mayUpload && h("p", null, say("member.little")));
}

const waits = (packet) => packet.state === "out" && packet.mine?.state === "waiting";
const mineFirst = (one, other) => Number(waits(other)) - Number(waits(one));

/** What a packet waits for. */
export const standing = (packet) =>
  packet.state === "out" && packet.mine?.state === "signed"
    ? say("packets.yours", { signed: packet.signed, needed: packet.needed })
    : say(`packets.${packet.state}`, { signed: packet.signed, needed: packet.needed });

function packetRow(who, packet) {
  const href = `#member/${who.id}/packet/${packet.id}`;
  return h("li", { class: waits(packet) && "mine" },
    h("div", { class: "grow" }, h("strong", null, h("bdi", null, packet.title)),
      h("span", { class: "hint" }, standing(packet), " · ", day(packet.created_at))),
    h("a", { class: waits(packet) ? "go" : "go second", href },
      say(waits(packet) ? "packets.sign" : "packets.look"), h("span", { class: "unseen" }, " ", packet.title)));
}

function documentRow(who, one) {
  const refusal = one.message && (() => one.message[language()] ?? one.message.en);
  return h("li", { class: one.state === "refused" && "refused" },
    h("div", { class: "grow" }, h("strong", null, h("bdi", null, one.title)),
      h("span", { class: "hint" },
        one.state === "ready" ? sayCount("documents.pages", one.pages) : say(`documents.${one.state}`), " · ",
        one.audience === "staff" && [say("documents.staff"), " · "],
        day(one.created_at)),
      refusal && h("p", null, refusal)),
    one.state === "ready" && opener(`/members/${who.id}/documents/${one.id}/open`, who.id,
      [say("documents.open"), h("span", { class: "unseen" }, " ", one.title)]));
}

/** A button that fetches a link and follows it: S3 answers with a download, so the page stays. */
export function opener(path, id, label, { kind = "second", opened = () => {} } = {}) {
  const act = new Act();
  const said = line();
  const part = button(label, async () => {
    fill(said);
    const answer = await post(act, path, {}, id);
    fill(said, say("open.done"));
    quietly(() => location.assign(answer.url));
    opened(answer);
  }, { kind });
  part.append(said);
  return part;
}
