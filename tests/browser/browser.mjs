// Chromium as a person uses it: by what stands on the page, with keyboard, pointer and finger.
import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import puppeteer from "puppeteer-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const LONGEST = 40_000; // ms; machines that build at the same time are slow

export const PHONE = { width: 390, height: 844, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
export const DESKTOP = { width: 1440, height: 900 };

const program = () => [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  (path) => path && existsSync(path));

/** Starts the browser, or says why not. */
export async function startBrowser() {
  const executablePath = program();
  if (!executablePath) throw new Error("there is no Chromium; install Debian's package `chromium`");
  return puppeteer.launch({
    executablePath,
    headless: true,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--hide-scrollbars",
      // A page that does not come from the network belongs to no network, and might not speak to the file store on this machine.
      ...(process.env.ASSETS ? ["--disable-features=LocalNetworkAccessChecks"] : [])],
  });
}

/** A device of somebody: cookies of its own, a size, a language, a colour scheme. */
export class Device {
  static async of(browser, stack, { viewport = PHONE, language = "en", scheme = "light", zone = "America/New_York" } = {}) {
    const context = await browser.createBrowserContext();
    return Object.assign(new Device(), { context, stack, viewport, language, scheme, zone });
  }

  async tab() {
    const page = await this.context.newPage();
    const client = await page.createCDPSession();
    const userAgent = (await this.context.browser().userAgent()).replace("Headless", "");
    await client.send("Emulation.setUserAgentOverride", { userAgent, acceptLanguage: this.language });
    await page.setViewport(this.viewport);
    await page.emulateTimezone(this.zone);
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: this.scheme },
      { name: "prefers-reduced-motion", value: "reduce" }]);
    const tab = new Tab(page, client, this.stack);
    if (process.env.ASSETS) await tab.serveFrom(process.env.ASSETS);
    return tab;
  }

  close() {
    return this.context.close();
  }
}

export class Tab {
  constructor(page, client, stack) {
    Object.assign(this, { page, client, stack, troubles: [], requests: [] });
    page.setDefaultTimeout(LONGEST);
    page.on("pageerror", (error) => this.troubles.push(`script: ${error.message}`));
    page.on("console", (message) => {
      // What a policy refuses is told on the console.
      if (/Content Security Policy|TrustedHTML|Trusted Type/i.test(message.text())) this.troubles.push(message.text());
    });
    page.on("dialog", (dialog) => {
      if (dialog.type() === "beforeunload") dialog.accept();
      else this.troubles.push(`dialog: ${dialog.message()}`);
    });
    page.on("request", (request) => this.requests.push(`${request.method()} ${new URL(request.url()).pathname}`));
  }

