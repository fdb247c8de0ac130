"""The console's files over HTTP: caching, packed variants, one page for all paths, nothing else."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from callwright.web.static_files import accepted, mount_console

PAGE = "<!doctype html><title>console</title>"
SCRIPT = "export const answer = 42\n"


@pytest.fixture
def build(tmp_path: Path) -> Path:
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(PAGE)
    (folder / "assets" / "app-1.js").write_text(SCRIPT)
    (folder / "assets" / "app-1.js.gz").write_bytes(gzip.compress(SCRIPT.encode()))
    (folder / ".secret").write_text("hidden")
    (tmp_path / "outside.txt").write_text("outside")
    return folder


@pytest.fixture
def client(build: Path) -> TestClient:
    app = Starlette()
    mount_console(app, build)
    return TestClient(app, headers={"accept-encoding": "identity"})


def test_assets_are_kept_forever_and_the_page_is_asked_for_again(client: TestClient) -> None:
    asset = client.get("/assets/app-1.js")
    assert asset.text == SCRIPT
    assert "immutable" in asset.headers["cache-control"]
    assert asset.headers["content-type"].startswith("text/javascript")
    assert client.get("/").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/", "/calls", "/calls/0190-aa", "/tickets?q=x"])
def test_the_browsers_own_paths_get_the_page(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.text == PAGE
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing", "/live", "/assets/gone-2.js", "/healthz/more", "/sip"]
)
def test_the_platforms_paths_and_missing_assets_are_404(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/.secret", "/..%2foutside.txt", "/assets/..%2f..%2foutside.txt"])
def test_nothing_hidden_or_outside_is_served(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert "hidden" not in answer.text
    assert "outside" not in answer.text


def test_a_packed_variant_is_sent_when_the_browser_accepts_it(client: TestClient) -> None:
    answer = client.get("/assets/app-1.js", headers={"accept-encoding": "br;q=0, gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.text == SCRIPT
    assert answer.headers["vary"] == "Accept-Encoding"


def test_an_unchanged_page_is_not_sent_again(client: TestClient) -> None:
    tag = client.get("/").headers["etag"]
    assert client.get("/", headers={"if-none-match": tag}).status_code == 304
    assert client.get("/", headers={"if-none-match": '"other"'}).status_code == 200


def test_only_reading_is_allowed(client: TestClient) -> None:
    assert client.post("/calls").status_code == 405


def test_without_a_build_the_page_says_how_to_get_one(tmp_path: Path) -> None:
    app = Starlette()
    mount_console(app, tmp_path / "nothing")
    answer = TestClient(app).get("/calls")
    assert answer.status_code == 503
    assert "make run" in answer.text


def test_codings_with_weight_zero_are_refused() -> None:
    assert accepted("gzip, br;q=0.0, *;q=0.1") == {"gzip", "*"}
