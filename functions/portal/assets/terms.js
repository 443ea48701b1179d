// What access allows, on which ground, and when: fields that staff fill, and the terms that they mean.
import { kinships } from "./ask.js";
import { between, dateOf, endOf, options, startOf } from "./fields.js";
import { h } from "./dom.js";
import { call } from "./session.js";
import { say } from "./text.js";

export const SCOPES = ["profile", "documents-read", "documents-upload", "sign", "appointments-read", "appointments-book", "messages",
  "billing-read", "billing-pay", "household-directory", "invite"];
const GROUNDS = ["parental-responsibility", "guardianship", "foster-placement", "agency-custody", "court-order", "adult-consent", "self"];
const USUAL = ["profile", "documents-read", "documents-upload", "sign", "appointments-read", "messages"];
const REASONS = ["request", "change-in-relationship", "order", "safeguarding", "end-date", "misuse", "review", "other"];
const NARROWED = ["appointments-read", "appointments-book"]; // what a custody week usually moves between two homes

/** What the fields offer to choose from: agencies, and the member's papers. */
export async function readChoices(member) {
  const [{ agencies }, papers] = await Promise.all([
    call("GET", "/agencies"),
    member ? call("GET", `/members/${member}/documents`, { who: member }) : { documents: [] },
  ]);
  return { agencies, papers: papers.documents.filter(({ state }) => state === "ready") };
}

/** The fields; `now` are terms that count already. */
export function termsFields({ agencies, papers }, now) {
  const custody = now?.custody?.length > 0;
  return [
    { name: "relationship", type: "select", label: say("terms.kin"), options: kinships(), value: now?.relationship, empty: "form.choose-one" },
    { name: "authority", type: "select", label: say("terms.ground"), options: options("authority", GROUNDS), value: now?.authority,
      empty: "form.choose-one" },
    { name: "scopes", type: "checks", label: say("terms.scopes"), options: options("scope", SCOPES), value: [...(now?.scopes ?? USUAL)],
      empty: "terms.no-scope" },
    { name: "from", type: "date", label: say("terms.from"), required: false, value: dateOf(now?.not_before) },
    { name: "until", type: "date", label: say("terms.until"), hint: say("terms.until-hint"), required: false, value: dateOf(now?.not_after) },
    { name: "weeks", type: "select", label: say("terms.weeks"), hint: say("terms.weeks-hint"), required: false, value: custody ? "keep" : "",
      options: [...(custody ? [{ value: "keep", label: say("terms.keep") }] : []), { value: "other", label: say("terms.other-week") }] },
    { name: "starts", type: "date", label: say("terms.starts"), required: false },
    agencies.length > 0
      ? { name: "agency", type: "select", label: say("terms.agency"), required: false, value: now?.agency,
        options: agencies.map(({ id, name }) => ({ value: id, label: name })) }
      : between(),
    papers.length > 0
      ? { name: "evidence", type: "select", label: say("terms.paper"), required: false, value: now?.evidence,
        options: papers.map(({ id, title }) => ({ value: id, label: title })) }
      : between(),
  ];
}

/** The terms that the fields mean. */
export function termsOf(values, now) {
  const terms = { relationship: values.relationship, authority: values.authority, scopes: values.scopes };
  if (values.from) terms.not_before = values.from === dateOf(now?.not_before) ? now.not_before : startOf(values.from);
  if (values.until) terms.not_after = values.until === dateOf(now?.not_after) ? now.not_after : endOf(values.until);
  if (values.weeks === "keep") terms.custody = now.custody;
  if (values.weeks === "other" && values.starts) {
    const scopes = NARROWED.filter((scope) => values.scopes.includes(scope));
    terms.custody = [{ scopes, starts: `${values.starts}T18:00:00`, repeats: "FREQ=WEEKLY;INTERVAL=2", lasts: "P7D" }];
  }
  if (values.agency) terms.agency = values.agency;
  if (values.evidence) terms.evidence = values.evidence;
  return terms;
}

/** Terms in words, for who checks them before sending. */
export const inWords = (terms) => [
  h("p", null, say(`kin.${terms.relationship.toLowerCase()}`), " · ", say(`authority.${terms.authority}`)),
  h("ul", { class: "plainly" }, terms.scopes.map((scope) => h("li", null, say(`scope.${scope}`)))),
];

/** The fields for a reason that is kept. */
export const reasonFields = () => [
  { name: "code", type: "select", label: say("reason.why"), options: options("reason", REASONS), empty: "form.choose-one" },
  { name: "note", label: say("reason.note"), hint: say("reason.note-hint"), maxlength: "500", autocomplete: "off", required: false },
];

export const reasonOf = ({ code, note }) => (note.trim() ? { code, note: note.trim() } : code);
