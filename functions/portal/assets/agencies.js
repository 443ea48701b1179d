// Agencies: who is on the roster, and passing children on from one worker to another.
import { Act } from "./api.js";
import { fill, h } from "./dom.js";
import { button, form } from "./form.js";
import { trouble } from "./home.js";
import { find } from "./people.js";
import { call, post } from "./session.js";
import { reasonFields, reasonOf } from "./terms.js";
import { day, say, sayCount } from "./text.js";
import { load, show } from "./view.js";

/** Shows the clinic's agencies. */
export function agencies() {
  load(() => call("GET", "/agencies"), (answer) => {
    const act = new Act();
    show("office.agencies",
      h("h1", null, say("office.agencies")),
      h("ul", { class: "cards" }, answer.agencies.map(({ id, name }) => h("li", null,
        h("a", { class: "card", href: `#agency/${id}` }, h("strong", { class: "grow" }, h("bdi", null, name)), h("span", { class: "arrow", "aria-hidden": "true" }, "›"))))),
      answer.agencies.length === 0 && h("p", null, say("agency.none")),
      h("h2", null, say("agency.register")),
      form({
        fields: [{ name: "name", label: say("agency.name"), maxlength: "100", autocomplete: "off", empty: "ask.no-name" }],
        submit: say("agency.register"), kind: "second",
        done: async ({ name }) => {
          await post(act, "/agencies", { name: name.trim() });
          agencies();
        },
      }));
  }, (problem) => trouble("office.agencies", problem, agencies));
}

/** Shows an agency. */
export function agency(id) {
  load(() => call("GET", `/agencies/${id}`), draw, (problem) => trouble("office.agencies", problem, () => agency(id)));
}

const up = () => h("p", { class: "up" }, h("a", { href: "#agencies" }, say("office.agencies")));

function draw(one) {
  const { id, name, workers, unfinished } = one;
  const called = (login) => workers.find((worker) => worker.login === login)?.name ?? login;
  show("office.agencies",
    up(),
    h("h1", null, h("bdi", null, name)),
    h("h2", null, say("agency.workers")),
    workers.length === 0 && h("p", null, say("agency.nobody")),
    h("ul", { class: "rows tight" }, workers.map((worker) => h("li", null,
      h("div", { class: "grow" }, h("strong", null, h("bdi", null, worker.name)), h("span", { class: "hint" }, sayCount("agency.children", worker.children))),
      h("button", { type: "button", class: "second", onclick: () => removing(one, worker) }, say("agency.remove"), h("span", { class: "unseen" }, " ", worker.name))))),
    h("p", { class: "hint" }, say("agency.how")),
    unfinished.length > 0 && h("section", null, h("h2", null, say("agency.unfinished")),
      h("ul", { class: "rows tight" }, unfinished.map((act) => h("li", null,
        h("a", { href: `#agency/${id}/hand-over/${act.id}` }, called(act.from), " → ", called(act.to), ", ", day(act.at)))))),
    workers.length > 1 && passing(one));
}

function passing({ id, workers }) {
  const act = new Act();
  const people = workers.map(({ login, name, children }) => ({ value: login, label: () => `${name}, ${sayCount("agency.children", children)()}` }));
  return h("section", null,
    h("h2", null, say("agency.pass")),
    h("p", { class: "hint" }, say("agency.pass-text")),
    form({
      fields: [
        { name: "from", type: "select", label: say("agency.from"), options: people, empty: "form.choose-one" },
        { name: "to", type: "select", label: say("agency.to"), options: people, empty: "form.choose-one" },
        ...reasonFields(),
      ],
      submit: say("agency.pass"),
      done: async (values) => {
        const body = { from: values.from, to: values.to, members: "all", reason: reasonOf(values) };
        const begun = await post(act, `/agencies/${id}/hand-overs`, body);
        location.hash = `#agency/${id}/hand-over/${begun.id}`;
      },
    }));
}

/** Shows how far a hand-over is, and goes on with it. */
export function handOver(id, act) {
  const path = `/agencies/${id}/hand-overs/${act}`;
  const draw = (now) => {
    const bar = h("progress", { max: String(now.moved + now.left || 1), value: String(now.moved), "aria-label": say("agency.progress") });
    const said = h("p", { role: "status" });
    const tell = (state) => {
      bar.max = state.moved + state.left || 1;
      bar.value = state.moved;
      fill(said, sayCount("agency.moved", state.moved), " ", state.left > 0 ? sayCount("agency.left", state.left) : say("agency.finished"));
    };
    show("agency.title",
      h("p", { class: "up" }, h("a", { href: `#agency/${id}` }, say("agency.back"))),
      h("h1", null, say("agency.title")),
      bar, said,
      now.left > 0 && button(say("agency.go-on"), async () => {
        for (let state = now; state.left > 0;) {
          const before = state.left;
          state = await post(new Act(), `${path}/continue`, {});
          tell(state);
          if (state.left >= before) break;
        }
        handOver(id, act);
      }),
      now.refused.length > 0 && h("section", null, h("h2", null, say("agency.stayed")),
        h("ul", { class: "plainly" }, now.refused.map(({ member, code }) => h("li", null, named(member), ": ", say(`refused.${code}`))))),
      now.unsigned.length > 0 && h("section", null, h("h2", null, say("agency.unsigned")), h("p", { class: "hint" }, say("agency.unsigned-text")),
        h("ul", { class: "plainly" }, now.unsigned.map(({ member, packet, title }) => h("li", null,
          h("a", { href: `#member/${member}/packet/${packet}` }, h("bdi", null, title)), " · ", named(member))))));
    tell(now);
  };
  load(() => call("GET", path), draw, (problem) => trouble("agency.title", problem, () => handOver(id, act)));
}

const named = (member) => h("a", { href: `#member/${member}/people` }, find(member)?.name ?? member);

function removing(one, worker) {
  const act = new Act();
  show("office.agencies",
    up(),
    h("h1", null, say("agency.remove-title", { person: worker.name, agency: one.name })),
    h("p", null, say("agency.remove-text")),
    form({
      fields: reasonFields(),
      submit: say("agency.remove"), kind: "grave",
      after: [h("button", { type: "button", class: "plain", onclick: () => agency(one.id) }, say("back"))],
      done: async (values) => {
        await post(act, `/agencies/${one.id}/workers/${worker.login}/remove`, { reason: reasonOf(values) });
        agency(one.id);
      },
    }));
}
