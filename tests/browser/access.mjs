// Everybody can use every page: axe-core finds nothing and nothing is wider than the screen, in both languages and both schemes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DESKTOP, PHONE } from "./browser.mjs";
import { afresh, on, shared } from "./context.mjs";
import { visits } from "./tour.mjs";

const SMALLEST = { ...PHONE, width: 320, height: 640 };
const looks = [
  { language: "en", scheme: "light", viewport: SMALLEST },
  { language: "es", scheme: "dark", viewport: PHONE },
  { language: "en", scheme: "dark", viewport: DESKTOP },
  { language: "es", scheme: "light", viewport: DESKTOP },
];

for (const look of looks) {
  test(`every page, ${look.language}, ${look.scheme}, ${look.viewport.width} px`, async () => {
    await afresh();
    const found = [];
    let pages = 0;
    await visits(look, async (tab, name) => {
      pages += 1;
      for (const line of await tab.violations()) found.push(`${name}: ${line}`);
      const wide = await tab.overflow();
      if (wide) found.push(`${name}: wider than the screen by ${wide}`);
    });
    console.log(`  ${pages} pages and states looked at`);
    assert.deepEqual(found, []);
  });
}

test("the keyboard reaches the content, and the focus is seen", () => on({ viewport: DESKTOP }, async (tab) => {
  await tab.open("/");
  await tab.sees("Sign in");
  // The heading has the focus; backwards from there stands everything of the head.
  await tab.page.keyboard.down("Shift");
  for (let steps = 0; steps < 6 && await tab.page.evaluate(() => document.activeElement.id !== "skip"); steps += 1) {
    await tab.page.keyboard.press("Tab");
  }
  await tab.page.keyboard.up("Shift");
  assert.equal(await tab.page.evaluate(() => document.activeElement.id), "skip");
  await tab.page.keyboard.press("Enter");
  assert.equal(await tab.page.evaluate(() => document.activeElement.tagName), "H1");
  for (let steps = 0; steps < 8; steps += 1) {
    await tab.page.keyboard.press("Tab");
    const seen = await tab.page.evaluate(() => {
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
      return document.activeElement === document.body || (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2);
    });
    assert.ok(seen, await tab.page.evaluate(() => document.activeElement.outerHTML));
  }
  assert.ok(shared.stack);
}));
