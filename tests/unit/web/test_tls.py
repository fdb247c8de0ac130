"""Certificates: made once, renewed in time, the owner's checked, and really usable."""

from __future__ import annotations

import socket
import ssl
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from callwright.kit.clock import SystemClock, VirtualClock
from callwright.kit.errors import CallwrightError
from callwright.web.tls import (
    CertificateFiles,
    ensure_certificate,
    is_loopback,
    names_of_this_host,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
EVERYWHERE = "0.0.0.0"  # noqa: S104 (nothing is bound)
NAMES = ["calls.example.com", "192.0.2.7", "話匠.example"]


def _contents(files: CertificateFiles) -> tuple[bytes, bytes]:
    assert files.authority is not None
    return files.certificate.read_bytes(), files.authority.read_bytes()


def _greeting(files: CertificateFiles, name: str) -> str:
    """What a client that trusts our authority reads over TLS from a server called `name`."""
    server_side, client_side = socket.socketpair()
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(files.certificate, files.key)

    def serve() -> None:
        with serving.wrap_socket(server_side, server_side=True) as secure:
            secure.sendall(b"welcome")

    thread = threading.Thread(target=serve)
    thread.start()
    trusting = ssl.create_default_context(cafile=str(files.authority))
    with trusting.wrap_socket(client_side, server_hostname=name) as secure:
        heard = secure.recv(100).decode()
    thread.join()
    return heard


def test_a_client_that_trusts_the_authority_connects_by_every_name(tmp_path: Path) -> None:
    files = ensure_certificate(tmp_path, NAMES, SystemClock())
    for name in ("calls.example.com", "192.0.2.7", "話匠.example".encode("idna").decode()):
        assert _greeting(files, name) == "welcome"


def test_keys_are_private(tmp_path: Path) -> None:
    ensure_certificate(tmp_path, NAMES, SystemClock())
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()}
    assert modes == {"ca.key": 0o600, "server.key": 0o600}


async def test_it_is_renewed_in_time_by_the_same_authority(tmp_path: Path) -> None:
    clock = VirtualClock(NOON)
    first = _contents(ensure_certificate(tmp_path, NAMES, clock))
    await clock.advance(timedelta(days=366).total_seconds())
    assert _contents(ensure_certificate(tmp_path, NAMES, clock)) == first
    await clock.advance(timedelta(days=2).total_seconds())
    second = _contents(ensure_certificate(tmp_path, NAMES, clock))
    assert second[0] != first[0]
    assert second[1] == first[1]


async def test_the_authority_is_renewed_before_it_would_end_first(tmp_path: Path) -> None:
    clock = VirtualClock(NOON)
    first = _contents(ensure_certificate(tmp_path, NAMES, clock))
    await clock.advance(timedelta(days=3650 - 399).total_seconds())
    files = ensure_certificate(tmp_path, NAMES, clock)
    assert _contents(files)[1] != first[1]


def test_a_new_name_means_a_new_certificate_and_a_lost_one_does_not(tmp_path: Path) -> None:
    clock = VirtualClock(NOON)
    first = _contents(ensure_certificate(tmp_path, NAMES, clock))
    assert _contents(ensure_certificate(tmp_path, NAMES[:1], clock)) == first
    assert _contents(ensure_certificate(tmp_path, [*NAMES, "new.example"], clock)) != first


def test_the_owners_certificate_wins(tmp_path: Path) -> None:
    made = ensure_certificate(tmp_path / "other", NAMES, VirtualClock(NOON))
    (tmp_path / "tls").mkdir()
    (tmp_path / "tls" / "cert.pem").write_bytes(made.certificate.read_bytes())
    (tmp_path / "tls" / "key.pem").write_bytes(made.key.read_bytes())
    files = ensure_certificate(tmp_path, NAMES, VirtualClock(NOON))
    assert files.certificate == tmp_path / "tls" / "cert.pem"
    assert files.authority is None


@pytest.mark.parametrize(
    ("certificate", "key", "days", "named"),
    [
        ("good", None, 0, "key.pem"),
        ("good", "other", 0, "key.pem"),
        ("good", "rubbish", 0, "key.pem"),
        ("rubbish", "good", 0, "cert.pem"),
        ("good", "good", 398, "cert.pem"),
    ],
)
def test_a_wrong_file_of_the_owner_is_named(
    tmp_path: Path, certificate: str, key: str | None, days: int, named: str
) -> None:
    good = ensure_certificate(tmp_path / "good", NAMES, VirtualClock(NOON))
    other = ensure_certificate(tmp_path / "other", NAMES, VirtualClock(NOON))
    contents = {
        "certificate": {"good": good.certificate.read_bytes(), "rubbish": b"?"},
        "key": {"good": good.key.read_bytes(), "other": other.key.read_bytes(), "rubbish": b"?"},
    }
    (tmp_path / "tls").mkdir()
    (tmp_path / "tls" / "cert.pem").write_bytes(contents["certificate"][certificate])
    if key:
        (tmp_path / "tls" / "key.pem").write_bytes(contents["key"][key])
    with pytest.raises(CallwrightError, match=named):
        ensure_certificate(tmp_path, NAMES, VirtualClock(NOON + timedelta(days=days)))


def test_plain_http_is_only_for_this_machine() -> None:
    assert is_loopback("127.0.0.1")
    assert is_loopback("::1")
    assert is_loopback("localhost")
    assert not is_loopback(EVERYWHERE)
    assert not is_loopback("calls.example.com")


def test_bound_everywhere_the_names_hold_every_address() -> None:
    assert {"localhost", "127.0.0.1", "a.example"} <= set(
        names_of_this_host(EVERYWHERE, "a.example")
    )
    assert "192.0.2.9" in names_of_this_host("192.0.2.9", "")
