"""Lets programs that others wrote judge sealed files: pyHanko, poppler's pdfsig, and qpdf.

    tests/validators/check.py [PROGRAMS]

PROGRAMS is the folder with `sealed_set` and `hearth-local` (target/debug, unless given
otherwise as `cargo build --workspace --examples --bins` leaves them). Wants pyHanko in this
Python, and pdfsig, qpdf and openssl on the path. A set of papers is sealed at levels B-B and
B-T; one more is signed by two parents on the local stack, with time stamps of an authority
that openssl runs. Ends with a line of counts, and with 1 when a file did not pass.
"""

import http.server
import pathlib
import subprocess
import sys
import tempfile
import threading

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

ROOT = pathlib.Path(__file__).resolve().parents[2]

# A root and a certificate for time stamps below it, as public authorities have them; RSA, as most of them use.
OPENSSL = """
[req]
distinguished_name = name
prompt = no
[name]
CN = Root of the test authority
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[stamps]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = authority
[authority]
serial = {folder}/serial
signer_cert = {folder}/stamps.pem
certs = {folder}/root.pem
signer_key = {folder}/stamps.key
signer_digest = sha512
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1, millisecs:500
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
clock_precision_digits = 3
"""


def run(*command, **options):
    return subprocess.run([str(part) for part in command], capture_output=True, **options)


def openssl_authority(folder):
    """Makes the authority's certificates, and answers requests for time stamps; its address."""
    config = folder / "openssl.cnf"
    config.write_text(OPENSSL.format(folder=folder), encoding="utf-8")
    (folder / "serial").write_text("01\n", encoding="utf-8")
    new = ["openssl", "req", "-config", config, "-newkey", "rsa:3072", "-nodes", "-sha384"]
    run(*new, "-x509", "-extensions", "root", "-keyout", folder / "root.key", "-out", folder / "root.pem", check=True)
    subject = ["-subj", "/CN=Test authority"]
    run(*new, *subject, "-keyout", folder / "stamps.key", "-out", folder / "stamps.csr", check=True)
    sign = ["openssl", "x509", "-req", "-in", folder / "stamps.csr", "-CA", folder / "root.pem", "-sha384", "-days", "2"]
    sign += ["-CAkey", folder / "root.key", "-extfile", config, "-extensions", "stamps", "-CAcreateserial"]
    run(*sign, "-out", folder / "stamps.pem", check=True)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            query = folder / "query"
            query.write_bytes(self.rfile.read(int(self.headers["content-length"])))
            reply = run("openssl", "ts", "-reply", "-config", config, "-queryfile", query)
            self.send_response(200 if reply.returncode == 0 else 500)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(reply.stdout)))
            self.end_headers()
            self.wfile.write(reply.stdout)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


def pyhanko(path, roots, is_stamped):
    """Valid, trusted, over the entire file, certified against all changes, and stamped if it should be."""
    with open(path, "rb") as file:
        signatures = PdfFileReader(file).embedded_signatures
        if len(signatures) != 1:
            return f"{len(signatures)} signatures"
        contexts = [ValidationContext(trust_roots=roots, allow_fetching=False) for _ in range(2)]
        status = validate_pdf_signature(signatures[0], *contexts)
        stamp = status.timestamp_validity
        wrong = {
            "bottom line": status.bottom_line,
            "entire file": status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
            "certified": signatures[0].docmdp_level == MDPPerm.NO_CHANGES and status.docmdp_ok,
            "time stamp": (stamp is not None and stamp.valid and stamp.trusted) if is_stamped else stamp is None,
            "PAdES": signatures[0].sig_object["/SubFilter"] == "/ETSI.CAdES.detached",
        }
        return ", ".join(name for name, holds in wrong.items() if not holds)


def pdfsig(path):
    """Both sentences: the first alone also stands for a file whose pages were exchanged after sealing."""
    said = run("pdfsig", path).stdout.decode(errors="replace")
    wanted = ["Signature is Valid.", "Total document signed", "Signature Type: ETSI.CAdES.detached"]
    return ", ".join(f"not: {sentence}" for sentence in wanted if sentence not in said)


def qpdf(path, paper):
    """Not worse than the paper was: 0 without, 3 with warnings, 2 with errors."""
    rank = [0, 3, 2].index
    before, after = (rank(run("qpdf", "--check", one).returncode) for one in (paper, path))
    return "" if after <= before else "worse than the paper"


def own(program, path, certificate=None):
    known = ["--certificate", certificate] if certificate else []
    return "" if run(program, "verify", path, *known).returncode == 0 else "does not hold"


def tampered(program, folder, path):
    """The same file after each of some changes; the program must notice every one."""
    file = path.read_bytes()
    changes = {
        "cut": file[:-1],
        "longer": file + b"\n",
        "paper": file[:60] + bytes([file[60] ^ 1]) + file[61:],
        "seal": file[:-9] + bytes([file[-9] ^ 1]) + file[-8:],
    }
    changed = folder / "changed.pdf"
    missed = []
    for name, content in changes.items():
        changed.write_bytes(content)
        if run(program, "verify", changed).returncode != 1:
            missed.append(name)
    return ", ".join(missed)


def main():
    programs = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "target" / "debug"
    hearth = programs / "hearth-local"
    with tempfile.TemporaryDirectory(prefix="hearth-seals-") as name:
        folder = pathlib.Path(name)
        subprocess.run([programs / "examples" / "sealed_set", folder], check=True)
        roots = [load_cert_from_pemder(folder / name) for name in ("seal.pem", "authority.pem")]
        cases = []
        for paper in sorted(folder.glob("*.paper.pdf")):
            stem = paper.name.removesuffix(".paper.pdf")
            for level in ("b-b", "b-t"):
                cases.append((folder / f"{stem}.{level}.pdf", paper, roots, level == "b-t", folder / "seal.pem"))

        # The whole way: two parents, the local stack, an authority of its own over HTTP.
        form = folder / "journey.pdf"
        form.write_bytes((folder / "form-table.paper.pdf").read_bytes())
        for stamped, url in ((True, ["--timestamp-url", openssl_authority(folder)]), (False, [])):
            subprocess.run([hearth, "journey", form, *url], check=True, stdout=subprocess.DEVNULL)
            sealed = folder / f"journey-{'b-t' if stamped else 'b-b'}.pdf"
            (folder / "journey.sealed.pdf").rename(sealed)
            with open(sealed, "rb") as file:
                seal = PdfFileReader(file).embedded_signatures[0].signer_cert
            cases.append((sealed, form, [seal, load_cert_from_pemder(folder / "root.pem")], stamped, None))

        counts = dict.fromkeys(("pyHanko", "pdfsig", "qpdf", "verify", "tampering"), 0)
        for path, paper, trusted, stamped, certificate in cases:
            verdicts = {
                "pyHanko": pyhanko(path, trusted, stamped),
                "pdfsig": pdfsig(path),
                "qpdf": qpdf(path, paper),
                "verify": own(hearth, path, certificate),
                "tampering": tampered(hearth, folder, path),
            }
            for validator, verdict in verdicts.items():
                counts[validator] += not verdict
                if verdict:
                    print(f"{path.name}: {validator}: {verdict}")
        said = ", ".join(f"{validator} {count}" for validator, count in counts.items())
        print(f"{len(cases)} sealed files, accepted by: {said}")
        return 0 if all(count == len(cases) for count in counts.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
