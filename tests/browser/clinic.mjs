// The front desk, through the API: it sets the scene before a test looks at the pages.
import { createHash, randomUUID } from "node:crypto";
import { PASSWORD } from "./stack.mjs";

export const DESK = "desk@clinic.example";
const PARENT = { relationship: "MTH", authority: "parental-responsibility",
  scopes: ["profile", "documents-read", "documents-upload", "sign", "household-directory", "invite"] };

/** Somebody who speaks to the API. */
export class Caller {
  constructor(stack, email, password = PASSWORD) {
    Object.assign(this, { stack, email, password, members: new Map() });
  }

  async send(method, path, body, token) {
    const headers = { "content-type": "application/json", "idempotency-key": randomUUID() };
    if (token) headers.authorization = `Bearer ${token}`;
    const response = await fetch(`${this.stack.url}${path}`, { method, headers, body: body && JSON.stringify(body) });
    const answer = response.status === 204 ? null : await response.json();
    if (!response.ok) throw Object.assign(new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`), { status: response.status, answer });
    return answer;
  }

  async signIn() {
    const known = (await this.stack.mails(this.email)).length;
    let answer = await this.send("POST", "/login", { email: this.email, password: this.password });
    if (answer.result === "code-sent") {
      const code = await this.stack.newCode(this.email, known);
      answer = await this.send("POST", "/login/code", { challenge: answer.challenge, code });
    }
    this.token = answer.session.token;
    this.members.clear();
    return this;
  }

  /** Does it as the person; signs in again when the session or the proof is over. */
  async call(method, path, body) {
    const member = /^\/members\/([^/]+)\/(?!switch)/.exec(path)?.[1] ?? /^\/members\/([^/]+)$/.exec(path)?.[1];
    for (let tries = 0; ; tries += 1) {
      if (!this.token) await this.signIn();
      try {
        if (member && !this.members.has(member)) {
          const { token } = await this.send("POST", `/members/${member}/switch`, this.email === DESK ? { reason: "test" } : {}, this.token);
          this.members.set(member, token);
        }
        return await this.send(method, path, body, member ? this.members.get(member) : this.token);
      } catch (error) {
        if (error.status !== 401 || tries > 0) throw error;
        this.token = null;
      }
    }
  }

  post(path, body = {}) {
    return this.call("POST", path, body);
  }

  get(path) {
    return this.call("GET", path);
  }
}

// Addresses of their own for every run, should the stack have been used before.
const RUN = Date.now().toString(36);
let last = 0;

/** The desk with what it does for tests. */
export class Desk extends Caller {
  constructor(stack) {
    super(stack, DESK);
  }

  async member(name, birth_date = "2017-04-02") {
    return (await this.post("/members", { name, birth_date })).id;
  }

  /** Invites an address; gives the link from the mail. */
  async invite(email, members, terms = {}, language = "en") {
    const known = (await this.stack.mails(email)).length;
    const offers = members.map((member) => ({ member, terms: { ...PARENT, ...terms } }));
    await this.post("/invitations", { email, language, offers });
    return await this.stack.newLink(email, known);
  }

  /** Children with a parent who has a login. */
  async family({ children = ["Mia"], name = "Maria Garcia", terms, language } = {}) {
    last += 1;
    const email = `person${last}-${RUN}@family.example`;
    const ids = [];
    for (const child of children) ids.push(await this.member(child));
    const parent = await this.welcome(email, name, ids, terms, language);
    return { children: ids, email, parent };
  }

  /** Somebody accepts with a new login. */
  async welcome(email, name, members, terms, language = "en") {
    const person = new Caller(this.stack, email);
    const token = (await this.invite(email, members, terms, language)).split("#")[1];
    const known = (await this.stack.mails(email)).length;
    await person.send("POST", "/invitations/confirm", { token });
    const code = await this.stack.newCode(email, known);
    await person.send("POST", "/invitations/accept", { token, code, new_login: { name, password: PASSWORD, language } });
    return person;
  }

  /** A paper on a record, ready to be signed. */
  async paper(member, title = "Consent to treatment", bytes = pdf(title)) {
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const { id, upload } = await this.post(`/members/${member}/documents`, { title, bytes: bytes.length, sha256 });
    await fetch(upload.url, { method: upload.method, headers: upload.headers, body: bytes });
    for (let tries = 0; tries < 100; tries += 1) {
      const { state } = await this.get(`/members/${member}/documents/${id}`);
      if (state === "ready") return id;
      await new Promise((later) => setTimeout(later, 100));
    }
    throw new Error("the paper was not taken");
  }

  /** Asks logins for signatures on a new paper. */
  async packet(member, title = "Consent to treatment", capacity = "parent", bytes = pdf(title)) {
    const document = await this.paper(member, title, bytes);
    const { grants } = await this.get(`/members/${member}/grants`);
    const slots = grants.filter(({ scopes_now: now }) => now.includes("sign")).map(({ login }) => ({ login, capacity }));
    return (await this.post(`/members/${member}/packets`, { document, title, slots })).id;
  }
}

/** A PDF of one page with one line. */
export function pdf(line = "A paper") {
  const text = line.replace(/[^ -~]|[()\\]/g, "?");
  const drawing = `BT /F 18 Tf 60 700 Td (${text}) Tj ET`;
  const objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
    `<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`];
  return written(objects);
}

/** A form of two pages: words, several lines, a box, circles, a list. */
export function form(line = "A form") {
  const text = line.replace(/[^ -~]|[()\\]/g, "?");
  const drawing = `BT /F 18 Tf 60 730 Td (${text}) Tj ET`;
  const page = (fields) => `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R /Annots [${fields}] /Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>`;
  const field = (place, more) => `<< /Type /Annot /Subtype /Widget /Rect [${place}] ${more} >>`;
  const mark = "<< /Type /XObject /Subtype /Form /BBox [0 0 12 12] /Length 15 >>\nstream\n3 3 6 6 re f    \nendstream";
  const circle = (place, on) => field(place, `/Parent 9 0 R /AS /Off /AP << /N << /${on} 12 0 R >> >>`);
  return written(["<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R 7 0 R 8 0 R 9 0 R 13 0 R] >> >>", "<< /Type /Pages /Count 2 /Kids [3 0 R 4 0 R] >>",
    page("6 0 R 7 0 R 8 0 R"), page("10 0 R 11 0 R 13 0 R"), `<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`,
    field("60 660 400 680", "/FT /Tx /T (child) /TU (Name of the child) /MaxLen 40 /Ff 2"),
    field("60 560 400 640", "/FT /Tx /T (health) /TU (Allergies and medicines) /Ff 4096"),
    field("60 520 72 532", "/FT /Btn /T (swim) /TU (May go swimming) /AS /Off /AP << /N << /Yes 12 0 R >> >>"),
    "<< /FT /Btn /Ff 32768 /T (home) /TU (Lives with) /Opt [(Mother) (Father)] /Kids [10 0 R 11 0 R] >>",
    circle("60 660 72 672", "m"), circle("100 660 112 672", "f"), mark,
    field("60 600 260 620", "/FT /Ch /Ff 131072 /T (school) /TU (School) /Opt [[(n) (North School)] [(s) (South School)]]")]);
}

/** Objects as a file; the first is the catalog. */
function written(objects) {
  let all = "%PDF-1.4\n";
  const places = objects.map((object, at) => {
    const place = all.length;
    all += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const table = all.length;
  all += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("")}`;
  return Buffer.from(`${all}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`, "latin1");
}
