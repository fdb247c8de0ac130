"""A certificate authority of our own: makes itself, issues server certificates."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from callwright.kit.files import write_whole

AUTHORITY_LIFE = timedelta(days=3650)
SERVER_LIFE = timedelta(days=397)  # browsers refuse server certificates that live longer
_CLOCK_SKEW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and its private key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def ends_before(self, moment: datetime) -> bool:
        """Whether it is no longer valid at that moment."""
        return self.certificate.not_valid_after_utc <= moment

    def names(self) -> list[str]:
        """The host names and addresses it is good for."""
        kind = x509.SubjectAlternativeName
        try:
            found = self.certificate.extensions.get_extension_for_class(kind).value
        except x509.ExtensionNotFound:
            return []
        return [str(name.value) for name in found]


def new_authority(host: str, now: datetime) -> Pair:
    """A self-signed authority; the host's name and a number tell several apart in a browser."""
    key = ec.generate_private_key(ec.SECP256R1())
    number = x509.random_serial_number()
    name = _name(f"Callwright CA {host[:30]} {number:x}"[:56])
    builder = _builder(name, name, key, number=number, now=now, life=AUTHORITY_LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(signs_certificates=True), critical=True)
    return Pair(builder.sign(key, hashes.SHA256()), key)


def issue(authority: Pair, names: list[str], now: datetime) -> Pair:
    """A server certificate for these host names (in ASCII) and addresses."""
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = authority.certificate.subject
    number = x509.random_serial_number()
    builder = _builder(_name("Callwright"), issuer, key, number=number, now=now, life=SERVER_LIFE)
    builder = builder.add_extension(
        x509.SubjectAlternativeName([_alternative(name) for name in names]), critical=False
    )
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
    builder = builder.add_extension(_usage(signs_certificates=False), critical=True)
    builder = builder.add_extension(
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False
    )
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), False
    )
    return Pair(builder.sign(authority.key, hashes.SHA256()), key)


def read_pair(certificate: Path, key: Path) -> Pair | None:
    """What was written before; None when it is missing or cannot be read (then made anew)."""
    try:
        private = load_pem_private_key(key.read_bytes(), password=None)
        public = x509.load_pem_x509_certificate(certificate.read_bytes())
    except (OSError, ValueError):
        return None
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        return None
    return Pair(public, private) if private.public_key() == public.public_key() else None


def write_pair(pair: Pair, certificate: Path, key: Path) -> None:
    """The key first: a certificate never stands there without it."""
    pem = pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_whole(key, pem)
    write_whole(certificate, pair.certificate.public_bytes(Encoding.PEM), 0o644)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    *,
    number: int,
    now: datetime,
    life: timedelta,
) -> x509.CertificateBuilder:
    return x509.CertificateBuilder(
        subject_name=subject,
        issuer_name=issuer,
        public_key=key.public_key(),
        serial_number=number,
        not_valid_before=now - _CLOCK_SKEW,
        not_valid_after=now + life,
    ).add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
