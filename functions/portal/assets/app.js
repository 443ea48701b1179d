// Where everything starts: the head of the page, and which view an address means.
import { fill, h, retell } from "./dom.js";
import { button } from "./form.js";
import { home, trouble } from "./home.js";
import { broken, invitation } from "./invitation.js";
import { member } from "./member.js";
import { ownLogin } from "./own-login.js";
import { packet } from "./packet.js";
import "./prove.js";
import { login, refresh, signOut } from "./session.js";
import { signIn } from "./sign-in.js";
import { codes, keepLanguage, language, nameOf, say, setLanguage } from "./text.js";
import { load, retitle } from "./view.js";

/** The view that the address names. Identifiers stand in the fragment, which never leaves the browser. */
function route() {
  keepLanguage();
  const [name, id, part, other] = location.hash.slice(1).split("/");
  if (name === "member" && id && part === "packet" && other) packet(id, other);
  else if (name === "member" && id) member(id);
  else if (name === "login") ownLogin();
  else home();
}

function head() {
  const others = codes.filter((code) => code !== language());
  fill(document.getElementById("tools"),
    others.map((code) => h("button", { type: "button", class: "plain", lang: code, onclick: () => {
      setLanguage(code);
      retell();
      retitle();
      head();
    } }, nameOf(code))),
    login() && [h("span", { class: "who", dir: "auto" }, login().name),
      h("a", { href: "#login" }, say("login.title")),
      button(say("sign-out"), signOut, { kind: "plain" })]);
}

/** From an invitation to the portal, without loading anything anew. */
function goHome() {
  history.replaceState(history.state, "", "/#home");
  addEventListener("hashchange", route);
  route();
}

/** Where the address points, now that somebody is signed in. */
function enter() {
  addEventListener("hashchange", route);
  if (location.hash === "#signed-out") goHome();
  else route();
}

function open() {
  const note = location.hash === "#signed-out" ? say("sign-in.out") : undefined;
  load(refresh, (resumed) => {
    if (resumed) enter();
    else signIn({ note, done: enter });
  }, (problem) => trouble("trouble.title", problem, open));
}

function begin() {
  keepLanguage();
  head();
  if (location.pathname !== "/invitation") {
    open();
    return;
  }
  const token = location.hash.slice(1);
  // The token is a secret: neither the address bar nor the history keeps it.
  history.replaceState(history.state, "", "/invitation");
  const toPortal = () => (login() ? goHome() : signIn({ done: goHome }));
  if (token) invitation(token, goHome);
  else broken(toPortal);
}

document.addEventListener("signed-in", head);
begin();
