// Pictures of every page and state, for people to look at: `npm run shots -- FOLDER`.
import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { DESKTOP, PHONE, startBrowser } from "./browser.mjs";
import { Desk } from "./clinic.mjs";
import { shared } from "./shared.mjs";
import { startStack } from "./stack.mjs";
import { visits } from "./tour.mjs";

const folder = resolve(process.argv[2] ?? "");
if (!process.argv[2] || folder.startsWith(resolve(import.meta.dirname, "../.."))) {
  throw new Error("name a folder outside the repository");
}
shared.stack = await startStack();
shared.browser = await startBrowser();
shared.desk = new Desk(shared.stack);
let count = 0;
for (const [device, viewport] of [["phone", PHONE], ["desktop", DESKTOP]]) {
  for (const scheme of ["light", "dark"]) {
    for (const language of ["en", "es"]) {
      const into = resolve(folder, `${device}-${scheme}-${language}`);
      await mkdir(into, { recursive: true });
      let number = 0;
      await visits({ viewport, scheme, language }, async (tab, name) => {
        number += 1;
        count += 1;
        const file = `${String(number).padStart(2, "0")} ${name.replaceAll("/", "-")}.png`;
        await tab.page.screenshot({ path: resolve(into, file), fullPage: true });
      });
    }
  }
}
await shared.browser.close();
await shared.stack.end();
console.log(`${count} pictures in ${folder}`);
