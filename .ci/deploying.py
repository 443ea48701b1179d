"""Runs infra/deploy/deploy and teardown against stand-ins for `aws`, `sam` and `cargo` that keep what they were told.

What AWS would say is imitated only as far as the scripts ask; the first staff login itself is tested against the embedded
services (infra/local/tests/stack/operators.rs).
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STAND_IN = r'''#!/usr/bin/env python3
import base64, json, os, pathlib, subprocess, sys
folder = pathlib.Path(os.environ["STAND_IN"])
state = json.loads((folder / "state.json").read_text())
name, words = pathlib.Path(sys.argv[0]).name, sys.argv[1:]
state["calls"].append([name, *words])
def after(word):
    return words[words.index(word) + 1]
def answer():
    if name == "sam" or name == "cargo":
        if name == "cargo":
            state["secret"] = os.environ.get("STACK_SECRET")
        return ""
    match words[:2]:
        case ["kms", "describe-key"]:
            return state["aliases"].get(after("--key-id")) or sys.exit(255)
        case ["kms", "create-key"]:
            arn = f"arn:aws:kms:us-east-1:000000000000:key/{len(state['keys'])}"
            key = subprocess.run(["openssl", "ecparam", "-genkey", "-name", "prime256v1", "-noout"], capture_output=True, check=True).stdout
            der = subprocess.run(["openssl", "ec", "-pubout", "-outform", "DER"], input=key, capture_output=True, check=True).stdout
            state["keys"][arn] = base64.b64encode(der).decode()
            return arn
        case ["kms", "create-alias"]:
            state["aliases"][after("--alias-name")] = after("--target-key-id")
            return ""
        case ["kms", "get-public-key"]:
            return state["keys"][after("--key-id")]
        case ["sesv2", "create-email-identity"]:
            state["identities"].append(after("--email-identity"))
            return ""
        case ["sesv2", "get-email-identity"]:
            if after("--email-identity") not in state["identities"]:
                sys.exit(254)
            return "one\ttwo" if "DkimAttributes" in " ".join(words) else "False"
        case ["sesv2", "get-account"]:
            return "False"
        case ["cloudformation", "describe-stacks"]:
            return {"TableName": "hearth-Table", "BucketName": "hearth-bucket", "Url": "https://portal.example"}[after("--query").split("'")[1]]
        case ["cloudformation", "describe-stack-resource"]:
            return "arn:secret"
        case ["secretsmanager", "get-secret-value"]:
            return "the stack's secret"
        case ["configure", "export-credentials"]:
            return "export AWS_ACCESS_KEY_ID=AKIA AWS_SECRET_ACCESS_KEY=x"
        case ["dynamodb", "query"]:
            return str(state["members"])
        case ["s3api", "list-objects-v2"]:
            return str(state["sealed"])
        case ["cloudformation", _]:
            return ""
    sys.exit(f"nobody told me of {words}")
said = answer()
(folder / "state.json").write_text(json.dumps(state))
print(said)
'''
EMPTY = {"calls": [], "keys": {}, "aliases": {}, "identities": [], "members": 0, "sealed": 0}


class Account:
    def __init__(self, folder):
        self.folder = Path(folder)
        (self.folder / "bin").mkdir()
        for name in ("aws", "sam", "cargo"):
            path = self.folder / "bin" / name
            path.write_text(STAND_IN)
            path.chmod(0o755)
        self.set(**EMPTY)

    def set(self, **values):
        path = self.folder / "state.json"
        state = json.loads(path.read_text()) if path.exists() else {}
        path.write_text(json.dumps(state | values))

    def run(self, script, *words):
        self.set(calls=[])
        keep = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        env = keep | {"PATH": f"{self.folder}/bin:{os.environ['PATH']}", "STAND_IN": str(self.folder), "HEARTH_KEEP": str(self.folder / "keep")}
        done = subprocess.run([ROOT / "infra/deploy" / script, *words], env=env, capture_output=True, text=True, check=False)
        state = json.loads((self.folder / "state.json").read_text())
        return done, state, [" ".join(call) for call in state["calls"]]


def main():
    wrong = []

    def expect(what, holds):
        if not holds:
            wrong.append(what)

    with tempfile.TemporaryDirectory() as folder:
        account = Account(folder)
        done, state, calls = account.run("deploy", "prod-us-east-1", "Robin Reyes", "desk@example.org")
        expect(f"deploying ends well: {done.stderr}", done.returncode == 0)
        if done.returncode:
            print(done.stdout, done.stderr)
            return 1
        (deploy,) = [call for call in state["calls"] if call[:2] == ["sam", "deploy"]] or [[]]
        given = dict(word.split("=", 1) for word in deploy if "=" in word and not word.startswith("-"))
        expect("two keys are made, one for tokens, one for seals", set(state["aliases"]) == {"alias/hearth-tokens", "alias/hearth-seals"})
        expect("the stack gets the keys", given.get("TokenKeyArn") == state["aliases"]["alias/hearth-tokens"]
               and given.get("SealKeyArn") == state["aliases"]["alias/hearth-seals"])
        expect("the stack gets the public key", given.get("TokenPublicKeys") == state["keys"][given.get("TokenKeyArn")])
        expect("the certificate and its issuer fit the parameter", given.get("SealCertificate", "").count(",") == 1 and len(given["SealCertificate"]) <= 3000)
        expect("the clinic's own parameters are kept", given.get("ClinicName") == '"Example Clinic"' and given.get("LoginConcurrency") == '"20"')
        expect("the sender is made", state["identities"] == ["example.org"])
        expect("the domain's DNS is told", "one" in done.stdout.split() and "two" in done.stdout.split())
        expect("the sandbox is told", "sandbox" in done.stdout)
        expect("the stack is protected", any("update-termination-protection" in call and "--enable" in call for call in calls))
        expect("the first staff member is written", any("first-staff --table hearth-Table --name Robin Reyes --email desk@example.org" in call for call in calls))
        expect("with the secret as a variable, which no list of processes shows", state["secret"] == "the stack's secret" and "the stack's secret" not in " ".join(calls))
        expect("the address is printed", done.stdout.rstrip().endswith("The portal: https://portal.example"))
        certificate = given.get("SealCertificate")

        done, state, calls = account.run("deploy", "prod-us-east-1", "Robin Reyes", "desk@example.org")
        expect("a second run makes nothing", done.returncode == 0 and not [call for call in calls if " create-" in call])
        expect("and seals with the same certificate", any(f"SealCertificate={certificate}" in call for call in calls))
        done, _, calls = account.run("deploy", "nowhere", "Robin Reyes", "desk@example.org")
        expect("an unknown environment changes nothing", done.returncode != 0 and not calls)

        for what in ({"members": 1}, {"sealed": 1}):
            account.set(**{"members": 0, "sealed": 0} | what)
            done, _, calls = account.run("teardown", "hearth", "us-east-1")
            expect(f"teardown refuses with {what}", done.returncode != 0 and done.stderr.startswith("kept:"))
            expect(f"and touches nothing with {what}", not [call for call in calls if "delete" in call or "protection" in call])
        account.set(members=0, sealed=0)
        done, _, calls = account.run("teardown", "hearth", "us-east-1")
        expect(f"teardown of an empty stack ends well: {done.stderr}", done.returncode == 0 and any("delete-stack" in call for call in calls))
    for one in wrong:
        print(f"not so: {one}")
    print(f"deploying and taking away: {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
