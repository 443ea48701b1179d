// What families do, from the first mail to the signed paper.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pdf } from "./clinic.mjs";
import { VIEWPORTS, on, shared } from "./context.mjs";
import { prove, signIn } from "./people.mjs";

const NEW_PASSWORD = "seven herons count the tide";

/** Goes through the ceremony up to the button that signs. */
export async function readPaper(tab) {
  await tab.tick("I agree to sign electronically");
  await tab.press("Continue");
  await tab.sees("Read it");
  await tab.press("Open the paper");
  await tab.says("Your browser opens or saves");
  await tab.tick("I have opened and read it");
  await tab.press("Continue");
  await tab.sees("Agree and sign");
  await tab.tick("I agree with this sentence");
}

for (const [device, viewport] of VIEWPORTS) {
  test(`a new mother accepts, enrols and signs on a ${device}`, async () => {
    const { desk, stack } = shared;
    const email = `new-${device}@family.example`;
    const child = await desk.member("Noa Rivera");
    const link = await desk.invite(email, [child]);
    await on({ viewport }, async (tab) => {
      await tab.open(link);
      await tab.sees("You are invited");
      await tab.press("Continue");
      await tab.sees(/wants to share the papers of one person/);
      await tab.press("No, I am new here");
      await tab.sees("Show that the email is yours");
      const known = (await stack.mails(email)).length;
      await tab.press("Send me a code");
      await tab.sees("Enter the code from the email");
      await tab.type("Code", await stack.newCode(email, known));
      await tab.press("Continue");
      await tab.sees("Make your login");
      await tab.type("Your full name", "Inés Rivera");
      await tab.type("A new password", NEW_PASSWORD);
      await tab.press("Make login and accept");
      await tab.sees("Sign in");
      await tab.type("Email address", email);
      await tab.type("Password", NEW_PASSWORD);
      const before = (await stack.mails(email)).length;
      await tab.press("Sign in");
      await tab.sees(/Hello|Enter the code/);
      if (/code/.test(await tab.heading())) {
        await tab.type("Code", await stack.newCode(email, before));
        await tab.press("Sign in");
      }
      await tab.sees("Hello, Inés");
      await tab.says("Nothing is waiting");

      await desk.packet(child, "School letter");
      await tab.page.reload();
      await tab.sees("Hello, Inés");
      await tab.says("One thing waits for you");
      await tab.openTask();
      await tab.sees("School letter");
      await tab.says("You sign for Noa, as a parent.");
      await readPaper(tab);
      await tab.type("Your full name", "Inés Rivera");
      await tab.press("Sign now");
      await tab.sees("Your part is done");
      await tab.follow("What else is waiting");
      await tab.sees("Hello, Inés");
      await tab.says("Nothing is waiting");
    });
  });
}

test("back in the ceremony loses nothing, and drawing counts as typing", async () => {
  const { desk } = shared;
  const { children: [child], email } = await desk.family();
  await desk.packet(child);
  await on({}, async (tab) => {
    await signIn(tab, email);
    await tab.sees(/Hello/);
    await tab.openTask();
    await tab.sees("Consent to treatment");
    await readPaper(tab);
    await tab.pick("Draw with finger, pen or mouse");
    const canvas = await tab.page.waitForSelector("canvas");
    await canvas.evaluate((one) => one.scrollIntoView({ block: "center" }));
    const box = await canvas.boundingBox();
    await tab.page.mouse.move(box.x + 20, box.y + 20);
    await tab.page.mouse.down();
    await tab.page.mouse.move(box.x + 120, box.y + 60, { steps: 12 });
    await tab.page.mouse.up();
    await tab.page.goBack();
    await tab.sees("Read it");
    await tab.page.goForward();
    await tab.sees("Agree and sign");
    assert.equal(await tab.page.$eval("canvas", (one) => one.checkVisibility()), true);
    await tab.tick("I agree with this sentence");
    await tab.press("Sign now");
    await tab.sees("Your part is done");
    const { packets: [packet] } = await desk.get(`/members/${child}/packets`);
    assert.equal(packet.slots[0].state, "signed");
  });
});

test("declining asks for a reason that survives a look at the paper", async () => {
  const { desk } = shared;
  const { children: [child], email } = await desk.family();
  await desk.packet(child);
  await on({}, async (tab) => {
    await signIn(tab, email);
    await tab.sees(/Hello/);
    await tab.openTask();
    await tab.sees("Consent to treatment");
    await tab.follow("I do not want to sign");
    await tab.sees("You do not want to sign");
    await tab.type("Why?", "I want to talk first");
    await tab.follow("Back to the paper");
    await tab.sees("Consent to treatment");
    await tab.follow("I do not want to sign");
    await tab.press("Close without signing");
    await tab.sees("The clinic knows");
    const { packets: [packet] } = await desk.get(`/members/${child}/packets`);
    assert.equal(packet.slots[0].reason, "I want to talk first");
  });
});

