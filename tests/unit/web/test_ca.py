"""/ca.crt: our authority's certificate and nothing else of the home."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from fastapi import FastAPI
from fastapi.testclient import TestClient

from callwright.kit.clock import SystemClock
from callwright.kit.errors import CallwrightError
from callwright.kit.http import on_callwright_error
from callwright.web import ca
from callwright.web.tls import ensure_certificate


def _client(home: Path) -> TestClient:
    app = FastAPI()
    app.state.house = SimpleNamespace(settings=SimpleNamespace(home=home))
    app.add_exception_handler(CallwrightError, on_callwright_error)
    app.include_router(ca.router)
    return TestClient(app)


def test_the_authority_is_offered_without_its_key(tmp_path: Path) -> None:
    files = ensure_certificate(tmp_path, ["a.example"], SystemClock())
    answer = _client(tmp_path).get("/ca.crt")
    assert files.authority is not None
    assert answer.content == files.authority.read_bytes()
    assert b"PRIVATE" not in answer.content


def test_where_none_is_used_none_is_offered(tmp_path: Path) -> None:
    assert _client(tmp_path).get("/ca.crt").status_code == 404
    ensure_certificate(tmp_path, ["a.example"], SystemClock())
    (tmp_path / "tls" / "cert.pem").write_text("the owner's")
    assert _client(tmp_path).get("/ca.crt").status_code == 404
