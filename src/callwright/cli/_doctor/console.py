"""The console's built files, and the certificate it is served with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from cryptography import x509

import callwright
from callwright.cli._doctor.findings import Finding, checks
from callwright.kit.clock import SystemClock
from callwright.kit.settings import Settings
from callwright.web.tls import is_loopback

SOON = timedelta(days=14)


@checks.register("console")
def check_console(_: Settings) -> Iterator[Finding]:
    """Built, or shipped in the wheel."""
    index = Path(callwright.__file__).parent / "static" / "index.html"
    if index.exists():
        yield Finding("console", "ok", "built")
    else:
        yield Finding("console", "bad", "the console is not built", "make run")


@checks.register("certificate")
def check_certificate(settings: Settings) -> Iterator[Finding]:
    """Only needed where others than this machine connect."""
    if is_loopback(settings.bind):
        yield Finding("certificate", "ok", f"not needed: bound to {settings.bind}")
        return
    folder = settings.home / "tls"
    owners = folder / "cert.pem"
    file = owners if owners.exists() else folder / "server.crt"
    if not file.exists():
        yield Finding("certificate", "warn", "not made yet", "callwright run makes one")
        return
    try:
        ends = x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
    except ValueError as error:
        yield Finding("certificate", "bad", f"{file}: {error}", "replace this file")
        return
    fact = f"{file.name} is valid until {ends:%Y-%m-%d}"
    left = ends - SystemClock().now()
    remedy = "put a new one there" if file == owners else "restart Callwright: it makes a new one"
    if left <= timedelta():
        yield Finding("certificate", "bad", fact, remedy)
    elif left < SOON:
        yield Finding("certificate", "warn", fact, remedy)
    else:
        yield Finding("certificate", "ok", fact)
