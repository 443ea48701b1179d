// The pages of a family, by address.
import { member } from "./member.js";
import { ownLogin } from "./own-login.js";
import { packet } from "./packet.js";

// Read when somebody opens them: most visits never do.
const rare = {
  addresses: async () => (await import("./addresses.js")).addresses(),
  merge: async () => (await import("./merge.js")).merge(),
  passkeys: async () => (await import("./passkeys.js")).passkeys(),
  password: async () => (await import("./password.js")).password(),
  sessions: async () => (await import("./sessions.js")).sessions(),
  codes: async () => (await import("./codes.js")).codes(),
};

/** Shows the page of an address. False when there is none. */
export function family([name, id, part, other, step]) {
  if (Object.hasOwn(rare, name)) rare[name]();
  else if (name === "login") ownLogin();
  else if (name !== "member" || !id) return false;
  else if (part === "packet" && other) packet(id, other, step);
  else if (part === "activity") import("./activity.js").then(({ activity }) => activity(id));
  else if (part === "people") import("./circle.js").then(({ circle }) => circle(id));
  else if (part === "ask") import("./ask.js").then(({ ask }) => ask(id));
  else if (part === "send") import("./upload.js").then(({ upload }) => upload(id));
  else member(id);
  return true;
}
