"""Sealing time and peak memory, ours beside pyHanko's, on the same files in one run.

    cargo build --release -p seal --examples
    python infra/bench/seal.py [FILE.pdf ...]

Wants pyHanko in this Python. Each file is sealed by both programs in turns, in processes of
their own: the times are of single runs inside a process that is warm, the memory is the
process's highest (VmHWM). Ours draws evidence pages with an embedded font and signs;
pyHanko signs only, so the comparison favours it. Beside the files that are named, papers are
made: a form, and scans of 2, 20 and 47 MB.
"""

import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
# HEARTH_SEAL_TIME names another build of the program, such as one that is not optimised.
OURS = pathlib.Path(os.environ.get("HEARTH_SEAL_TIME", ROOT / "target" / "release" / "examples" / "seal_time"))
RUNS = {"small": 40, "large": 5}

PYHANKO = """
import io, sys, time
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
signer = signers.SimpleSigner.load(sys.argv[3], sys.argv[4])
paper = open(sys.argv[1], "rb").read()
meta = signers.PdfSignatureMetadata(
    field_name="Seal", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES,
    certify=True, docmdp_permissions=fields.MDPPerm.NO_CHANGES)
for _ in range(int(sys.argv[2])):
    start = time.perf_counter()
    # Not strict: ordinary forms have been edited by programs that pyHanko's strict mode refuses.
    signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(paper), strict=False), meta, signer=signer, output=io.BytesIO())
    print((time.perf_counter() - start) * 1e3)
print("peak", next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def scan(path, pages, bytes_per_page):
    """A PDF of pages with one picture each, of bytes that cannot be compressed."""
    kids = " ".join(f"{3 + 3 * page} 0 R" for page in range(pages))
    objects = ["<</Type/Catalog/Pages 2 0 R>>".encode(), f"<</Type/Pages/Kids[{kids}]/Count {pages}>>".encode()]
    width = bytes_per_page // 300
    for page in range(pages):
        picture = f"{5 + 3 * page} 0 R"
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents {4 + 3 * page} 0 R"
            f"/Resources<</XObject<</I {picture}>>>>>>".encode()
        )
        objects.append(b"<</Length 27>>stream\nq 600 0 0 780 6 6 cm /I Do Q\nendstream")
        objects.append(
            f"<</Type/XObject/Subtype/Image/Width {width}/Height 100/ColorSpace/DeviceRGB/BitsPerComponent 8"
            f"/Length {width * 300}>>stream\n".encode() + os.urandom(width * 300) + b"\nendstream"
        )
    out, offsets = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\n"
    path.write_bytes(bytes(out) + f"{end}startxref\n{len(out)}\n%%EOF\n".encode())
    return path


def measured(command):
    """The median of the times that a program prints, and its highest memory in MiB."""
    process = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if process.returncode != 0:
        raise RuntimeError(process.stderr.strip().splitlines()[-1])
    times, peak = process.stdout.rsplit("peak", 1)
    return statistics.median(float(line) for line in times.split()), float(peak) / 1024


def main():
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as name:
        folder = pathlib.Path(name)
        key, certificate, program = folder / "key.pem", folder / "certificate.pem", folder / "pyhanko_time.py"
        new = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        new += ["-subj", "/CN=Bench", "-keyout", key, "-out", certificate]
        subprocess.run([str(part) for part in new], check=True, capture_output=True)
        program.write_text(PYHANKO, encoding="utf-8")
        files = [pathlib.Path(file) for file in sys.argv[1:]] + [
            scan(folder / "form-1-page.pdf", 1, 12_000),
            scan(folder / "scan-2-MB.pdf", 8, 250_000),
            scan(folder / "scan-20-MB.pdf", 40, 500_000),
            scan(folder / "scan-47-MB.pdf", 94, 500_000),
        ]
        print(f"{'file':24} {'size':>9} {'ours':>10} {'pyHanko':>10} {'ratio':>6}   {'ours':>9} {'pyHanko':>9} {'ratio':>6}")
        for file in files:
            size = file.stat().st_size
            runs = RUNS["small" if size < 5_000_000 else "large"]
            ours, theirs = [], []
            try:
                for _ in range(3):  # in turns, so that a busy machine is busy for both
                    ours.append(measured([OURS, file, runs]))
                    theirs.append(measured([sys.executable, program, file, runs, key, certificate]))
            except RuntimeError as error:
                print(f"{file.name:24} {size / 1e6:6.2f} MB  not measured: {error}", flush=True)
                continue
            (time, memory), (other, taken) = (
                [statistics.median(values) for values in zip(*measurements)] for measurements in (ours, theirs)
            )
            print(
                f"{file.name:24} {size / 1e6:6.2f} MB {time:7.2f} ms {other:7.2f} ms {other / time:5.1f}x"
                f"   {memory:5.0f} MiB {taken:5.0f} MiB {taken / memory:5.1f}x",
                flush=True,
            )


if __name__ == "__main__":
    main()
