// What must not go wrong: taps that come twice, connections that break, sessions that end, links that machines open.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pdf } from "./clinic.mjs";
import { on, shared } from "./context.mjs";
import { readPaper } from "./family.mjs";
import { en, prove, signIn } from "./people.mjs";
import { PASSWORD } from "./stack.mjs";

/** A family, signed in, at the place where a signature is given. */
export async function aboutToSign(tab) {
  const { desk } = shared;
  const { children: [child], email, parent } = await desk.family();
  const packet = await desk.packet(child);
  await signIn(tab, email);
  await tab.sees(/Hello/);
  await tab.openTask();
  await tab.sees("Consent to treatment");
  await readPaper(tab);
  await tab.type("Your full name", "Maria Garcia");
  const state = async () => (await desk.get(`/members/${child}/packets/${packet}`)).slots[0].state;
  return { child, email, packet, parent, state };
}

const signings = (tab) => tab.requests.filter((line) => /^POST .*\/sign$/.test(line)).length;

test("a double click on sign signs once", () => on({}, async (tab) => {
  const { state } = await aboutToSign(tab);
  await tab.page.evaluate(() => {
    const button = document.querySelector("main form button[type=submit]");
    button.click();
    button.click();
  });
  await tab.sees("Your part is done");
  assert.equal(signings(tab), 1);
  assert.equal(await state(), "signed");
}));

test("the connection breaks while somebody signs: the answer is lost, the signature is not doubled", () => on({}, async (tab) => {
  const { state } = await aboutToSign(tab);
  await tab.page.setOfflineMode(true);
  await tab.says("You are offline.");
  await tab.press("Sign now");
  await tab.says("You seem to be offline. What you typed is still here.");
  assert.equal(await tab.page.$eval("input.signature", (field) => field.value), "Maria Garcia");
  await tab.page.setOfflineMode(false);
  // The next try arrives, and its answer gets lost on the way back.
  await tab.client.send("Fetch.enable", { patterns: [{ urlPattern: "*/sign", requestStage: "Response" }] });
  let lost = 0;
  const keys = new Set();
  tab.client.on("Fetch.requestPaused", async ({ requestId, request }) => {
    keys.add(request.headers["idempotency-key"]);
    lost += 1;
    if (lost === 1) await tab.client.send("Fetch.failRequest", { requestId, errorReason: "ConnectionReset" });
    else await tab.client.send("Fetch.continueRequest", { requestId });
  });
  await tab.press("Sign now");
  await tab.says("We do not know whether this was done. Try again; nothing is done twice.");
  assert.equal(await state(), "signed");
  await tab.press("Try again");
  await tab.sees("Your part is done");
  assert.equal(keys.size, 1);
}));

test("the connection breaks while a file is sent: it goes on by itself, and arrives once", () => on({}, async (tab) => {
  const { desk } = shared;
  const { children: [child], email } = await desk.family();
  await signIn(tab, email);
  await tab.sees(/Hello/);
  await tab.open(`/#member/${child}/send`);
  await tab.sees(/Send a document/);
  await tab.page.evaluate((bytes) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], "Letter.pdf", { type: "application/pdf" }));
    const input = document.querySelector("input[type=file]");
    input.files = data.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }, [...pdf("letter")]);
  await tab.client.send("Fetch.enable", { patterns: [{ urlPattern: "*quarantine*" }, { urlPattern: "*X-Amz-Signature*" }] });
  let tries = 0;
  tab.client.on("Fetch.requestPaused", async ({ requestId }) => {
    tries += 1;
    if (tries === 1) {
      await tab.page.setOfflineMode(true);
      await tab.client.send("Fetch.failRequest", { requestId, errorReason: "InternetDisconnected" });
    } else await tab.client.send("Fetch.continueRequest", { requestId });
  });
  await tab.press("Send");
  await tab.says("It goes on by itself when you are connected.");
  await tab.page.setOfflineMode(false);
  await tab.sees("The document has arrived");
  await tab.says("The document is here. Thank you.");
  const { documents } = await desk.get(`/members/${child}/documents`);
  assert.equal(documents.length, 1);
}));

