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
  await tab.press(words.title);
  await tab.sees(words.code);
  await tab.type(words.codeLabel, await stack.newCode(email, known));
  await tab.press(words.title);
}

export const en = { title: "Sign in", email: "Email address", password: "Password", code: "Enter the code from the email", codeLabel: "Code" };
export const es = { title: "Entrar", email: "Correo electrónico", password: "Contraseña", code: "Escriba el código del correo", codeLabel: "Código" };

/** Proves once more with the password, when the page asks for it; on a device that is new, with a code as well. */
export async function prove(tab) {
  await tab.sees("Show that it is you");
  await tab.type("Password", PASSWORD);
  await tab.press("Continue");
}
