// A walk over every page and state, for whoever wants to look at all of them: axe-core, or a person with screenshots.
import { Device } from "./browser.mjs";
import { DESK } from "./clinic.mjs";
import { shared } from "./shared.mjs";
import { en, es, signIn } from "./people.mjs";

/** What was furnished for a desk: one scene for each stack. */
const scenes = new WeakMap();

/** A family of four children with everything on it, and a child that staff look at. */
async function furnish(desk) {
  const { children, email, parent } = await desk.family({ name: "María-José de la Cruz Hernández",
    children: ["Mia de la Cruz", "Leo de la Cruz", "Zoë Angelopoulou-Featherstonehaugh", "نور الدين"] });
  const [mia, leo] = children;
  const father = await desk.welcome(`father-${email}`, "Ben de la Cruz", [mia, leo], { relationship: "FTH" });
  await desk.paper(mia, "Letter from school");
  const open = await desk.packet(mia, "Consent to treatment");
  await desk.packet(leo, "Consent to treatment");
  await parent.post(`/members/${mia}/requests`, { wish: { kind: "access", name: "Rosa Hernández", email: `rosa-${email}`, relationship: "GRMTH" }, note: "She fetches Mia on Fridays." });
  const { grants } = await desk.get(`/members/${mia}/grants`);
  const fathers = grants.find(({ name }) => name.startsWith("Ben")).login;
  const hour = new Date(Date.now() + 20 * 3_600_000).toISOString();
  await desk.post(`/members/${mia}/blocks`, { login: fathers, reason: { code: "safeguarding", note: "Call from the school" }, until: hour });
  await desk.invite(`aunt-${email}`, [mia], { relationship: "AUNT", scopes: ["profile"] });
  const { agencies } = await desk.get("/agencies");
  return { email, mia, leo, open, parent, father, mothers: grants.find(({ login }) => login !== fathers).login, agency: agencies.at(-1)?.id };
}

/** Shows `look` each page: `look(tab, name)`. */
export async function visits(device, look) {
  if (!scenes.has(shared.desk)) scenes.set(shared.desk, furnish(shared.desk));
  const { email, mia, open, mothers, agency } = await scenes.get(shared.desk);
  const words = device.language === "es" ? es : en;
  const submit = (tab) => tab.page.$eval("main form button[type=submit]", (button) => button.click());
  const use = async (work) => {
    const one = await Device.of(shared.browser, shared.stack, device);
    try {
      const tab = await one.tab();
      await work(tab, async (path, name) => {
        await tab.open(path);
        await tab.settled();
        await look(tab, name);
      });
      if (tab.troubles.length) throw new Error(tab.troubles.join("\n"));
    } finally {
      await one.close();
    }
  };

  await use(async (tab, page) => {
    await page("/", "sign-in");
    await submit(tab);
    await look(tab, "sign-in, nothing typed");
    await page("/verify", "verify");
    await submit(tab);
    await look(tab, "verify, nothing chosen");
    await page("/invitation", "invitation, broken link");
    await tab.open("/");
    await signIn(tab, email, words);
    await tab.page.waitForSelector("a.task");
    await tab.settled();
    await look(tab, "home");
    for (const name of ["login", "addresses", "passkeys", "password", "sessions", "codes", "merge"]) await page(`/#${name}`, name);
    for (const part of ["", "/people", "/activity", "/ask", "/send"]) await page(`/#member/${mia}${part}`, `family${part || "/papers"}`);
    await submit(tab);
    await look(tab, "send, nothing chosen");
    await page("/#member/mem_00000000000000000000000000000000", "not shared");
    await page(`/#member/${mia}/packet/${open}`, "sign, step 1");
    await submit(tab);
    await look(tab, "sign, step 1, nothing ticked");
    await tab.page.click("main input[type=checkbox]");
    await submit(tab);
    await tab.page.waitForFunction(() => location.hash.endsWith("/read"));
    await look(tab, "sign, step 2");
    await tab.page.click("main section button");
    await tab.page.waitForFunction(() => document.querySelector("main section .line")?.textContent);
    await tab.page.click("main input[type=checkbox]");
    await submit(tab);
    await tab.page.waitForFunction(() => location.hash.endsWith("/sign"));
    await look(tab, "sign, step 3");
    await submit(tab);
    await look(tab, "sign, step 3, nothing typed");
    await page(`/#member/${mia}/packet/${open}/decline`, "decline");
    await tab.page.setOfflineMode(true);
    await page("/#sessions", "offline");
    await tab.page.setOfflineMode(false);
  });

  await use(async (tab, page) => {
    await tab.open("/");
    await signIn(tab, DESK, words);
    await tab.page.waitForSelector("#search");
    await tab.settled();
    await look(tab, "clients");
    await page("/#register", "register");
    await submit(tab);
    await look(tab, "register, nothing typed");
    await page("/#invite", "invite, whom");
    await page(`/#invite/${mia}`, "invite, who");
    await page("/#agencies", "agencies");
    if (agency) await page(`/#agency/${agency}`, "agency");
    await page(`/#member/${mia}`, "reason");
    await tab.page.type("main input[name=reason]", "looks at all pages");
    await submit(tab);
    await tab.page.waitForSelector(".sections");
    await tab.settled();
    await look(tab, "staff/papers");
    for (const part of ["people", "requests", "blocks", "activity", "new-packet"]) await page(`/#member/${mia}/${part}`, `staff/${part}`);
    await page(`/#member/${mia}/person/${mothers}`, "staff/person");
    await tab.page.click("details summary");
    await look(tab, "staff/person, at the desk");
    await page(`/#member/${mia}/packet/${open}`, "staff/packet");
    await page(`/#member/${mia}/void/${open}`, "staff/void");
  });
}
