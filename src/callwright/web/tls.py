"""The certificate for HTTPS: the owner's, or one by a small authority of our own."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import psutil
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from callwright.kit.clock import Clock
from callwright.kit.errors import CallwrightError
from callwright.web.authority import Pair, issue, new_authority, read_pair, write_pair

RENEW_BEFORE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class CertificateFiles:
    """PEM files for the server. `authority` = our CA's certificate, offered at /ca.crt."""

    certificate: Path
    key: Path
    authority: Path | None
    expires: datetime


def ensure_certificate(home: Path, names: Iterable[str], clock: Clock) -> CertificateFiles:
    """The owner's `tls/cert.pem` and `tls/key.pem`, or a current certificate of our own.

    `names` = host names and addresses that the server is called by. Ours is renewed 30 days before
    its end and when a name is missing. Raises CallwrightError("invalid", field, why).
    """
    folder, keys = home / "tls", home / "keys"
    for made in (folder, keys):
        made.mkdir(mode=0o700, parents=True, exist_ok=True)
    certificate, key = folder / "cert.pem", folder / "key.pem"
    if certificate.exists() or key.exists():
        return _owners(certificate, key, clock.now())
    spelled = sorted({name.encode("idna").decode("ascii") for name in names})
    return _ours(folder, keys, spelled, clock.now())


def is_loopback(bind: str) -> bool:
    """Whether only this machine can connect: then plain HTTP is what browsers want."""
    if bind == "localhost":
        return True
    try:
        return ipaddress.ip_address(bind).is_loopback
    except ValueError:
        return False


def names_of_this_host(bind: str, public_name: str) -> list[str]:
    """What people may type to reach us: the public name, the host's names, its addresses."""
    found = {"localhost", "127.0.0.1", "::1", socket.gethostname(), socket.getfqdn(), public_name}
    if bind in ("", "0.0.0.0", "::"):  # noqa: S104 (compared, not bound)
        for addresses in psutil.net_if_addrs().values():
            families = (socket.AF_INET, socket.AF_INET6)
            found |= {a.address.partition("%")[0] for a in addresses if a.family in families}
    else:
        found.add(bind)
    return sorted(name for name in found if name)


def _owners(certificate: Path, key: Path, now: datetime) -> CertificateFiles:
    """Check what the owner put there, so that a wrong file is named at the start."""
    for path in (certificate, key):
        if not path.exists():
            raise CallwrightError("invalid", field=str(path), why="missing beside its counterpart")
    try:
        first = x509.load_pem_x509_certificates(certificate.read_bytes())[0]
    except ValueError as error:
        raise CallwrightError("invalid", field=str(certificate), why=str(error)) from error
    try:
        private = load_pem_private_key(key.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        raise CallwrightError("invalid", field=str(key), why=str(error)) from error
    if first.public_key() != private.public_key():
        raise CallwrightError("invalid", field=str(key), why="is not the certificate's key")
    if first.not_valid_after_utc <= now:
        ended = first.not_valid_after_utc.isoformat()
        raise CallwrightError("invalid", field=str(certificate), why=f"ended on {ended}")
    return CertificateFiles(certificate, key, None, first.not_valid_after_utc)


def _ours(folder: Path, keys: Path, names: list[str], now: datetime) -> CertificateFiles:
    authority_files = (folder / "ca.crt", keys / "ca.key")
    server_files = (folder / "server.crt", keys / "server.key")
    authority = read_pair(*authority_files)
    if authority is None or authority.ends_before(now + timedelta(days=400)):
        authority = new_authority(socket.gethostname(), now)
        write_pair(authority, *authority_files)
    server = read_pair(*server_files)
    if server is None or not _is_current(server, authority, names, now):
        server = issue(authority, names, now)
        write_pair(server, *server_files)
    expires = server.certificate.not_valid_after_utc
    return CertificateFiles(*server_files, authority_files[0], expires)


def _is_current(server: Pair, authority: Pair, names: list[str], now: datetime) -> bool:
    if server.ends_before(now + RENEW_BEFORE) or not set(names) <= set(server.names()):
        return False
    return server.certificate.issuer == authority.certificate.subject
