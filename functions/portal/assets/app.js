// Where everything starts: the head of the page, and which view an address means.
import { fill, h, retell } from "./dom.js";
import { button } from "./form.js";
import { home, trouble } from "./home.js";
import { broken, invitation } from "./invitation.js";
import "./prove.js";
import { family } from "./routes.js";
import { isStaff, login, refresh, signOut } from "./session.js";
import { signIn } from "./sign-in.js";
import { codes, keepLanguage, language, nameOf, readOfficeWords, say, setLanguage } from "./text.js";
import { load, retitle, show } from "./view.js";

const skip = document.getElementById("skip");

/** The view that the address names. Identifiers stand in the fragment, which never leaves the browser. */
async function route() {
  keepLanguage();
  const parts = location.hash.slice(1).split("/");
  if (isStaff()) {
    const { office } = await import("./office.js");
    if (office(parts)) return;
  }
  if (!family(parts)) home();
}

function head() {
  document.body.classList.toggle("office", isStaff());
  skip.textContent = "";
  fill(skip, say("skip"));
  fill(document.getElementById("tools"),
    login() && isStaff() && [["home", "office.clients"], ["invite", "office.invite"], ["agencies", "office.agencies"]].map(
      ([name, key]) => h("a", { href: `/#${name}` }, say(key))),
    codes.filter((code) => code !== language()).map((code) => h("button", { type: "button", class: "plain", lang: code,
      onclick: async () => {
        await setLanguage(code);
        retell();
        retitle();
        head();
      } }, nameOf(code))),
    login() && [h("a", { href: "/#login" }, say("login.title"), h("span", { class: "unseen" }, ", ", login().name)),
      button(say("sign-out"), signOut, { kind: "plain" })]);
}

/** From an invitation to the portal, without loading anything anew. */
function goHome() {
  history.replaceState(history.state, "", "/#home");
  enter();
}

/** Where the address points, now that somebody is signed in. */
function enter() {
  removeEventListener("hashchange", route);
  addEventListener("hashchange", route);
  if (location.hash === "#signed-out") history.replaceState(history.state, "", "/#home");
  route();
}

function open() {
  const isOut = location.hash === "#signed-out";
  load(refresh, (resumed) => {
    if (resumed) enter();
    else signIn({ note: isOut ? say("sign-in.out") : undefined, done: enter });
  }, (problem) => trouble("trouble.title", problem, open));
}

function begin() {
  keepLanguage();
  head();
  if (location.pathname === "/verify") {
    import("./verify.js").then(({ verify }) => verify());
    return;
  }
  if (location.pathname !== "/invitation") {
    open();
    return;
  }
  const token = location.hash.slice(1);
  // The token is a secret: neither the address bar nor the history keeps it.
  history.replaceState(history.state, "", "/invitation");
  if (token) invitation(token, goHome);
  else broken(() => (login() ? goHome() : signIn({ done: goHome })));
}

/** One line over everything while there is no connection; what is typed below stays. */
function connection() {
  fill(document.getElementById("offline"), !navigator.onLine && say("offline.now"));
}

document.addEventListener("signed-in", async () => {
  if (isStaff()) await readOfficeWords();
  head();
});
skip.addEventListener("click", (event) => {
  event.preventDefault();
  document.querySelector("main h1")?.focus();
});
for (const change of ["online", "offline"]) addEventListener(change, connection);
addEventListener("unhandledrejection", ({ reason }) => {
  // A part of the page that could not be fetched.
  if (reason instanceof TypeError) show("trouble.title", h("h1", null, say("trouble.title")), h("p", null, say("trouble.text")));
});
connection();
begin();
