// Text is text: whatever somebody types into any field, no script runs and no policy complains.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DESKTOP } from "./browser.mjs";
import { DESK } from "./clinic.mjs";
import { on, shared } from "./context.mjs";
import { signIn } from "./people.mjs";

const MARK = "<img src=x onerror=window.pwned=1>";
const naughty = [
  "<script>window.pwned=1</script>",
  MARK,
  "\"><svg/onload=window.pwned=1>",
  "javascript:window.pwned=1",
  "{{constructor.constructor('window.pwned=1')()}}",
  "${window.pwned=1}",
  "' OR 1=1 --",
  "../../etc/passwd",
  "\u202Eright to left\u202C \uFEFF\u200B",
  "Zalgo Z\u0351\u036B\u0343a\u0334\u0340l\u0329g\u034Fo",
  "\u{1F469}\u200D\u{1F467}\u200D\u{1F466} \u6F22\u5B57 \u0627\u0644\u0639\u0631\u0628\u064A\u0629",
  "{name} {count} \\ %s %n null undefined NaN",
];

/** Types into every field of the page that stands, sends it, and looks whether anything ran. */
async function poison(tab, text) {
  for (const field of await tab.page.$$("main :is(input:not([type=checkbox], [type=radio], [type=file]), textarea)")) {
    if (!(await field.evaluate((one) => one.checkVisibility()))) continue;
    await field.evaluate((one) => {
      one.focus();
      one.select?.();
    });
    await tab.page.keyboard.sendCharacter(text);
  }
  const button = await tab.page.$("main form button[type=submit]");
  await button?.evaluate((one) => one.click());
  await tab.settled().catch(() => {});
  assert.equal(await tab.page.evaluate(() => window.pwned), undefined, text);
}

test("naughty strings in every field of a family's pages", () => on({}, async (tab) => {
  const { children: [child], email } = await shared.desk.family({ children: [MARK], name: "Eve <b>Stone</b>" });
  await shared.desk.packet(child, "<b>Consent</b> & more");
  await tab.ownPasskeys();
  await tab.open("/");
  await tab.sees("Sign in");
  for (const text of naughty) await poison(tab, text);
  await tab.page.reload();
  await signIn(tab, email);
  await tab.sees(/Hello/);
  await tab.says("<b>Consent</b> & more");
  for (const path of ["addresses", "passkeys", `member/${child}/send`]) {
    for (const text of naughty.slice(0, 4)) {
      await tab.open("/#home");
      await tab.open(`/#${path}`);
      await tab.sees(/Email addresses|Passkeys|Send a document/);
      await tab.settled();
      const add = await tab.page.$("main .view > p > button:not(.plain)");
      if (path === "addresses") await add.click();
      await poison(tab, text);
    }
  }
  for (const text of naughty) {
    await tab.open(`/#member/${child}/ask`);
    await tab.settled();
    await tab.page.click("main input[value=access]");
    await tab.press("Continue");
    await tab.page.waitForSelector("main textarea");
    await poison(tab, text);
    await tab.open("/#home");
    await tab.settled();
  }
  for (const hash of ["<img src=x onerror=window.pwned=1>", "member/__proto__", "member/constructor/people", "toString", "member/../..", "%00", "rare/x"]) {
    await tab.open(`/#${hash}`);
    await tab.settled();
    assert.equal(await tab.page.evaluate(() => window.pwned), undefined, hash);
  }
}));

test("naughty strings in every field of the desk's pages", () => on({ viewport: DESKTOP }, async (tab) => {
  const { children: [child] } = await shared.desk.family({ children: [MARK] });
  const { grants: [{ login }] } = await shared.desk.get(`/members/${child}/grants`);
  await signIn(tab, DESK);
  await tab.sees("Clients");
  await tab.open(`/#member/${child}`);
  await tab.type("Reason", MARK);
  await tab.press("Open");
  await tab.page.waitForSelector(".sections");
  for (const path of ["home", "register", `invite/${child}`, "agencies", `member/${child}/blocks/${login}`, `member/${child}/person/${login}`]) {
    for (const text of naughty.slice(0, 6)) {
      await tab.open("/#agencies");
      await tab.open(`/#${path}`);
      await tab.settled();
      await poison(tab, text);
    }
  }
  for (const part of ["people", "blocks", "requests", "activity", "new-packet"]) {
    await tab.open(`/#member/${child}/${part}`);
    await tab.settled();
    assert.equal(await tab.page.evaluate(() => window.pwned), undefined, part);
  }
}));
