// The local stack, started for the tests on ports of its own, with the demo clinic in it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** Password of every demo login. */
export const PASSWORD = "only for the demo clinic";

function program() {
  const folder = process.env.CARGO_TARGET_DIR ?? join(root, "target");
  const built = process.env.HEARTH ?? join(folder, "debug", "hearth-local");
  if (!existsSync(built)) throw new Error(`there is no ${built}; run \`cargo build -p hearth-local\` first`);
  return built;
}

/** Starts a stack; with `HEARTH_URL` and `HEARTH_MAIL` a running one is used. */
export async function startStack() {
  if (process.env.HEARTH_URL) return new Stack(process.env.HEARTH_URL, process.env.HEARTH_MAIL, async () => {});
  const data = await mkdtemp(join(tmpdir(), "hearth-browser-"));
  const child = spawn(program(), ["--port", "0", "--data", data], { stdio: ["ignore", "pipe", "inherit"] });
  const end = async () => {
    child.kill("SIGTERM");
    await new Promise((done) => child.once("exit", done));
    await rm(data, { recursive: true, force: true });
  };
  let said = "";
  const addresses = await new Promise((found, failed) => {
    child.once("exit", (code) => failed(new Error(`the stack ended with ${code}: ${said}`)));
    child.stdout.on("data", (part) => {
      said += part;
      const url = /Portal\s+(\S+)/.exec(said)?.[1];
      const mail = /Caught mail\s+(\S+)/.exec(said)?.[1];
      if (said.includes("Ctrl-C")) found({ url, mail });
    });
  });
  child.removeAllListeners("exit");
  return new Stack(addresses.url, addresses.mail, end);
}

class Stack {
  constructor(url, mail, end) {
    Object.assign(this, { url, mail, end });
  }

  async mails(email) {
    const all = await (await fetch(`${this.mail}/mails.json`)).json();
    return all.filter(({ to }) => to.includes(email));
  }

  /** What `pick` finds in the newest mail to an address that has it, among those after the first `known` ones. */
  async pick(pick, email, known) {
    for (let tries = 0; tries < 300; tries += 1) {
      const found = (await this.mails(email)).slice(known).map(({ text }) => pick.exec(text)?.[0]).filter(Boolean);
      if (found.length) return found.at(-1);
      await new Promise((later) => setTimeout(later, 100));
    }
    throw new Error(`no such mail to ${email}`);
  }

  newCode(email, known) {
    return this.pick(/\b\d{4} ?\d{4}\b/, email, known);
  }

  newLink(email, known) {
    return this.pick(/https?:\/\/\S+\/invitation#\S+/, email, known);
  }
}