test("a session that ends while somebody types: sign in again, and the text is still there", () => on({}, async (tab) => {
  const { desk, stack } = shared;
  const { children: [child], email, parent } = await desk.family();
  await desk.packet(child);
  await signIn(tab, email);
  await tab.sees(/Hello/);
  await tab.openTask();
  await tab.sees("Consent to treatment");
  await tab.follow("I do not want to sign");
  await tab.type("Why?", "We moved away");
  await parent.post("/login/sessions/end-others");
  await tab.press("Close without signing");
  await tab.sees("Sign in");
  await tab.says("what you typed is still here");
  await tab.type(en.email, email);
  await tab.type(en.password, PASSWORD);
  const known = (await stack.mails(email)).length;
  await tab.press(en.title);
  await tab.sees(/Enter the code|The clinic knows/);
  if (/code/.test(await tab.heading())) {
    await tab.type("Code", await stack.newCode(email, known));
    await tab.press(en.title);
  }
  await tab.sees("The clinic knows");
  const { packets: [packet] } = await desk.get(`/members/${child}/packets`);
  assert.equal(packet.slots[0].reason, "We moved away");
}));

test("a proof that is too old is asked for once more, over the page, and the signature goes on", () => on({}, async (tab) => {
  const { state } = await aboutToSign(tab);
  // The API's own answer to an old proof, given once before the real one.
  await tab.client.send("Fetch.enable", { patterns: [{ urlPattern: "*/sign" }] });
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
  await tab.press("Sign now");
  await prove(tab);
  await tab.sees("Your part is done");
  assert.equal(await state(), "signed");
}));

test("back after signing out shows nothing, in every tab", () => on({}, async (tab, device) => {
  const { desk } = shared;
  const { children: [child], email } = await desk.family({ children: ["Zora Quill"] });
  await signIn(tab, email);
  await tab.sees(/Hello/);
  await tab.open(`/#member/${child}`);
  await tab.sees("Zora’s papers");
  const other = await device.tab();
  await other.open(`/#member/${child}/activity`);
  await other.says("Zora");
  await tab.press("Sign out");
  await tab.sees("Sign in");
  await tab.says("You are signed out.");
  await other.sees("Sign in");
  for (let steps = 0; steps < 4; steps += 1) {
    await tab.page.goBack({ timeout: 2000 }).catch(() => {});
    await new Promise((later) => setTimeout(later, 300));
    assert.doesNotMatch(await tab.page.content(), /Zora/);
  }
  assert.doesNotMatch(await other.page.content(), /Zora/);
}));

test("a scanner that opens every link of a mail changes nothing", () => on({}, async (tab) => {
  const { desk, stack } = shared;
  const email = "scanned@family.example";
  const child = await desk.member("Pia Lund");
  const link = await desk.invite(email, [child]);
  for (const mail of await stack.mails(email)) {
    for (const [url] of `${mail.text} ${mail.html ?? ""}`.matchAll(/https?:\/\/[^\s"<>]+/g)) {
      for (const method of ["GET", "HEAD"]) await fetch(url, { method });
      await tab.open(url);
      await tab.settled();
    }
  }
  const codes = (await stack.mails(email)).length;
  assert.equal(codes, 1);
  assert.deepEqual(tab.requests.filter((line) => line.startsWith("POST") && !line.endsWith("/login/refresh")), []);
  await tab.open("about:blank");
  await tab.open(link);
  await tab.press("Continue");
  await tab.sees(/wants to share/);
}));

test("what is no longer shared says so, and nothing else", () => on({}, async (tab) => {
  const { desk } = shared;
  const { children: [child, other], email } = await desk.family({ children: ["Una Frost", "Vera Frost"] });
  await signIn(tab, email);
  await tab.sees(/Hello/);
  await tab.open(`/#member/${child}`);
  await tab.sees("Una’s papers");
  const { grants: [{ login }] } = await desk.get(`/members/${child}/grants`);
  await desk.post(`/members/${child}/grants/${login}/revoke`, { reason: "safeguarding" });
  await tab.follow("Who looked");
  await tab.sees("This is not shared with you");
  assert.doesNotMatch(await tab.text(), /Una|safe/i);
  await tab.follow("Go to the start page");
  await tab.sees(/Hello/);
  assert.doesNotMatch(await tab.text(), /Una/);
  assert.ok(other);
}));
