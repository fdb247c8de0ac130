"""On the real PBX: a reply that an agent plays is heard by the caller and by the agent."""

from __future__ import annotations

import io
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from tests.e2e.calls.floor import Floor, bodies, floor_of, trying
from tests.phones import speech_like
from tests.platform_process import PlatformProcess

from callwright.cli._demo.load import password_file
from callwright.integrations.sipphone.g711 import Pcm
from callwright.integrations.sipphone.hearing import correlation

LOGIN = "lin.xiao"
# None of those whose voices other tests of this platform listen for.
REPLY, TEXT = "S-017", "信息核对无误，我现在为您办理。"
SECONDS = 4.0


@asynccontextmanager
async def browser(platform: PlatformProcess, login: str) -> AsyncIterator[aiohttp.ClientSession]:
    """Somebody of the demo company, signed in."""
    headers = {"X-Callwright": "1"}
    async with aiohttp.ClientSession(platform.place.url, headers=headers) as session:
        body = {"login": login, "password": password_file(platform.home).read_text()}
        assert (await session.post("/api/v1/session", json=body)).status == 200
        yield session


def wav(pcm: Pcm) -> bytes:
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(pcm.tobytes())
    return held.getvalue()


async def give_voice(platform: PlatformProcess, no: str, voice: Pcm) -> str:
    """The manager uploads a recording; the script's id."""
    async with browser(platform, "manager") as manager:
        found = await manager.get("/api/v1/scripts", params={"q": no})
        script = (await found.json())["items"][0]["id"]
        form = aiohttp.FormData()
        form.add_field("file", wav(voice), filename="voice.wav")
        done = await manager.put(f"/api/v1/scripts/{script}/voice", data=form)
        assert done.status == 200, await done.text()
        return str(script)


async def played(floor: Floor, caller: Any, times: int) -> list[dict[str, Any]]:
    """What was played, once it was so often."""
    async for _ in trying("a script to be played"):
        told = bodies(await floor.page(caller), "script.played")
        if len(told) == times:
            return told
    raise AssertionError


async def test_caller_and_agent_hear_the_reply_until_it_is_stopped(
    platform: PlatformProcess,
) -> None:
    voice = speech_like(SECONDS, seed=41)
    script = await give_voice(platform, REPLY, voice)
    async with floor_of(platform) as floor, browser(platform, LOGIN) as desk:
        agent = await floor.agent(LOGIN, 0)
        caller = await floor.caller("13916060001", 0, keys="0")
        await floor.until_talking(caller)
        path = f"/api/v1/contacts/{caller.contact_id}/scripts"
        before = len(caller.call.heard()), len(agent.call.heard())
        begun = await desk.post(f"{path}/{script}/play", json={})
        assert begun.status == 200, await begun.text()
        assert [one["result"] for one in await played(floor, caller, 1)] == ["completed"]
        for call, start in zip((caller.call, agent.call), before, strict=True):
            assert correlation(voice, call.heard()[start:]).correlation >= 0.5
        stranger = speech_like(SECONDS, seed=42)
        assert correlation(stranger, caller.call.heard()[before[0] :]).correlation < 0.5
        assert (await desk.post(f"{path}/{script}/play", json={})).status == 200
        assert (await (await desk.post(f"{path}/stop")).json())["stopped"] is True
        stopped = (await played(floor, caller, 2))[1]
        assert stopped["result"] == "interrupted"
        assert stopped["seconds"] < SECONDS
        page = await floor.page(caller)
        turns = [t for t in page["transcript"]["turns"] if t["speaker"] == "system"]
        assert {turn["text"] for turn in turns} == {TEXT}
        await caller.call.hang_up()
