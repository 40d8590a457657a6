"""A certificate authority, and the certificate it signs for servers on loopback."""
import ipaddress
from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


def write(directory):
    """Writes `ca.pem`, `server-cert.pem` and `server-key.pem`. The authority's key is forgotten."""
    authority, server = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ca = certificate("Nightshift's tests", authority, "Nightshift's tests", authority)
    leaf = certificate("localhost", server, "Nightshift's tests", authority)
    for name, content in (("ca.pem", ca.public_bytes(serialization.Encoding.PEM)),
                          ("server-cert.pem", leaf.public_bytes(serialization.Encoding.PEM)),
                          ("server-key.pem", private(server))):
        (directory / name).write_bytes(content)
    (directory / "server-key.pem").chmod(0o600)


def private(key):
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                             serialization.NoEncryption())


def certificate(subject, key, issuer, signer):
    """What a client may ask of one today: key identifiers, usages, and hosts in the SAN."""
    is_ca = key is signer
    now = datetime.now(timezone.utc)
    key_id = x509.SubjectKeyIdentifier.from_public_key
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject)).issuer_name(name(issuer)).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(is_ca, 0 if is_ca else None), critical=True)
        .add_extension(key_id(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(
            key_id(signer.public_key())), critical=False)
        .add_extension(usage(is_ca), critical=True))
    if not is_ca:
        loopback = ipaddress.ip_address("127.0.0.1")
        builder = builder.add_extension(x509.SubjectAlternativeName(
            [x509.DNSName("localhost"), x509.IPAddress(loopback)]), critical=False)
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return builder.sign(signer, hashes.SHA256())


def name(common):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def usage(is_ca):
    return x509.KeyUsage(
        digital_signature=not is_ca, key_cert_sign=is_ca, crl_sign=is_ca, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
        decipher_only=False)
