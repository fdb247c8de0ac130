"""Downloads: retried where that helps, told with the address where not."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from callwright.kit.debian.download import apt_proxies, download
from callwright.kit.errors import CallwrightError


class Answers(http.server.BaseHTTPRequestHandler):
    """Answers with the status that the path names; `/once` fails at the first time only."""

    asked: list[str]

    def do_GET(self) -> None:
        first = self.path not in self.asked
        self.asked.append(self.path)
        name = self.path.strip("/")
        status = (503 if first else 200) if name == "once" else int(name)
        self.send_response(status)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    Answers.asked = []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_content_comes_whole(site: str) -> None:
    assert download(f"{site}/200") == b"hello"


def test_passing_fault_is_overcome(site: str) -> None:
    assert download(f"{site}/once") == b"hello"


def test_what_is_not_there_is_asked_for_once(site: str) -> None:
    with pytest.raises(CallwrightError, match="download_failed") as caught:
        download(f"{site}/404")
    assert caught.value.params["status"] == 404
    assert Answers.asked == ["/404"]


def test_lasting_fault_is_told_with_the_address(site: str) -> None:
    with pytest.raises(CallwrightError) as caught:
        download(f"{site}/500")
    assert caught.value.params["address"] == f"{site}/500"
    assert len(Answers.asked) == 3


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/x", "nonsense", "file:///nowhere/x"])
def test_unreachable_is_told(address: str) -> None:
    with pytest.raises(CallwrightError, match="download_failed"):
        download(address)


def test_local_mirror_is_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"content")
    assert download((tmp_path / "file").as_uri()) == b"content"


def test_apts_proxies_are_understood() -> None:
    told = "http='http://proxy.test:3142'\nhttps='DIRECT'\n"
    assert apt_proxies(told) == {"http": "http://proxy.test:3142"}
    assert apt_proxies("") == {}
