// What all tests share: one stack, one browser, the front desk.
import { after, before } from "node:test";
import { DESKTOP, Device, PHONE, startBrowser } from "./browser.mjs";
import { Desk } from "./clinic.mjs";
import { shared } from "./shared.mjs";
import { startStack } from "./stack.mjs";

export { shared };

before(async () => {
  shared.browser = await startBrowser();
  await afresh();
});

/** Goes on with a stack on which nobody has signed in yet: whoever does so often from one place is made to wait. */
export async function afresh() {
  await shared.stack?.end();
  shared.stack = await startStack();
  shared.desk = new Desk(shared.stack);
}

after(async () => {
  await shared.browser?.close();
  await shared.stack?.end();
});

/** Runs with a device that is thrown away afterwards; whatever the page's policy or scripts complained about fails the test. */
export async function on(options, work) {
  const device = await Device.of(shared.browser, shared.stack, options);
  const tab = await device.tab();
  try {
    await work(tab, device);
    if (tab.troubles.length) throw new Error(tab.troubles.join("\n"));
  } catch (error) {
    if (process.env.SHOT) await tab.page.screenshot({ path: process.env.SHOT }).catch(() => {});
    throw error;
  } finally {
    await device.close();
  }
}

export const VIEWPORTS = [["phone", PHONE], ["desktop", DESKTOP]];
