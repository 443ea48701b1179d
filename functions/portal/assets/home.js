// Home: what waits, over all members, then the members.
import { Act } from "./api.js";
import { h } from "./dom.js";
import { button, explain, form } from "./form.js";
import { born, called, disc, everyone, find, first, isOffice, may, readMembers, tone } from "./people.js";
import { isOpen, isStaff, login, switchTo } from "./session.js";
import { birthday as datum, day, say, sayCount } from "./text.js";
import { load, show } from "./view.js";

/** Shows home. */
export function home() {
  load(() => readMembers(), draw, (problem) => trouble("home.title", problem, home));
}

function draw() {
  const members = everyone();
  const waiting = waitingFor(members);
  const asker = members.find((member) => may(member, "invite"));
  show("home.title",
    h("h1", null, say("home.hello", { name: first(login().name) })),
    waitingList(waiting, members),
    h("h2", null, say("home.people")),
    members.length === 0
      ? h("p", null, say("home.nobody"))
      : h("ul", { class: "cards" }, members.map(card)),
    asker && h("p", null, h("a", { href: `#member/${asker.id}/ask` }, say("home.ask"))));
}

/** What waits, over all members, the oldest first. */
export const waitingFor = (members) => members
  .flatMap((member) => (member.waiting ?? []).map((task) => ({ member, ...task })))
  .sort((one, other) => String(one.since).localeCompare(String(other.since)));

/** The list of what waits. */
export function waitingList(waiting, members) {
  if (members.length === 0) return null;
  return h("section", { class: "waiting" },
    h("h2", null, waiting.length ? sayCount("home.waiting", waiting.length) : say("home.done")),
    waiting.length === 0
      ? h("p", null, say("home.done-text"))
      : h("ul", { class: "cards" }, waiting.map(({ member, packet, title, since }) =>
        h("li", null, h("a", { class: `card task tone-${tone(member.id)}`, href: `#member/${member.id}/packet/${packet}` }, disc(member),
          h("span", { class: "grow" },
            h("strong", null, say("home.sign"), " ", h("bdi", null, title)),
            h("span", { class: "hint" }, say("home.for", { name: called(member), date: day(since) }))),
          arrow())))));
}

const arrow = () => h("span", { class: "arrow", "aria-hidden": "true" }, "›");

export const card = (member) => h("li", null, h("a", { class: "card", href: `#member/${member.id}` }, disc(member),
  h("span", { class: "grow" }, h("strong", null, h("bdi", null, member.name)), born(member), ahead(member),
    member.waiting?.length > 0 && h("span", { class: "count" }, sayCount("home.count", member.waiting.length))),
  arrow()));

/** A birthday that changes who reaches what: told in the months before, in one line. */
const ahead = ({ birthday, authority }) => birthday && h("span", { class: "hint" },
  say(`ahead.${authority === "self" ? "own" : "guardian"}.${birthday.guardians_reach}`, { date: datum(birthday.on) }));

/** Opens a member, then goes on. Staff are asked why, once per member and tab. */
export function enter(id, then) {
  const act = new Act();
  if (isOpen(id)) {
    then();
  } else if (!isStaff() || (find(id) && !isOffice(find(id)))) {
    load(() => switchTo(id, undefined, act), then, (problem) => trouble("member.title", problem, () => enter(id, then)));
  } else {
    show("reason.title",
      h("h1", null, say("reason.title")),
      h("p", null, say("reason.text")),
      form({
        fields: [{ name: "reason", label: say("reason.label"), hint: say("reason.hint"), maxlength: "500",
          autocomplete: "off", empty: "reason.empty" }],
        submit: say("reason.submit"),
        after: [h("a", { href: "#home" }, say("back.home"))],
        done: async ({ reason }) => {
          await switchTo(id, reason.trim(), act);
          then();
        },
      }));
  }
}

/** A page that says why there is nothing to show, and what to do. */
export function trouble(title, problem, retry) {
  const isGone = problem.kind === "not-found";
  show(title,
    h("h1", null, say(isGone ? "gone.title" : "trouble.title")),
    h("p", null, isGone ? say("gone.text") : problem.unknown ? say("trouble.text") : explain(problem)),
    !isGone && button(say("again"), async () => retry()),
    h("p", null, h("a", { href: "#home" }, say("back.home"))));
}
