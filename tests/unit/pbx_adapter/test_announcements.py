"""How a playing in a bridge ends: to its end, stopped, or because the PBX could not."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, cast

import pytest
from tests.phones import tone

from callwright.integrations.pbx.asterisk.announcements import Announcements
from callwright.integrations.pbx.asterisk.client import AriClient
from callwright.integrations.sipphone.wav import write_wav

BRIDGE = "b1"


class Pbx:
    """Takes every request; `playback` = the id of what it was asked to play, once it was."""

    def __init__(self) -> None:
        self.playback: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def request(self, _: str, path: str, **__: Any) -> None:
        if "/play/" in path:
            self.playback.set_result(path.rpartition("/")[2])


@pytest.mark.parametrize(
    ("stopped", "state", "result"),
    [
        (False, "done", "completed"), (False, "failed", "failed"),
        (True, "done", "interrupted"), (True, "failed", "interrupted"),
    ],
)  # fmt: skip
async def test_how_it_ends(tmp_path: Path, stopped: bool, state: str, result: str) -> None:
    file = tmp_path / "reply.wav"
    write_wav(file, tone(440.0))
    pbx = Pbx()
    announcements = Announcements(cast(AriClient, pbx))
    playing = asyncio.create_task(announcements.play(BRIDGE, str(file)))
    playback = await pbx.playback
    if stopped:
        await announcements.stop(BRIDGE)
    target = {"target_uri": f"bridge:{BRIDGE}", "id": playback, "state": state}
    announcements.finished(target)
    assert (await playing).state == result
