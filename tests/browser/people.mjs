// What the people of the demo clinic do again and again.
import { PASSWORD } from "./stack.mjs";

/** Signs in on a new device: password, then the code from the mail. */
export async function signIn(tab, email, words = en) {
  const { stack } = tab;
  const known = (await stack.mails(email)).length;
  if (!tab.page.url().startsWith(stack.url)) await tab.open("/");
  await tab.sees(words.title);
  await tab.type(words.email, email);
  await tab.type(words.password, PASSWORD);
  await passes(tab, words);
  await tab.type(words.codeLabel, await stack.newCode(email, known));
  await tab.press(words.title);
}

/** Presses on until the code is asked for: who signs in often from one place is told how long to wait, and waits. */
async function passes(tab, words) {
  for (let tries = 0; tries < 4; tries += 1) {
    await tab.press(words.title);
    const answer = await tab.page.waitForFunction((code) => {
      const text = document.body.innerText;
      return text.includes(code) ? "code" : /(\d+) (seconds|segundos)/.exec(text)?.[1];
    }, { timeout: 30_000 }, words.code).then((handle) => handle.jsonValue());
    if (answer === "code") return;
    await new Promise((later) => setTimeout(later, (Number(answer) + 1) * 1000));
  }
  await tab.sees(words.code);
}

export const en = { title: "Sign in", email: "Email address", password: "Password", code: "Enter the code from the email", codeLabel: "Code" };
export const es = { title: "Entrar", email: "Correo electrónico", password: "Contraseña", code: "Escriba el código del correo", codeLabel: "Código" };

/** Proves once more with the password, when the page asks for it; on a device that is new, with a code as well. */
export async function prove(tab) {
  await tab.sees("Show that it is you");
  await tab.type("Password", PASSWORD);
  await tab.press("Continue");
}
