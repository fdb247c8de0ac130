"""What a pick-up does to the music and the words of a waiting leg, request by request."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, cast

import pytest
from tests.fakes.clock import FastClock
from tests.phones import tone, until

from callwright.integrations.pbx.asterisk.bridges import Bridges
from callwright.integrations.pbx.asterisk.client import AriClient, AriError
from callwright.integrations.pbx.asterisk.legs import Leg, LegBook
from callwright.integrations.pbx.asterisk.prompts import Prompts
from callwright.integrations.pbx.asterisk.silence import SilenceKeeper
from callwright.integrations.sipphone.wav import write_wav
from callwright.kit.errors import CallwrightError


class Pbx:
    """Notes every request and answers it a moment later; refuses to put legs in while `full`."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.full = False

    async def request(self, method: str, path: str, **query: Any) -> None:
        self.asked.append(f"{method} {path.partition('/play/')[0]} {query.get('mohClass') or ''}")
        await asyncio.sleep(0.01)
        if self.full and path.endswith("addChannel"):
            raise AriError(400, "channel not found", path)


class Floor:
    """A caller on hold and an agent, both recorded."""

    def __init__(self, folder: Path) -> None:
        self.pbx, self.book = Pbx(), LegBook()
        for name in ("caller", "agent"):
            self.book.add(Leg(name, name == "caller", state="up", recording=True))
        client = cast(AriClient, self.pbx)
        silence = SilenceKeeper(client)
        prompts = Prompts(client, self.book, FastClock(1.0), silence)
        self.bridges = Bridges(client, self.book, prompts, silence)
        self.file = str(folder / "words.wav")
        write_wav(Path(self.file), tone(440.0))

    async def announcing(self) -> asyncio.Task[Any]:
        """The caller is on hold and hears words."""
        await self.bridges.hold("caller", "calm")
        playing = asyncio.create_task(self.bridges.announce("caller", [self.file, self.file]))
        await until(self.playing)
        return playing

    def playing(self) -> bool:
        """Whether the PBX was asked to play."""
        return any(asked.startswith("POST channels/caller ") for asked in self.pbx.asked)

    def end_of_file(self) -> None:
        """The PBX says that the file is over."""
        for play in self.book.need("caller").plays:
            play.finish("completed")


async def test_a_pick_up_ends_the_words_before_it_waits_for_any_answer(tmp_path: Path) -> None:
    floor = Floor(tmp_path)
    playing = await floor.announcing()
    floor.pbx.asked.clear()
    connecting = asyncio.create_task(floor.bridges.connect("talk", ["caller", "agent"]))
    await asyncio.sleep(0.005)  # nothing was answered yet
    assert floor.pbx.asked[0] == "DELETE channels/caller/moh "
    assert floor.pbx.asked[1].startswith("DELETE playbacks/")
    assert floor.pbx.asked[-1] == "POST bridges/talk/addChannel "
    floor.end_of_file()
    await connecting
    assert (await playing).state == "interrupted"
    assert not [asked for asked in floor.pbx.asked if "moh" in asked and asked[0] == "P"]
    assert not [asked for asked in floor.pbx.asked if "silence" in asked], "it would be heard"


async def test_music_is_begun_again_after_words(tmp_path: Path) -> None:
    floor = Floor(tmp_path)
    playing = await floor.announcing()
    floor.end_of_file()
    await asyncio.sleep(0.03)
    floor.end_of_file()
    assert (await playing).state == "completed"
    assert floor.pbx.asked[-1] == "POST channels/caller/moh calm"


async def test_a_pick_up_in_vain_gives_the_music_back(tmp_path: Path) -> None:
    floor = Floor(tmp_path)
    await floor.bridges.hold("caller", "calm")
    floor.pbx.full = True
    with pytest.raises(CallwrightError):
        await floor.bridges.connect("talk", ["caller", "agent"])
    assert floor.pbx.asked[-1] == "POST channels/caller/moh calm"
    caller = floor.book.need("caller")
    assert (caller.bridge, caller.on_hold) == (None, True)
    assert (await floor.bridges.announce("agent", [floor.file])).state == "interrupted"
