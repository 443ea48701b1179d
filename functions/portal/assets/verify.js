// What a sealed paper proves: anybody may ask, without a login. The file is looked at and not kept.
import { Act, Problem } from "./api.js";
import { h } from "./dom.js";
import { button, form } from "./form.js";
import { post } from "./session.js";
import { moment, say, sayCount } from "./text.js";
import { clinicName, show } from "./view.js";

const LARGEST = 4 * 1024 * 1024; // bytes, as the API has it

const reasons = {
  "not-pdf": "verify.not-pdf",
  "no-seal": "verify.no-seal",
  "changed": "verify.changed",
  "extended": "verify.extended",
  "not-this-clinic": "verify.not-this-clinic",
  "incomplete": "verify.incomplete",
};

/** Shows the page that asks for the file. */
export function verify() {
  const act = new Act();
  show("verify.title",
    h("h1", null, say("verify.title")),
    h("p", null, say("verify.text", { clinic: clinicName })),
    form({
      fields: [{ name: "file", label: say("verify.file"), hint: say("verify.hint"), type: "file", accept: "application/pdf,.pdf", empty: "verify.empty",
        check: (file) => (file.size > LARGEST ? "verify.too-large" : null) }],
      submit: say("verify.submit"),
      done: async ({ file }) => found(await post(act, "/verify", { file: await base64(file) }, "nobody"), file.name),
    }));
}

/** What a file holds, as text. */
function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(new Problem(422, "unreadable", null, "file"));
    reader.readAsDataURL(file);
  });
}

function found(proof, name) {
  const holds = proof.result === "proven";
  show(holds ? "verify.proven" : "verify.not-proven",
    h("h1", null, say(holds ? "verify.proven" : "verify.not-proven")),
    h("p", null, name),
    holds ? proven(proof) : [h("p", { class: "trouble" }, say(reasons[proof.reason])), h("p", null, say("verify.instead", { clinic: clinicName }))],
    button(say("verify.another"), async () => verify(), { kind: "second" }));
}

function proven(proof) {
  const { signatures, time_stamp: stamp } = proof;
  return [
    h("p", null, say("verify.unchanged", { clinic: clinicName })),
    h("h2", null, say("verify.signed")),
    h("ul", { class: "plainly" }, signatures.map(({ signer, capacity, signed_at: at }) =>
      h("li", null, h("strong", null, signer), ", ", capacity, h("br"), h("span", { class: "hint" }, moment(at))))),
    h("h2", null, say("verify.sure")),
    h("ul", { class: "plainly" },
      h("li", null, say("verify.whole")),
      h("li", null, sayCount("verify.document", proof.document_pages)),
      h("li", null, say("verify.chain")),
      stamp && h("li", null, say("verify.stamp", { date: moment(stamp.at), authority: stamp.authority }))),
    h("h2", null, say("verify.not-sure")),
    h("ul", { class: "plainly" },
      !stamp && h("li", null, say("verify.clock", { date: moment(proof.sealed_at), clinic: clinicName })),
      stamp && h("li", null, say("verify.authority", { authority: stamp.authority })),
      h("li", null, say("verify.people", { clinic: clinicName })),
      h("li", null, say("verify.counts", { clinic: clinicName }))),
    h("details", null, h("summary", null, say("verify.details")),
      h("dl", null, [["verify.sha", proof.sha256], ["verify.document-sha", proof.document_sha256], ["verify.chain-end", proof.chain],
        ["verify.certificate", proof.certificate], ["verify.fingerprint", proof.fingerprint], ["verify.packet", proof.packet]].map(
        ([key, value]) => [h("dt", null, say(key)), h("dd", { class: "code" }, value)]))),
  ];
}
