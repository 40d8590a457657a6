#!/usr/bin/env python3
"""Writes rds-roots.pem from AWS's own bundle, or from a file that holds the same certificates.

    curl -O https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem
    shared/aurora-sql/data/extract.py global-bundle.pem 2026-11-21

Takes PEM text, also where it is written as strings in JavaScript. The date is the day on which a
certificate must still be valid. Keeps the roots: signed by themselves, with a name that says the
region. Leaves out what is expired, the 2019 certificates of the regions, which were signed by a
root that is expired as well, and the roots of AWS's beta and preview environments. Needs openssl.
"""

import datetime
import pathlib
import re
import subprocess
import sys

NAME = re.compile(r"Amazon RDS ([a-z]+(?:-[a-z]+)+-\d) Root CA (RSA2048|RSA4096|ECC384) G\d+")
BLOCK = re.compile(r"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.DOTALL)
NOISE = re.compile(r"\\n|' \+|[^A-Za-z0-9+/=]")


def pem(block: str) -> str:
    """One certificate as PEM with lines of 64 characters."""
    base64 = NOISE.sub("", block)
    lines = [base64[at : at + 64] for at in range(0, len(base64), 64)]
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""])


def openssl(*arguments: str, certificate: str) -> str:
    """What openssl prints of a certificate, or of a check of it."""
    command = ["openssl", *arguments]
    done = subprocess.run(command, input=certificate, capture_output=True, text=True, check=True)
    return done.stdout


def name(certificate: str, of: str) -> str:
    """The common name of the subject or of the issuer."""
    options = ["-noout", f"-{of}", "-nameopt", "multiline"]
    text = openssl("x509", *options, certificate=certificate)
    return re.search(r"commonName\s*= (.*)", text).group(1)


def expiry(certificate: str) -> datetime.date:
    """The last day on which it is valid."""
    text = openssl("x509", "-noout", "-enddate", certificate=certificate)
    return datetime.datetime.strptime(text.strip(), "notAfter=%b %d %H:%M:%S %Y GMT").date()


def signed_by_itself(certificate: str, scratch: pathlib.Path) -> bool:
    """Whether its own key verifies its signature, and it names itself as issuer."""
    if name(certificate, "subject") != name(certificate, "issuer"):
        return False
    scratch.write_text(certificate)
    check = ["openssl", "verify", "-check_ss_sig", "-no-CApath", "-CAfile", scratch, scratch]
    return subprocess.run(check, capture_output=True, check=False).returncode == 0


def entry(certificate: str) -> tuple[str, str, str]:
    """Region, kind, and the certificate below a line that says what it is."""
    region, kind = NAME.fullmatch(name(certificate, "subject")).groups()
    print_of = openssl("x509", "-noout", "-fingerprint", "-sha256", certificate=certificate)
    sha256 = print_of.strip().split("=")[1].replace(":", "").lower()
    until = expiry(certificate)
    return region, kind, f"# {region} {kind} until {until} sha256 {sha256}\n{certificate}"


def main() -> None:
    source, today = sys.argv[1], datetime.date.fromisoformat(sys.argv[2])
    here = pathlib.Path(__file__).parent
    scratch = here / "scratch.pem"
    kept = []
    for block in BLOCK.findall(pathlib.Path(source).read_text()):
        certificate = pem(block)
        is_root = NAME.fullmatch(name(certificate, "subject"))
        if is_root and expiry(certificate) > today and signed_by_itself(certificate, scratch):
            kept.append(entry(certificate))
        else:
            print("left out:", name(certificate, "subject"), expiry(certificate))
    scratch.unlink(missing_ok=True)
    (here / "rds-roots.pem").write_text("".join(text for _, _, text in sorted(kept)))
    print(f"{len(kept)} roots of {len({region for region, _, _ in kept})} regions")


if __name__ == "__main__":
    main()
