// Sending a document: straight from the browser to the clinic's file store, which takes exactly the announced bytes.
import { Act, Problem, pause } from "./api.js";
import { fill, h } from "./dom.js";
import { draft, drop } from "./draft.js";
import { form } from "./form.js";
import { enter, trouble } from "./home.js";
import { whois } from "./member.js";
import { band, called, isOffice, may } from "./people.js";
import { arePhotos, pdfOf } from "./photo.js";
import { call, post } from "./session.js";
import { language, say } from "./text.js";
import { line, load, show } from "./view.js";

const LARGEST = 25 * 1024 * 1024; // bytes, as the API has it
const LOOKS = [500, 500, 1000, 1000, 2000, 2000, 3000, 5000, 5000, 10000]; // ms between looks at the inspection
const SENDING = "upload"; // while it is kept, the browser asks before the tab closes

/** Shows the page for sending. */
export function upload(id) {
  enter(id, () => load(() => whois(id), draw, (problem) => trouble("upload.page", problem, () => upload(id))));
}

function draw(who) {
  const said = line();
  const bar = h("progress", { max: "1", hidden: true, "aria-label": say("upload.page")() });
  const act = new Act();
  let begun = null; // the link of a try whose bytes did not arrive: the same file goes there again
  let isAgain = false; // a try waits for the connection
  const box = form({
    fields: [
      { name: "files", label: say("upload.file"), hint: say("upload.file-hint"), type: "file", multiple: true,
        accept: "application/pdf,.pdf,image/*", empty: "upload.no-file", onchange: suggest,
        check: (files) => (files.length > 1 && !arePhotos(files) ? "upload.one"
          : !arePhotos(files) && files[0].size > LARGEST ? "upload.too-large" : files[0].size === 0 ? "problem.not-pdf" : null) },
      { name: "title", label: say("upload.name"), hint: say("upload.name-hint"), maxlength: "120", autocomplete: "off", empty: "upload.no-name" },
      // Nothing is chosen beforehand: what the other parent must not read is not sent to the family by a click too many.
      ...(isOffice(who) ? [{ name: "audience", type: "radio", label: say("upload.audience"), empty: "form.choose-one", options: [
        { value: "staff", label: say("upload.staff"), hint: say("upload.staff-hint") },
        { value: "family", label: say("upload.family"), hint: say("upload.family-hint") }] }] : []),
    ],
    submit: say("upload.submit"),
    after: [h("a", { href: `#member/${who.id}` }, say("back"))],
    done: run,
  });

  function suggest(event) {
    const name = box.elements.title;
    const [file] = event.target.files;
    if (!name.value && file && !file.type.startsWith("image/")) name.value = file.name.replace(/\.pdf$/i, "").slice(0, 120);
  }

  async function start(body) {
    const what = JSON.stringify(body);
    if (begun?.what === what && Date.now() < begun.until) return begun.started;
    const started = await post(act, `/members/${who.id}/documents`, body, who.id);
    begun = { what, started, until: Date.now() + (started.upload.expires_in - 10) * 1000 };
    return started;
  }

  async function run({ files, title: name, audience }) {
    fill(said, say("upload.reading"));
    draft(SENDING).now = "sending";
    try {
      const bytes = await readBytes(files);
      const body = { title: name.trim(), bytes: bytes.byteLength, sha256: await sha256(bytes), audience };
      const started = await start(body);
      bar.hidden = false;
      await put(started.upload, bytes, (share) => {
        bar.value = share;
        fill(said, say("upload.sending", { percent: Math.round(share * 100) }));
      });
      begun = null;
      drop(SENDING);
      arrived(who, started.id);
    } catch (problem) {
      drop(SENDING);
      fill(said, problem.unknown && say("upload.goes-on"));
      bar.hidden = true;
      if (problem.kind === "link-over") begun = null;
      if (problem.unknown && !isAgain) {
        isAgain = true;
        addEventListener("online", () => {
          isAgain = false;
          if (box.isConnected) box.requestSubmit();
        }, { once: true });
      }
      throw problem;
    }
  }

  show("upload.page", band(who, "/send"), h("h1", null, say("upload.title", { name: called(who) })), box, bar, said);
}

/** The file is there; the check goes on behind. */
async function arrived(who, id) {
  const said = h("p", { class: "note", role: "status" }, say(may(who, "documents-read") ? "upload.checking" : "upload.sent"));
  show("upload.page", band(who), h("h1", null, say("upload.arrived")), said,
    h("p", { class: "row" }, h("a", { class: "go", href: `#member/${who.id}` }, say("back.member", { name: called(who) })),
      h("button", { type: "button", class: "second", onclick: () => draw(who) }, say("upload.more"))));
  if (may(who, "documents-read")) fill(said, await verdict(who.id, id));
}

async function readBytes(files) {
  if (arePhotos(files)) {
    const made = await pdfOf(files).catch(() => {
      throw new Problem(422, "unreadable", null, "files");
    });
    if (made.byteLength > LARGEST) throw new Problem(422, "upload-many", null, "files");
    return made;
  }
  let bytes;
  try {
    bytes = await files[0].arrayBuffer();
  } catch {
    throw new Problem(422, "unreadable", null, "files");
  }
  // What is plainly something else need not travel. The inspection behind the upload decides.
  const start = new TextDecoder("latin1").decode(bytes.slice(0, 1024));
  if (!start.includes("%PDF-")) throw new Problem(422, "not-pdf", null, "files");
  return bytes;
}

/** SHA-256 in hexadecimal. */
async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Sends the bytes with exactly the given headers. `fetch` does not tell how far it is. */
function put(link, bytes, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(link.method, link.url);
    for (const [name, value] of Object.entries(link.headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onload = () => {
      // 412: these bytes are there already, from a try whose answer was lost.
      if (request.status < 300 || request.status === 412) resolve();
      else reject(new Problem(request.status, request.status === 403 ? "link-over" : "upload"));
    };
    request.onerror = () => reject(new Problem(0, "unreachable"));
    request.send(bytes);
  });
}

/** What became of the file, as a text. */
async function verdict(member, id) {
  for (const wait of LOOKS) {
    await pause(wait);
    const one = await call("GET", `/members/${member}/documents/${id}`, { who: member }).catch(() => ({}));
    if (one.state === "ready") return say("upload.ready");
    if (one.state === "refused") return () => one.message?.[language()] ?? one.message?.en ?? "";
  }
  return say("upload.later");
}