test("two tabs hold two children, and one tap switches to the other child's same page", async () => {
  const { desk } = shared;
  const { children: [ada, ben], email } = await desk.family({ children: ["Ada Stone", "Ben Stone"] });
  await desk.paper(ada, "Letter about Ada");
  await desk.paper(ben, "Letter about Ben");
  await on({}, async (tab, device) => {
    await signIn(tab, email);
    await tab.sees(/Hello/);
    await tab.open(`/#member/${ada}`);
    await tab.says("Letter about Ada");
    const other = await device.tab();
    await other.open(`/#member/${ben}`);
    await other.says("Letter about Ben");
    for (const [one, own, foreign] of [[tab, "Ada", "Ben"], [other, "Ben", "Ada"]]) {
      assert.match(await one.page.$eval(".whose", (band) => band.innerText), new RegExp(own));
      assert.doesNotMatch(await one.text(), new RegExp(`Letter about ${foreign}`));
      await one.press(`Open Letter about ${own}`);
      await one.says("Your browser opens or saves");
    }
    await tab.follow("Who looked");
    await tab.sees("Who looked at Ada’s record");
    await tab.follow("Switch to Ben");
    await tab.sees("Who looked at Ben’s record");
  });
});

test("a PDF and photographs are sent, checked and shown", async () => {
  const { desk } = shared;
  const { children: [child], email } = await desk.family();
  await on({}, async (tab) => {
    await signIn(tab, email);
    await tab.sees(/Hello/);
    await tab.open(`/#member/${child}/send`);
    await tab.sees(/Send a document/);
    const give = async (files) => tab.page.evaluate(async (given) => {
      const data = new DataTransfer();
      for (const { name, type, bytes } of given) {
        const content = type === "photo"
          ? await new Promise((done) => Object.assign(document.createElement("canvas"), { width: 3000, height: 2000 }).toBlob(done, "image/png"))
          : new Uint8Array(bytes);
        data.items.add(new File([content], name, { type: type === "photo" ? "image/png" : type }));
      }
      const input = document.querySelector("input[type=file]");
      input.files = data.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }, files);
    await give([{ name: "School report.pdf", type: "application/pdf", bytes: [...pdf("report")] }]);
    await tab.press("Send");
    await tab.sees("The document has arrived");
    await tab.says("The document is here. Thank you.");
    await tab.press("Send another one");
    await give([{ name: "1.png", type: "photo" }, { name: "2.png", type: "photo" }]);
    await tab.type("What is it?", "Paper form");
    await tab.press("Send");
    await tab.says("The document is here. Thank you.");
    const { documents } = await desk.get(`/members/${child}/documents`);
    assert.deepEqual(documents.map(({ title, pages }) => [title, pages]).sort(), [["Paper form", 2], ["School report", 1]]);
  });
});

test("a family asks for a brother; the clinic's answer is there to read", async () => {
  const { desk } = shared;
  const { children: [child], email } = await desk.family();
  await on({}, async (tab) => {
    await signIn(tab, email);
    await tab.sees(/Hello/);
    await tab.follow("Somebody is missing? Ask the clinic to add a family member");
    await tab.sees("Ask the clinic");
    await tab.pick("Add another family member to my login");
    await tab.press("Continue");
    await tab.type("Full name of the family member", "Leo Garcia");
    for (const [part, value] of [["Month", "9"], ["Day", "31"], ["Year", "2019"]]) await tab.type(part, value);
    await tab.choose("What are you to this family member?", "MTH");
    await tab.press("Send to the clinic");
    await tab.says("Write a real date");
    await tab.type("Day", "15");
    await tab.press("Send to the clinic");
    await tab.sees("The clinic has your request");
    const { requests: [request] } = await desk.get(`/members/${child}/requests`);
    assert.equal(request.wish.birth_date, "2019-09-15");
    await desk.post(`/members/${child}/requests/${request.id}/refuse`, { reason: "Please call us first." });
    await tab.follow("People");
    await tab.says("Please call us first.");
  });
});

test("addresses: one is added with a code, gets the mail, and can be given up", async () => {
  const { desk, stack } = shared;
  const { email } = await desk.family();
  const second = `second-${email}`;
  await on({}, async (tab) => {
    await signIn(tab, email);
    await tab.sees(/Hello/);
    await tab.open("/#addresses");
    await tab.sees("Email addresses");
    await tab.press("Add an address");
    await tab.type("New email address", second);
    await tab.press("Send me a code");
    await tab.sees(/Enter the code|Show that it is you/);
    if (/Show/.test(await tab.heading())) await prove(tab);
    await tab.sees("Enter the code from the email");
    await tab.type("Code", await stack.newCode(second, 0));
    await tab.press("Continue");
    await tab.sees("The address is yours now");
    await tab.press("Email addresses");
    await tab.press(`Send mail here ${second}`);
    await tab.says("Mail goes here");
    await tab.press(`Remove ${email}`);
    await tab.press("Remove");
    await tab.sees("Email addresses");
    assert.doesNotMatch(await tab.page.$eval("main .rows", (list) => list.innerText), new RegExp(`^${email}`, "m"));
  });
});