  /** Shows the files of a folder in place of those that were built in: for whoever changes a page and looks. */
  async serveFrom(folder) {
    await this.page.setRequestInterception(true);
    const page = await fetch(this.stack.url);
    const headers = Object.fromEntries(page.headers);
    const clinic = /name="clinic" content="([^"]*)"/.exec(await page.text())[1];
    this.page.on("request", async (request) => {
      const url = new URL(request.url());
      const isPage = url.origin === this.stack.url && request.method() === "GET" && ["/", "/invitation", "/verify"].includes(url.pathname);
      if (isPage) {
        const text = (await readFile(join(folder, "index.html"), "utf8")).replaceAll("{{clinic}}", clinic).replace("{{preload}}", "");
        await request.respond({ status: 200, headers: { ...headers, "content-encoding": "" }, body: text });
      } else if (url.origin === this.stack.url && url.pathname.startsWith("/assets/")) {
        const name = url.pathname.split("/").at(-1);
        const contentType = { js: "text/javascript", css: "text/css", svg: "image/svg+xml" }[name.split(".").at(-1)];
        await request.respond({ status: 200, contentType, body: await readFile(join(folder, name)) });
      } else await request.continue();
    });
  }

  async open(path) {
    const now = this.page.url();
    await this.page.goto(new URL(path, this.stack.url).href);
    if (now.split("#")[0] !== this.page.url().split("#")[0]) return;
    // The page hears of another fragment a moment later.
    await this.page.evaluate(() => new Promise((later) => setTimeout(later, 50)));
    await this.settled();
  }

  /** Waits until nothing is loading or sending. */
  async settled() {
    await this.page.waitForFunction(() => !document.querySelector("main .loading, main [aria-busy=true]") && document.querySelector("main h1"), { polling: 100 });
    await this.page.waitForNetworkIdle({ idleTime: 80, timeout: 4000 }).catch(() => {});
  }

  /** What stands on the page under this role and name, as those who listen to the page find it. */
  async find(role, name) {
    // What stands behind another tab is not drawn, and so never found.
    await this.page.bringToFront();
    return this.page.waitForSelector(`::-p-aria([name="${name}"][role="${role}"])`, { visible: true });
  }

  async click(role, name) {
    for (let tries = 0; ; tries += 1) {
      const found = await this.find(role, name);
      try {
        await found.click();
        return;
      } catch (error) {
        // The page was drawn anew in between, as it is when something was saved.
        if (tries === 3 || !/detached|clickable/.test(error.message)) throw error;
      }
    }
  }

  press(name) {
    return this.click("button", name);
  }

  follow(name) {
    return this.click("link", name);
  }

  async type(label, text) {
    const field = await this.find("textbox", label);
    await field.evaluate((element) => {
      element.focus();
      element.select?.();
    });
    await this.page.keyboard.sendCharacter(text);
  }

  tick(label) {
    return this.click("checkbox", label);
  }

  pick(label) {
    return this.click("radio", label);
  }

  async choose(label, value) {
    const field = await this.find("combobox", label);
    await field.select(value);
  }

  /** Gives the device a way to know its owner, so that passkeys work without anybody's finger. */
  async ownPasskeys() {
    await this.client.send("WebAuthn.enable");
    await this.client.send("WebAuthn.addVirtualAuthenticator", { options: { protocol: "ctap2", transport: "internal", hasResidentKey: true,
      hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } });
  }

  /** The first thing that waits, on the start page. */
  async openTask() {
    await (await this.page.waitForSelector("a.task")).click();
  }

  heading() {
    return this.page.evaluate(() => [...document.querySelectorAll("main h1")].filter((one) => one.checkVisibility()).at(-1)?.textContent ?? "");
  }

  /** Waits until the heading says this. */
  async sees(wanted) {
    const source = wanted instanceof RegExp ? wanted.source : `^${wanted.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`;
    try {
      await this.page.waitForFunction((pattern) => {
        const found = [...document.querySelectorAll("main h1")].filter((one) => one.checkVisibility()).at(-1);
        return found && new RegExp(pattern).test(found.textContent.replace(/[\u2068\u2069]/g, ""));
      }, { polling: 100 }, source);
    } catch {
      throw new Error(`waited for “${wanted}”, the page says:\n${await this.text()}`);
    }
  }

  /** Waits until the page says this somewhere. */
  async says(wanted) {
    try {
      await this.page.waitForFunction((text) => document.body.innerText.replace(/[\u2068\u2069]/g, "").includes(text), { polling: 100 }, wanted);
    } catch {
      throw new Error(`waited for “${wanted}”, the page says:\n${await this.text()}`);
    }
  }

  text() {
    return this.page.evaluate(() => document.body.innerText);
  }

  /** What axe-core finds, as lines. */
  async violations() {
    await this.page.evaluate(`if (!window.axe) { ${axe} }`);
    const found = await this.page.evaluate(() => window.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }));
    return found.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`));
  }

  /** Whether something is wider than the screen. */
  overflow() {
    return this.page.evaluate(() => {
      const wide = document.documentElement.scrollWidth - innerWidth;
      if (wide <= 0) return "";
      const most = [...document.querySelectorAll("body *")].find((one) => one.getBoundingClientRect().right > innerWidth + 1);
      return `${wide}px: ${most?.outerHTML.slice(0, 120)}`;
    });
  }
}
