// Ways to show who one is: a passkey in a virtual authenticator, recovery with codes on paper.
import assert from "node:assert/strict";
import { test } from "node:test";
import { on, shared } from "./context.mjs";
import { prove, signIn } from "./people.mjs";

test("a passkey is added, signs in, and proves once more", () => on({}, async (tab) => {
  const { email } = await shared.desk.family();
  await tab.ownPasskeys();
  await signIn(tab, email);
  await tab.sees(/Hello/);
  await tab.open("/#passkeys");
  await tab.sees("Passkeys");
  await tab.type("What do you call this device?", "My phone");
  await tab.press("Add this device");
  await tab.says("added");
  await tab.press("Sign out");
  await tab.sees("Sign in");
  await tab.press("Sign in with a passkey");
  await tab.sees(/Hello/);
  await tab.open("/#codes");
  await tab.sees("Recovery codes");
  await tab.client.send("Fetch.enable", { patterns: [{ urlPattern: "*/login/recovery-codes" }] });
  let asked = 0;
  tab.client.on("Fetch.requestPaused", async ({ requestId }) => {
    asked += 1;
    if (asked > 1) await tab.client.send("Fetch.continueRequest", { requestId });
    else {
      await tab.client.send("Fetch.fulfillRequest", { requestId, responseCode: 401,
        responseHeaders: [{ name: "content-type", value: "application/problem+json" }],
        body: Buffer.from(JSON.stringify({ type: "urn:hearth:problem:prove-again", status: 401 })).toString("base64") });
    }
  });
  await tab.press("Make ten codes");
  await tab.sees("Show that it is you");
  await tab.press("Use a passkey");
  await tab.sees("Your ten codes");
}));

test("who lost the password gets a new one with a code from paper and one from the mailbox", () => on({}, async (tab, device) => {
  const { stack, desk } = shared;
  const { email } = await desk.family();
  await signIn(tab, email);
  await tab.sees(/Hello/);
  await tab.open("/#codes");
  await tab.press("Make ten codes");
  await tab.sees(/Your ten codes|Show that it is you/);
  if (/Show/.test(await tab.heading())) await prove(tab);
  await tab.sees("Your ten codes");
  const codes = await tab.page.$$eval("ol code", (all) => all.map((one) => one.textContent));
  assert.equal(codes.length, 10);
  await tab.press("Sign out");
  await tab.sees("Sign in");

  const other = await device.tab();
  await other.open("/");
  await other.sees("Sign in");
  await other.press("I cannot sign in");
  await other.sees("Get a new password");
  await other.type("Email address", email);
  await other.type("Code from paper", codes[3].toLowerCase().replaceAll("-", " "));
  const known = (await stack.mails(email)).length;
  await other.press("Continue");
  await other.sees("Choose your new password");
  await other.type("Code", await stack.newCode(email, known));
  await other.type("A new password", "twelve owls read the newspaper");
  await other.press("Save the new password");
  await other.sees("Your new password counts");
  await other.press("Sign in");
  await other.type("Email address", email);
  await other.type("Password", "twelve owls read the newspaper");
  const before = (await stack.mails(email)).length;
  await other.press("Sign in");
  await other.sees(/Hello|Enter the code/);
  if (/code/.test(await other.heading())) {
    await other.type("Code", await stack.newCode(email, before));
    await other.press("Sign in");
  }
  await other.sees(/Hello/);
}));
