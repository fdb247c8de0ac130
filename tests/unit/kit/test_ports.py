"""Ports that are taken: the next ones, and nothing else of the settings changes."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.pbx_server import free_base

from callwright.cli.run import with_free_ports
from callwright.kit.settings import Ports, Settings


def test_another_base_keeps_the_media_ports(tmp_path: Path) -> None:
    base = free_base()
    wanted = Settings().model_copy(
        update={"home": tmp_path, "ports": Ports(base=base, media=(30_000, 39_999))}
    )
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", base))
        found = with_free_ports(wanted).ports
    assert found.base > base
    assert found.media == (30_000, 39_999)
