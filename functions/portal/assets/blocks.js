// Keeping somebody out: for good with a paper, or held for up to 72 hours. Lifting a block takes two.
import { Act } from "./api.js";
import { h } from "./dom.js";
import { between } from "./fields.js";
import { form } from "./form.js";
import { enter, trouble } from "./home.js";
import { whois } from "./member.js";
import { band, called } from "./people.js";
import { call, post } from "./session.js";
import { readChoices, reasonFields, reasonOf } from "./terms.js";
import { day, moment, say } from "./text.js";
import { load, show } from "./view.js";
import { readPeople } from "./who-sees.js";

/** Shows who is kept out; with a login, asks about that person at once. */
export function blocks(id, login) {
  const read = async () => {
    const [who, found, people, choices] = await Promise.all([
      whois(id), call("GET", `/members/${id}/blocks`, { who: id }), readPeople(id), readChoices(id)]);
    return { who, ...found, ...people, choices };
  };
  enter(id, () => load(read, (all) => (login ? setting(all, login) : draw(all)), (problem) => trouble("block.title", problem, () => blocks(id, login))));
}

function draw(all) {
  const { who, blocks: list } = all;
  show("block.title",
    band(who, "/blocks"),
    h("h1", null, say("block.heading", { name: called(who) })),
    h("p", { class: "hint" }, say("block.text")),
    list.length === 0
      ? h("p", null, say("block.none"))
      : h("ul", { class: "rows" }, list.map((one) => row(all, one))),
    h("p", null, h("button", { type: "button", onclick: () => setting(all) }, say("block.set"))));
}

const whom = ({ grants }, one) => one.name ?? grants.find(({ login }) => login === one.login)?.name ?? one.login ?? "–";
const reason = (given) => [say(`reason.${given.code ?? given}`), given.note && [": ", h("span", { dir: "auto" }, given.note)]];

const row = (all, one) => h("li", null,
  h("div", { class: "grow" }, h("strong", null, h("bdi", null, whom(all, one))), " · ",
    one.until ? say("block.hold-until", { date: moment(one.until) }) : say("block.for-good"),
    !one.counts && [" · ", say("block.over")],
    h("span", { class: "hint" }, day(one.set_at), " · ", reason(one.reason)),
    one.lift_proposed_by && h("p", { class: "note" }, say("block.proposed"))),
  one.counts && h("button", { type: "button", class: "second", onclick: () => lifting(all, one) },
    say(one.until ? "block.end" : one.lift_proposed_by ? "block.confirm" : "block.propose")));

const papersField = ({ choices: { papers } }, hint) => papers.length > 0
  ? { name: "evidence", type: "select", label: say("terms.paper"), hint, required: false, options: papers.map(({ id, title }) => ({ value: id, label: title })) }
  : between(h("p", { class: "hint" }, say("block.no-paper")));

const back = (all) => h("button", { type: "button", class: "plain", onclick: () => blocks(all.who.id) }, say("back"));

/** For how long a hold can last, from now on. */
const HOURS = ["12", "24", "48", "72"];

function setting(all, login) {
  const { who, grants } = all;
  const act = new Act();
  show("block.title",
    band(who),
    h("h1", null, say("block.set-title", { name: called(who) })),
    h("p", null, say("block.set-text")),
    form({
      keep: `block ${who.id}`,
      fields: [
        { name: "login", type: "select", label: say("block.person"), required: false, value: login,
          options: grants.map((grant) => ({ value: grant.login, label: grant.name ?? grant.login })) },
        { name: "email", label: say("block.email"), hint: say("block.email-hint"), type: "email", inputmode: "email", autocomplete: "off", required: false },
        { name: "name", label: say("block.name"), autocomplete: "off", maxlength: "100", required: false },
        { name: "lasts", type: "radio", label: say("block.lasts"), empty: "form.choose-one", options: [
          ...HOURS.map((hours) => ({ value: hours, label: say("block.hours", { hours }) })), { value: "good", label: say("block.for-good") }] },
        ...reasonFields(),
        papersField(all, say("block.paper-hint")),
      ],
      submit: say("block.set"), kind: "grave",
      after: [back(all)],
      done: async (values) => {
        const body = { reason: reasonOf(values) };
        if (values.login) body.login = values.login;
        else for (const key of ["email", "name"]) if (values[key].trim()) body[key] = values[key].trim();
        // A little less than the hours, so that the clocks of two machines may differ.
        if (values.lasts !== "good") body.until = new Date(Date.now() + Number(values.lasts) * 3_600_000 - 60_000).toISOString();
        if (values.evidence) body.evidence = values.evidence;
        await post(act, `/members/${who.id}/blocks`, body, who.id);
        blocks(who.id);
      },
    }));
}

function lifting(all, one) {
  const { who } = all;
  const act = new Act();
  const verb = one.until ? "block.end" : one.lift_proposed_by ? "block.confirm" : "block.propose";
  show("block.title",
    band(who),
    h("h1", null, say("block.lift-title", { person: whom(all, one), name: called(who) })),
    h("p", null, say(one.until ? "block.end-text" : "block.lift-text")),
    form({
      fields: [...reasonFields(), one.until ? between() : papersField(all, say("block.lift-paper"))],
      submit: say(verb), kind: "grave",
      after: [back(all)],
      done: async (values) => {
        const body = { reason: reasonOf(values) };
        if (values.evidence) body.evidence = values.evidence;
        const { lifted } = await post(act, `/members/${who.id}/blocks/${one.id}/lift`, body, who.id);
        if (lifted) blocks(who.id);
        else show("block.title", band(who), h("h1", null, say("block.waits")), h("p", null, say("block.proposed")), h("p", null, back(all)));
      },
    }));
}
