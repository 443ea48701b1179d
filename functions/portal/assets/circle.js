// What is shared with whom, as a family sees it: one's own access, the others for those who may know, what one asked for.
import { Act } from "./api.js";
import { h } from "./dom.js";
import { button, form } from "./form.js";
import { enter, trouble } from "./home.js";
import { whois } from "./member.js";
import { band, called, may } from "./people.js";
import { call, login, post } from "./session.js";
import { day, has, say } from "./text.js";
import { load, show } from "./view.js";

/** Shows who reaches a member. */
export function circle(id) {
  const read = async () => {
    const who = await whois(id);
    const list = (what) => call("GET", `/members/${id}/${what}`, { who: id });
    const [directory, asked] = await Promise.all([
      may(who, "household-directory") && list("directory"),
      may(who, "invite") && list("requests"),
    ]);
    return { who, directory, asked };
  };
  enter(id, () => load(read, draw, (problem) => trouble("circle.title", problem, () => circle(id))));
}

/** What somebody is to the member, in words. */
export const kin = (code) => say(has(`kin.${code.toLowerCase()}`) ? `kin.${code.toLowerCase()}` : "kin.other");

function draw(all) {
  const { who, directory, asked } = all;
  show("circle.title",
    band(who, "/people"),
    h("h1", null, say("circle.heading", { name: called(who) })),
    h("section", null,
      h("h2", null, say("circle.yours")),
      h("p", null, say(`ground.${who.authority}`), who.not_after && [" · ", say("circle.until", { date: day(who.not_after) })]),
      h("ul", { class: "plainly" }, who.scopes.map((scope) => h("li", null, say(`scope.${scope}`))))),
    directory && h("section", null,
      h("h2", null, say("circle.others")),
      h("ul", { class: "rows tight" }, directory.people.map((one) => person(one)))),
    directory?.before?.length > 0 && h("section", null,
      h("h2", null, say("circle.before")), h("p", null, say("circle.before-text")),
      h("ul", { class: "rows tight" }, directory.before.map((one) => person(one, keeping(who, one))))),
    asked && h("section", null,
      h("h2", null, say("ask.title")),
      asked.requests.length > 0 && h("ul", { class: "rows tight" }, asked.requests.map(request)),
      h("p", null, h("a", { class: "go second", href: `#member/${who.id}/ask` }, say("ask.start")))),
    who.authority !== "self" && h("p", null,
      h("button", { type: "button", class: "plain", onclick: () => leaving(all) }, say("leave.title"))));
}

const person = (one, act) => h("li", null,
  h("div", { class: "grow" }, h("strong", null, h("bdi", null, one.name)),
    h("span", { class: "hint" }, one.login === login().id ? say("by.you") : kin(one.relationship))), act);

/** A client who came of age keeps a former guardian. */
function keeping(who, one) {
  const act = new Act();
  return button(say("circle.keep"), async () => {
    const scopes = ["profile", "documents-read", "appointments-read"];
    await post(act, `/members/${who.id}/helpers`, { login: one.login, scopes }, who.id);
    circle(who.id);
  }, { kind: "second" });
}

/** Something that was asked for, and where it stands. */
export const request = (one) => h("li", null, h("div", { class: "grow" },
  h("strong", null, h("bdi", null, one.wish.name)), " ", say(`wish.${one.wish.kind}`),
  h("span", { class: "hint" }, day(one.asked_at), " · ", say(`request.${one.state}`)),
  one.note && h("p", { dir: "auto", class: "hint" }, one.note),
  one.reason && h("p", { class: "note", dir: "auto" }, one.reason)));

/** Giving one's own access up. */
function leaving(all) {
  const { who } = all;
  const act = new Act();
  show("leave.title",
    band(who),
    h("h1", null, say("leave.heading", { name: called(who) })),
    h("p", null, say("leave.text")),
    form({
      fields: [{ name: "sure", type: "checkbox", label: say("leave.sure", { name: called(who) }), empty: "leave.tick" }],
      submit: say("leave.submit"), kind: "grave",
      after: [h("button", { type: "button", class: "plain", onclick: () => draw(all) }, say("back"))],
      done: async () => {
        await post(act, `/members/${who.id}/grants/${login().id}/end`, { reason: "request" }, who.id);
        show("leave.title", h("h1", null, say("leave.done", { name: called(who) })), h("p", null, say("leave.done-text")),
          h("p", null, h("a", { class: "go", href: "#home" }, say("back.home"))));
      },
    }));
}
