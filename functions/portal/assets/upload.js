// Uploading a PDF or a photo of paper: straight from the browser to the clinic's file store, which takes exactly the announced bytes.
import { Act, Problem, pause } from "./api.js";
import { fill, h } from "./dom.js";
import { form } from "./form.js";
import { called, may } from "./people.js";
import { call, post } from "./session.js";
import { language, say } from "./text.js";
import { line } from "./view.js";

const LARGEST = 25 * 1024 * 1024; // bytes, as the API has it
const LOOKS = [500, 500, 1000, 1000, 2000, 2000, 3000, 5000, 5000, 10000]; // ms between looks at the inspection

/** The form. `changed` is called whenever the list of documents may look different. */
export function upload(who, changed) {
  const said = line();
  const bar = h("progress", { max: "1", hidden: true });
  const act = new Act();
  let begun = null; // the link of a try whose bytes did not arrive: the same file goes there again
  let box;
  const title = { name: "title", label: say("upload.name"), hint: say("upload.name-hint"), maxlength: "120",
    autocomplete: "off", empty: "upload.no-name" };
  const place = h("div", null);
  const draw = () => {
    box = form({
      fields: [
        { name: "file", label: say("upload.file"), hint: say("upload.file-hint"), type: "file", accept: "application/pdf,.pdf,image/jpeg,image/png",
          empty: "upload.no-file", onchange: suggest,
          check: (file) => (file.size > LARGEST ? "upload.too-large" : file.size === 0 ? "problem.not-pdf" : null) },
        title,
      ],
      submit: say("upload.submit"),
      done: (values) => run(values),
    });
    fill(place, box);
  };

  function suggest(event) {
    const name = box.elements.title;
    if (!name.value && event.target.files[0]) name.value = event.target.files[0].name.replace(/\.(pdf|jpe?g|png)$/i, "").slice(0, 120);
  }

  async function start(body) {
    const what = JSON.stringify(body);
    if (begun?.what === what && Date.now() < begun.until) return begun.started;
    const started = await post(act, `/members/${who.id}/documents`, body, who.id);
    begun = { what, started, until: Date.now() + (started.upload.expires_in - 10) * 1000 };
    return started;
  }

  async function run({ file, title: name }) {
    fill(said, say("upload.reading"));
    try {
      const bytes = await readBytes(file);
      const body = { title: name.trim(), bytes: bytes.byteLength, content_type: kind(bytes), sha256: await sha256(bytes) };
      const started = await start(body);
      bar.hidden = false;
      await put(started.upload, bytes, (share) => {
        bar.value = share;
        fill(said, say("upload.sending", { percent: Math.round(share * 100) }));
      });
      begun = null;
      bar.hidden = true;
      fill(said, say("upload.checking"));
      draw();
      changed();
      fill(said, may(who, "documents-read") ? await verdict(who.id, started.id) : say("upload.sent"));
      changed();
    } catch (problem) {
      fill(said);
      bar.hidden = true;
      if (problem.kind === "link-over") begun = null;
      throw problem;
    }
  }

  draw();
  return h("section", null, h("h2", null, say("upload.title", { name: called(who) })), place, bar, said);
}

async function readBytes(file) {
  let bytes;
  try {
    bytes = await file.arrayBuffer();
  } catch {
    throw new Problem(422, "unreadable", null, "file");
  }
  // What is plainly something else need not travel. The inspection behind the upload decides.
  if (!kind(bytes)) throw new Problem(422, "not-pdf", null, "file");
  return bytes;
}

/** What the first bytes say that the file is. */
function kind(bytes) {
  const start = new TextDecoder("latin1").decode(bytes.slice(0, 1024));
  if (start.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (start.slice(1, 8) === "PNG\r\n\x1a\n") return "image/png"; // the byte before it is no letter
  return start.includes("%PDF-") ? "application/pdf" : null;
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
    const one = await call("GET", `/members/${member}/documents/${id}`, { who: member });
    if (one.state === "ready") return say("upload.ready");
    if (one.state === "refused") return () => one.message?.[language()] ?? one.message?.en ?? "";
  }
  return say("upload.later");
}
