// How a member looks: initials in a disc, a first name, a colour of the member's own.
import { h } from "./dom.js";
import { call, isStaff } from "./session.js";
import { birthday, say, sayCount, t } from "./text.js";

let reach = [];
let more = null;

export const everyone = () => reach;
export const next = () => more;
export const find = (id) => reach.find((member) => member.id === id);

/** Reads the members within reach; `after` goes on where the last page ended. */
export async function readMembers(after) {
  const path = after ? `/members?after=${encodeURIComponent(after)}` : "/members";
  const answer = await call("GET", path);
  reach = after ? [...reach, ...answer.members] : answer.members;
  more = answer.next ?? null;
  paint(reach);
  return reach;
}

/** Whether somebody of the clinic looks at somebody else's family. Staff who are parents see their own as parents do. */
export const isOffice = (member) => isStaff() && !member.relationship;

/** Whether the list says that this is shared; the API decides. What is not shared is not asked for. */
export const may = (member, scope) => isOffice(member) || member.scopes.includes(scope);

export const first = (name) => name.trim().split(/\s+/)[0];

/** What a member is called on a page: the first name, unless that could be somebody else's. */
export function called(member) {
  const name = first(member.name);
  const isShared = isStaff() || reach.some((other) => other.id !== member.id && first(other.name) === name);
  return isShared ? member.name : name;
}

function initials(name) {
  const words = name.trim().split(/\s+/);
  const letter = (word) => [...new Intl.Segmenter().segment(word)][0]?.segment ?? "";
  const picked = words.length > 1 ? [words[0], words.at(-1)] : words;
  return picked.map(letter).join("").toLocaleUpperCase();
}

const TONES = 12;
const tones = new Map();

function hashed(id) {
  let sum = 0;
  for (const sign of id) sum = (sum * 31 + sign.codePointAt(0)) % 9973;
  return sum % TONES;
}

/** Gives each member of a family another colour, always the same one for the same family. */
function paint(members) {
  tones.clear();
  if (members.length > TONES) return;
  const taken = new Set();
  for (const id of members.map((member) => member.id).sort()) {
    let one = hashed(id);
    while (taken.has(one)) one = (one + 1) % TONES;
    taken.add(one);
    tones.set(id, one);
  }
}

/** One of twelve colours, a member's own. */
export const tone = (id) => tones.get(id) ?? hashed(id);

export const disc = (member) =>
  h("span", { class: `disc tone-${tone(member.id)}`, "aria-hidden": "true" }, initials(member.name));

export const born = (member) => h("span", { class: "hint" }, say("member.born", { date: birthday(member.birth_date) }));

/** The pages of a member, and who gets which. */
const sections = [
  { part: "", key: "section.papers", fits: () => true },
  { part: "/people", key: "section.people", fits: () => true },
  { part: "/requests", key: "section.requests", fits: (member) => isOffice(member) },
  { part: "/blocks", key: "section.blocks", fits: (member) => isOffice(member) },
  { part: "/activity", key: "section.activity", fits: (member) => may(member, "profile") },
];

/** Whose page this is, the way to the others, and to this member's other pages. `here` is the kind of page. */
export function band(member, here) {
  // Staff go by the list: one slip of the finger would open a stranger's record.
  const others = isOffice(member) ? [] : reach.filter((other) => other.id !== member.id);
  const near = others.slice(0, 5);
  const chip = (other) => h("a", { class: "chip", href: `#member/${other.id}${here ?? ""}` }, disc(other),
    h("span", null, h("span", { class: "unseen" }, say("band.switch"), " "), h("bdi", null, called(other))));
  return h("div", { class: `band tone-${tone(member.id)}` },
    h("div", { class: "whose" }, disc(member),
      h("p", null, h("span", { class: "hint" }, say("band.here")), h("strong", null, h("bdi", null, member.name)),
        isOffice(member) && born(member))),
    h("nav", { class: "switch", "aria-label": t("band.switch") },
      near.map(chip),
      others.length > near.length
        ? h("a", { class: "chip all", href: "#home" }, sayCount("band.more", others.length - near.length))
        : h("a", { class: "chip all", href: "#home" }, say("band.everyone"))),
    here !== undefined && h("nav", { class: "sections", "aria-label": t("band.pages") },
      sections.filter(({ fits }) => fits(member)).map(({ part, key }) =>
        h("a", { href: `#member/${member.id}${part}`, "aria-current": part === here && "page" }, say(key)))));
}
