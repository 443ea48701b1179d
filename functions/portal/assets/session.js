// Who is signed in. Tokens live here, in memory, and end with the page.
import { Act, Problem, pause, send } from "./api.js";
import { quietly } from "./draft.js";

let session = null;
let renewing = null;
let asking = null;
let ask = () => Promise.reject(new Problem(401, "sign-in-again"));
let proving = null;
let prove = (problem) => Promise.reject(problem);
const members = new Map(); // id → { token, reason }
const channel = "BroadcastChannel" in window ? new BroadcastChannel("hearth") : null;

/** The login on screen: `{ id, name, role }`, or null. */
export const login = () => session?.login ?? null;
export const isStaff = () => session?.login.role === "staff";

/** What brings a person back when the session is over: it must end with `signedIn`. */
export const whenOver = (how) => {
  ask = how;
};

/** What asks for a fresh proof: it must end when there is one, or fail with the problem it got when the person does not want to. */
export const whenStale = (how) => {
  prove = how;
};

/** Takes a session. False when somebody else sits here now: nothing of the first person may stay, or be sent. */
export function signedIn(answer) {
  if (session && session.login.id !== answer.login.id) {
    session = null;
    document.getElementById("main").replaceChildren();
    location.reload();
    return false;
  }
  session = answer;
  document.dispatchEvent(new Event("signed-in"));
  return true;
}

/** Exchanges the refresh cookie. False when there is nobody to resume. */
export function refresh() {
  renewing ??= exchange().finally(() => {
    renewing = null;
  });
  return renewing;
}

async function exchange() {
  for (let tries = 0; ; tries += 1) {
    try {
      const answer = await send("POST", "/login/refresh", { body: {}, key: crypto.randomUUID(), longest: 12_000 });
      if (signedIn(answer.session)) return true;
      await new Promise(() => {}); // until the page is loaded anew
    } catch (problem) {
      if (problem.status === 401) return false;
      // The answer may be lost and the old cookie spent: for 20 seconds it is answered once more, and after that never.
      if (!problem.unknown || tries === 3) throw problem;
      await pause(1000 * (tries + 1));
    }
  }
}

async function renew() {
  if (await refresh()) return;
  asking ??= ask().finally(() => {
    asking = null;
  });
  await asking;
}

/** Calls the API as `who`: "session", "nobody", or a member's id. */
export async function call(method, path, { body, key, who = "session" } = {}) {
  for (let tries = 0; ; tries += 1) {
    if (who !== "nobody" && !session) await renew();
    const token = who === "nobody" ? null : who === "session" ? session.token : await memberToken(who);
    try {
      return await send(method, path, { body, token, key });
    } catch (problem) {
      if (problem.status !== 401 || who === "nobody" || tries === 2) throw problem;
      if (problem.kind === "prove-again") {
        // What was to be done is sent again with the same key, once the person has shown who it is.
        proving ??= prove(problem).finally(() => {
          proving = null;
        });
        await proving;
        continue;
      }
      if (who === "session") await renew();
      // A member's token ends before the session does; the next round switches again.
      else members.get(who).token = null;
    }
  }
}

/** Does something once. */
export async function post(act, path, body, who) {
  try {
    const answer = await call("POST", path, { body, key: act.key(path, body), who });
    act.settle();
    return answer;
  } catch (problem) {
    if (!problem.unknown) act.settle();
    throw problem;
  }
}

async function memberToken(id) {
  const known = members.get(id);
  if (known?.token) return known.token;
  await switchTo(id, known?.reason);
  return members.get(id).token;
}

/** Whether the member is open in this tab. */
export const isOpen = (id) => members.has(id);

/** Opens a member. Staff say why; the clinic keeps it. */
export async function switchTo(id, reason, act = new Act()) {
  const answer = await post(act, `/members/${id}/switch`, reason ? { reason } : {});
  members.set(id, { token: answer.token, reason });
  return answer.member;
}

/** Leaves, in every tab of this browser, and takes everything that was on the page along. */
export async function signOut() {
  await post(new Act(), "/login/sign-out", {});
  channel?.postMessage("signed-out");
  leave();
}

function leave() {
  session = null;
  document.getElementById("main").replaceChildren();
  history.replaceState(history.state, "", "/#signed-out");
  quietly(() => location.reload());
}

channel?.addEventListener("message", () => {
  if (session) leave();
});

// A page from the back-forward cache could show what belongs to nobody any more.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
