// Somebody was given a sealed paper and wants to know what it is worth. No login is needed.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { PHONE } from "./browser.mjs";
import { on } from "./context.mjs";
import { aboutToSign } from "./safety.mjs";

/** A paper that was signed and sealed. */
async function sealed(tab) {
  const { child, packet, parent } = await aboutToSign(tab);
  await tab.press("Sign now");
  await tab.sees("Your part is done");
  for (let tries = 0; tries < 100; tries += 1) {
    const { file, url } = await parent.post(`/members/${child}/packets/${packet}/open`);
    if (file === "sealed") return Buffer.from(await (await fetch(url)).arrayBuffer());
    await new Promise((later) => setTimeout(later, 100));
  }
  throw new Error("the paper was not sealed");
}

test("a sealed paper is checked without a login, and a changed one is told apart", async () => {
  const folder = await mkdtemp(join(tmpdir(), "hearth-verify-"));
  try {
    await on({}, async (tab) => {
      const paper = await sealed(tab);
      await writeFile(join(folder, "good.pdf"), paper);
      paper[Math.floor(paper.length / 3)] ^= 1;
      await writeFile(join(folder, "changed.pdf"), paper);
    });
    await on({ viewport: PHONE }, async (tab) => {
      await tab.open("/verify");
      await tab.sees("Check a sealed paper");
      const give = async (name) => (await tab.page.waitForSelector("main input[type=file]")).uploadFile(join(folder, name));
      await give("good.pdf");
      await tab.press("Check it");
      await tab.sees("Sealed and unchanged");
      await tab.says("Maria Garcia");
      await tab.says("No signature is missing");
      assert.deepEqual(await tab.violations(), []);
      assert.equal(await tab.overflow(), "");
      if (process.env.SHOT) await tab.page.screenshot({ path: process.env.SHOT, fullPage: true });
      await tab.press("Check another paper");
      await give("changed.pdf");
      await tab.press("Check it");
      await tab.sees("We cannot confirm this paper");
      await tab.says("changed after it was sealed");
      assert.deepEqual(await tab.violations(), []);
      assert.ok(!tab.requests.some((line) => line.includes("/login")), "somebody was asked to sign in");
      await tab.open("/");
      await tab.find("link", "Check a sealed paper");
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
