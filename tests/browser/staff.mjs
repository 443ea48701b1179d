// What the front desk does all day.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DESKTOP } from "./browser.mjs";
import { DESK } from "./clinic.mjs";
import { on, shared } from "./context.mjs";
import { signIn } from "./people.mjs";

const desktop = { viewport: DESKTOP };

/** Fills the three fields of a date within something. */
async function date(tab, within, month, day, year) {
  for (const [part, value] of [["month", month], ["day", day], ["year", year]]) {
    const field = await within.$(`input[name$=-${part}]`);
    await field.focus();
    await tab.page.keyboard.sendCharacter(value);
  }
}

async function opened(tab, path, reason = "prepares the visit") {
  await tab.open(`/#member/${path}`);
  await tab.sees(/Why do you open|./);
  if (/Why/.test(await tab.heading())) {
    await tab.type("Reason", reason);
    await tab.press("Open");
  }
}

test("the desk registers two siblings, invites their mother to both, and asks her to sign", () => on(desktop, async (tab) => {
  const { desk, stack } = shared;
  await signIn(tab, DESK);
  await tab.sees("Clients");
  await tab.follow("Register clients");
  await tab.sees("Register clients");
  await tab.type("Full name", "Olga Petrov");
  await tab.press("Add a brother or sister");
  const entries = await tab.page.$$(".entry");
  assert.equal(await entries[1].$eval("input[name=name]", (field) => field.value), " Petrov");
  const second = await entries[1].$("input[name=name]");
  await second.evaluate((field) => {
    field.focus();
    field.setSelectionRange(0, 0);
  });
  await tab.page.keyboard.sendCharacter("Pavel");
  await date(tab, entries[0], "3", "7", "2016");
  await date(tab, entries[1], "11", "21", "2018");
  await tab.press("Register");
  await tab.sees("2 clients are registered");
  await tab.follow("Invite a parent to them");
  await tab.sees("Invite somebody");
  await tab.type("Email address of the person", "petrov@family.example");
  await tab.choose("What is the person to the client?", "MTH");
  await tab.choose("On which legal ground?", "parental-responsibility");
  await tab.press("Continue");
  await tab.sees("Check before you send");
  await tab.says("Pavel Petrov");
  await tab.press("Send the invitation");
  await tab.sees("The invitation is on its way");
  assert.ok(await stack.newLink("petrov@family.example", 0));
  for (const { subject, text } of await stack.mails("petrov@family.example")) assert.doesNotMatch(subject + text, /Olga|Pavel|Petrov /);

  await tab.follow("Clients");
  await tab.sees("Clients");
  await tab.page.focus("#search");
  await tab.page.keyboard.type("petrov 2016");
  await tab.says("1 client");
  await tab.page.keyboard.press("Enter");
  await tab.sees("Why do you open this record?");
  await tab.type("Reason", "prepares papers");
  await tab.press("Open");
  await tab.sees("Olga Petrov’s papers");
  await tab.follow("People");
  await tab.sees("Who can see Olga Petrov, and why");
  await tab.says("Somebody is invited to 2 clients");
  await tab.press("Take back");
  await tab.says("Nobody has access yet.");
  assert.ok(desk);
}));

test("who sees whom: preview, why, change, block, lift by two", () => on(desktop, async (tab) => {
  const { desk } = shared;
  const { children: [child], parent } = await desk.family({ children: ["Rosa Lind"], name: "Karin Lind" });
  await desk.paper(child, "Letter about Rosa");
  await signIn(tab, DESK);
  await tab.sees("Clients");
  await opened(tab, `${child}/people`);
  await tab.sees(/Who can see Rosa Lind/);
  assert.equal(await tab.page.$$eval(".picture .line-on", (lines) => lines.length), 1);
  await tab.follow("Karin Lind");
  await tab.sees("Karin Lind");
  await tab.press("See what this person sees");
  await tab.says("Letter about Rosa");
  await tab.choose("What", "pay-bill");
  await tab.press("Explain");
  await tab.says("the access does not include this");

  await tab.press("Change");
  await tab.sees("What Karin Lind may do for Rosa Lind");
  await tab.tick("Sign");
  await tab.choose("Why?", "request");
  await tab.press("Save");
  await tab.sees("Karin Lind");
  const { grants: [grant] } = await desk.get(`/members/${child}/grants`);
  assert.ok(!grant.scopes.includes("sign"));

  await tab.follow("Keep out…");
  await tab.sees(/Keep somebody out of Rosa/);
  await tab.pick("24 hours, then it ends by itself");
  await tab.choose("Why?", "safeguarding");
  await tab.press("Keep somebody out");
  await tab.sees(/Who is kept out/);
  await tab.says("held out until");
  await assert.rejects(parent.get(`/members/${child}`), /404/);
  await tab.press("End the hold");
  await tab.sees(/Let Karin Lind in again/);
  await tab.choose("Why?", "review");
  await tab.press("End the hold");
  await tab.sees(/Who is kept out/);
  await parent.get(`/members/${child}`);
}));

