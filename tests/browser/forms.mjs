// Forms: filled in page by page, kept when the tab is closed, carried over to the next child, signed, and there to download.
import assert from "node:assert/strict";
import { test } from "node:test";
import { form } from "./clinic.mjs";
import { VIEWPORTS, on, shared } from "./context.mjs";
import { signIn } from "./people.mjs";

const picture = async (tab, name) => {
  if (process.env.FORM_SHOTS) await tab.page.screenshot({ path: `${process.env.FORM_SHOTS}/${name}.png`, fullPage: true });
};

/** From the list of what waits to the first page of the form. */
async function toTheForm(tab) {
  await tab.tick("I agree to sign electronically");
  await tab.press("Continue");
  await tab.sees("Read it");
  await tab.press("Open the paper");
  await tab.says("Your browser opens or saves");
  await tab.tick("I have opened and read it");
  await tab.press("Continue");
  await tab.sees("Fill it in");
}

const value = (tab, selector) => tab.page.$eval(selector, (field) => field.value);

for (const [device, viewport] of VIEWPORTS) {
  test(`a form is filled in, the tab is closed, and what was written is still there on a ${device}`, async () => {
    const { desk } = shared;
    const { children: [child], email, parent } = await desk.family();
    const packet = await desk.packet(child, "Before the first visit", "parent", form(`Visit on a ${device}`));
    await on({ viewport }, async (tab, own) => {
      await signIn(tab, email);
      await tab.sees(/Hello/);
      await tab.openTask();
      await tab.sees("Before the first visit");
      await tab.says("Step 1 of 4");
      await toTheForm(tab);
      await picture(tab, `${device}-1-empty`);
      assert.equal(await tab.overflow(), "");
      assert.deepEqual(await tab.violations(), []);
      await tab.press("Continue");
      await tab.says("Please fill this in");
      await picture(tab, `${device}-2-missing`);
      await tab.type("Name of the child", "Mia García");
      await tab.type("Allergies and medicines (optional)", "Nuts.\nNothing else.");
      await tab.tick("May go swimming (optional)");
      await tab.says("Saved at");
      await picture(tab, `${device}-3-saved`);
      await tab.page.close();

      const again = await own.tab();
      await again.open("/");
      await again.sees(/Hello/);
      await again.openTask();
      await toTheForm(again);
      assert.equal(await value(again, "input[name=child]"), "Mia García");
      assert.equal(await value(again, "textarea[name=health]"), "Nuts.\nNothing else.");
      await again.press("Continue");
      await again.says("Page 2 of 2");
      await again.pick("Mother");
      await again.choose("School (optional)", "s");
      await picture(again, `${device}-4-second`);
      await again.press("Look at my answers");
      await again.sees("Check your answers");
      for (const words of ["Mia García", "Nothing else.", "Yes", "Mother", "South School"]) await again.says(words);
      await picture(again, `${device}-5-check`);
      assert.equal(await again.overflow(), "");
      assert.deepEqual(await again.violations(), []);
      await again.press("Continue");
      await again.sees("Agree and sign");
      await again.tick("I agree with this sentence");
      await again.type("Your full name", "Maria Garcia");
      await picture(again, `${device}-6-sign`);
      await again.press("Sign now");
      await again.sees("Your part is done");
      let file;
      for (let tries = 0; tries < 100 && file !== "sealed"; tries += 1) {
        ({ file } = await parent.post(`/members/${child}/packets/${packet}/open`, {}));
        if (file !== "sealed") await new Promise((later) => setTimeout(later, 100));
      }
      const { url } = await parent.post(`/members/${child}/packets/${packet}/open`, {});
      const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
      assert.match(bytes.toString("latin1"), /^%PDF/);
      // The record in the file holds the answers.
      assert.match(bytes.toString("utf8"), /Mia García/);
    });
  });
}

test("the second child's form begins with the answers for the first, without its name", async () => {
  const { desk } = shared;
  const { children: [mia, leo], email } = await desk.family({ children: ["Mia Rivera", "Leo Rivera"] });
  const paper = form("The same for both");
  await desk.packet(mia, "Health", "parent", paper);
  await on({}, async (tab) => {
    await signIn(tab, email);
    await tab.sees(/Hello/);
    await tab.openTask();
    await tab.sees("Health");
    await toTheForm(tab);
    await tab.type("Name of the child", "Mia Rivera");
    await tab.type("Allergies and medicines (optional)", "None at all");
    await tab.says("Saved at");
    const second = await desk.packet(leo, "Health", "parent", paper);
    await tab.open(`/#member/${leo}/packet/${second}`);
    await tab.sees("Health");
    await toTheForm(tab);
    await tab.says("You have filled in this paper before");
    await picture(tab, "carry-1-offer");
    await tab.press("Use my answers for Mia");
    await tab.says("Some fields are empty");
    assert.equal(await value(tab, "textarea[name=health]"), "None at all");
    assert.equal(await value(tab, "input[name=child]"), "");
    await picture(tab, "carry-2-carried");
    await tab.type("Name of the child", "Leo Rivera");
    await tab.press("Continue");
    await tab.says("Page 2 of 2");
    await tab.press("Look at my answers");
    await tab.says("Leo Rivera");
    await tab.press("Continue");
    await tab.sees("Agree and sign");
  });
});

test("without a connection the page says what is not saved, and saves it by itself afterwards", () => on({}, async (tab) => {
  const { desk } = shared;
  const { children: [child], email, parent } = await desk.family();
  const packet = await desk.packet(child, "Health", "parent", form("Offline"));
  await signIn(tab, email);
  await tab.sees(/Hello/);
  await tab.openTask();
  await toTheForm(tab);
  await tab.page.setOfflineMode(true);
  await tab.type("Name of the child", "Mia");
  await tab.says("Not saved yet. What you wrote last is only on this page");
  await picture(tab, "offline");
  await tab.page.setOfflineMode(false);
  await tab.says("Saved at");
  const { mine: { slot } } = await parent.get(`/members/${child}/packets/${packet}`);
  const { answers } = await parent.get(`/members/${child}/packets/${packet}/slots/${slot}/answers`);
  assert.deepEqual(answers, { child: "Mia" });
}));

test("two windows: each keeps what it wrote, and shows what the other one says", () => on({}, async (tab) => {
  const { desk } = shared;
  const { children: [child], email, parent } = await desk.family();
  const packet = await desk.packet(child, "Health", "parent", form("Two windows"));
  await signIn(tab, email);
  await tab.sees(/Hello/);
  await tab.openTask();
  await toTheForm(tab);
  await tab.type("Name of the child", "Written here");
  await tab.says("Saved at");
  const { mine: { slot } } = await parent.get(`/members/${child}/packets/${packet}`);
  const path = `/members/${child}/packets/${packet}/slots/${slot}/answers`;
  const { version } = await parent.get(path);
  await parent.post(path, { answers: { child: "Written there", health: "Only there" }, version });
  await tab.type("Name of the child", "Written here, later");
  await tab.says("In another window you wrote: Written there");
  assert.equal(await value(tab, "input[name=child]"), "Written here, later");
  assert.equal(await value(tab, "textarea[name=health]"), "Only there");
  await picture(tab, "two-windows");
  await tab.says("Saved at");
  assert.deepEqual((await parent.get(path)).answers, { child: "Written here, later", health: "Only there" });
}));