test("signatures are asked for, looked at and taken back", () => on(desktop, async (tab) => {
  const { desk } = shared;
  const { children: [child] } = await desk.family({ children: ["Timo Berg"], name: "Eva Berg" });
  await desk.paper(child, "School form");
  await signIn(tab, DESK);
  await tab.sees("Clients");
  await opened(tab, child);
  await tab.sees(/Timo Berg’s papers/);
  await tab.follow("Ask for signatures");
  await tab.sees("Ask for signatures");
  await tab.pick("School form");
  await tab.type("What do families read as its title?", "School form 2026");
  await tab.page.click("input[type=checkbox]");
  await tab.press("Ask for signatures");
  await tab.sees("School form 2026");
  await tab.says("has not answered yet");
  await tab.follow("Take this request back");
  await tab.press("Take it back");
  await tab.says("The clinic has taken this back");
}));

test("a request is approved: the brother is on the mother's start page", () => on(desktop, async (tab) => {
  const { desk } = shared;
  const { children: [child], parent } = await desk.family({ children: ["Nils Holm"], name: "Anna Holm" });
  await desk.member("Lars Holm", "2020-05-05");
  await parent.post(`/members/${child}/requests`, { wish: { kind: "family-member", name: "Lars Holm", birth_date: "2020-05-05", relationship: "MTH" } });
  await signIn(tab, DESK);
  await tab.sees("Clients");
  await opened(tab, `${child}/requests`);
  await tab.sees(/family asked for/);
  await tab.press("Approve");
  await tab.sees("Approve, with these terms");
  await tab.choose("On which legal ground?", "parental-responsibility");
  await tab.press("Approve");
  await tab.says("the clinic said yes");
  const { members } = await parent.get("/members");
  assert.deepEqual(members.map(({ name }) => name).sort(), ["Lars Holm", "Nils Holm"]);
}));

test("a caseworker's children are handed over in one act", () => on(desktop, async (tab) => {
  const { desk } = shared;
  const { id } = await desk.post("/agencies", { name: "North County" });
  const terms = { relationship: "RESPRSN", authority: "agency-custody", scopes: ["profile", "documents-read"], agency: id };
  const children = [];
  for (const name of ["Child One", "Child Two", "Child Three"]) children.push(await desk.member(name));
  await desk.welcome("gail@county.example", "Gail Worth", children, terms);
  const other = await desk.member("Child Four");
  const hugo = await desk.welcome("hugo@county.example", "Hugo Reyes", [other], terms);
  await signIn(tab, DESK);
  await tab.sees("Clients");
  await tab.follow("Agencies");
  await tab.sees("Agencies");
  await tab.follow("North County");
  await tab.sees("North County");
  const pick = (label, text) => tab.page.evaluate((given) => {
    const field = [...document.querySelectorAll("select")].find((one) => one.labels[0].textContent === given.label);
    field.value = [...field.options].find((option) => option.textContent.startsWith(given.text)).value;
  }, { label, text });
  await pick("From", "Gail");
  await pick("To", "Hugo");
  await tab.choose("Why?", "change-in-relationship");
  await tab.press("Pass all children on");
  await tab.sees("Hand-over");
  await tab.says("3 children have moved. Nothing is left.");
  const { members } = await hugo.get("/members");
  assert.equal(members.length, 4);
}));
