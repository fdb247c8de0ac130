"""Real calls: numbers, absurd callers, a platform that is away, guessers."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import numpy as np
import pytest
from tests.integration.pbx.lines import RATE_HZ, ari, loudest_hertz, platform, provision, tone
from tests.pbx_server import PbxUnderTest
from tests.unit.pbx.archive import NOW

from callwright.integrations.pbx.config.music import wav_file
from callwright.integrations.pbx.guard import guard_against_guessing
from callwright.integrations.pbx.guesses import BLOCK_AFTER
from callwright.integrations.pbx.logs import LARGEST_BYTES
from callwright.integrations.sipphone import Phone
from callwright.kit.clock import VirtualClock
from callwright.kit.errors import CallwrightError

PATIENCE_S = 30.0


def phone(pbx: PbxUnderTest, user: str = "caller", **options: Any) -> Phone:
    server = (pbx.running.sip_host, pbx.running.sip_port)
    return Phone(user, server=server, laws=("alaw",), **options)


async def event(socket: aiohttp.ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    """The next event of a kind."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            found: dict[str, Any] = await socket.receive_json()
            if found["type"] == kind:
                return found


async def heard_at_least(call: Any, seconds: float) -> np.ndarray:
    async with asyncio.timeout(PATIENCE_S):
        while len(call.heard()) < seconds * RATE_HZ:  # noqa: ASYNC110 (sound comes by itself)
            await asyncio.sleep(0.05)
    return np.asarray(call.heard())


@pytest.mark.parametrize("number", ["95500", "+862155550000", "1", "*42", "support", "s2"])
async def test_every_number_reaches_the_platform(pbx: PbxUnderTest, number: str) -> None:
    async with platform(pbx.running) as events, phone(pbx, sound=False) as caller:
        call = await caller.start_call(number)
        arrived = await event(events, "StasisStart")
        assert arrived["args"] == ["in", number]
        assert arrived["channel"]["state"] == "Ring"
        await call.hang_up()
        await event(events, "StasisEnd")


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("'\"; DROP TABLE calls; --", "13800138000"),
        ("x" * 500, "1" * 500),
        ("😀🤷 王小明", "123"),
        ("${SHELL(id)},)(|&", "${EXTEN}"),
        ("", ""),
    ],
    ids=["quotes", "long", "emoji", "dialplan", "empty"],
)
async def test_absurd_caller_ids_arrive_and_break_nothing(
    pbx: PbxUnderTest, name: str, number: str
) -> None:
    async with platform(pbx.running) as events, phone(pbx, sound=False) as caller:
        call = await caller.start_call("95500", from_name=name, from_number=number)
        arrived = await event(events, "StasisStart")
        assert arrived["args"] == ["in", "95500"]
        if len(name) < 80:
            assert arrived["channel"]["caller"]["name"].replace("\\", "") == name  # kept escapes
        await call.hang_up()
        await event(events, "StasisEnd")


async def test_commas_in_the_dialled_number_add_no_arguments(pbx: PbxUnderTest) -> None:
    async with platform(pbx.running) as events, phone(pbx, sound=False) as caller:
        call = await caller.start_call("955,agent,${EXTEN}")
        arrived = await event(events, "StasisStart")
        assert arrived["args"] == ["in", "955agentEXTEN"]
        await call.hang_up()


async def test_caller_waits_while_the_platform_is_away_and_is_handed_over(
    own_pbx: PbxUnderTest,
) -> None:
    prompt = own_pbx.paths.prompts / "away.wav"
    prompt.write_bytes(wav_file(tone(1000, 2.0) / 32768))
    async with phone(own_pbx) as caller:
        call = await caller.call("95500")
        sound = await heard_at_least(call, 1.5)
        assert loudest_hertz(sound[RATE_HZ // 2 : RATE_HZ * 3 // 2]) == pytest.approx(1000, abs=5)
        music = (await heard_at_least(call, 6.0))[4 * RATE_HZ : 5 * RATE_HZ]
        assert np.sqrt((music.astype(float) ** 2).mean()) > 100
        assert loudest_hertz(music) < 900
        async with platform(own_pbx.running) as events:
            arrived = await event(events, "StasisStart")
            assert arrived["args"] == ["in", "95500"]
            assert arrived["channel"]["state"] == "Up"
        assert call.state == "talking"
        await call.hang_up()


async def test_without_a_recorded_prompt_there_is_a_tone(own_pbx: PbxUnderTest) -> None:
    async with phone(own_pbx) as caller:
        call = await caller.call("95500")
        sound = await heard_at_least(call, 0.9)
        assert loudest_hertz(sound[RATE_HZ // 10 :]) == pytest.approx(450, abs=5)
        await call.hang_up()


async def test_browsers_phones_are_answered_over_websocket(pbx: PbxUnderTest) -> None:
    request = (
        "OPTIONS sip:callwright SIP/2.0\r\nVia: SIP/2.0/WS browser.invalid;branch=z9hG4bK1\r\n"
        "From: <sip:x@callwright>;tag=1\r\nTo: <sip:callwright>\r\nCall-ID: 1\r\n"
        "CSeq: 1 OPTIONS\r\nMax-Forwards: 9\r\nContent-Length: 0\r\n\r\n"
    )
    address = f"http://127.0.0.1:{pbx.settings.ports.pbx_http}/ws"
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(address, protocols=("sip",)) as socket,
    ):
        await socket.send_str(request)
        assert (await socket.receive_str(timeout=PATIENCE_S)).startswith("SIP/2.0 ")


async def test_caller_in_the_platforms_hands_stays_when_it_dies(pbx: PbxUnderTest) -> None:
    async with phone(pbx, sound=False) as caller:
        async with platform(pbx.running) as events:
            call = await caller.start_call("95500")
            channel = (await event(events, "StasisStart"))["channel"]["id"]
        address = f"{pbx.running.ari_url}/channels/{channel}"
        async with ari(pbx.running) as session, session.get(address) as answer:
            assert (await answer.json())["state"] == "Ring"
        await call.hang_up()


async def test_agent_needs_the_password(pbx: PbxUnderTest) -> None:
    running = pbx.running
    auth = {"auth_type": "digest", "username": "agent-9", "password": "long and secret"}
    endpoint = {"auth": "agent-9", "aors": "agent-9", "context": "from-agent", "allow": "alaw"}
    async with ari(running) as session:
        await provision(session, running, "auth/agent-9", auth)
        await provision(session, running, "aor/agent-9", {"max_contacts": "1"})
        await provision(session, running, "endpoint/agent-9", endpoint)
    async with phone(pbx, "agent-9", password="wrong") as intruder:
        with pytest.raises(CallwrightError):
            await intruder.call("600")
    async with phone(pbx, "agent-9", password="long and secret") as agent:
        echo = await agent.call("600")
        echo.behind(tone(700, 1.0))
        sound = await heard_at_least(echo, 2.0)
        assert loudest_hertz(sound[RATE_HZ : 2 * RATE_HZ]) == pytest.approx(700, abs=5)
        await echo.hang_up()


async def test_strangers_are_refused_and_guessers_blocked(own_pbx: PbxUnderTest) -> None:
    guard = asyncio.create_task(guard_against_guessing(own_pbx.server))
    stati = []
    async with phone(own_pbx, "stranger", host="127.0.0.2", sound=False) as stranger:
        async with asyncio.timeout(PATIENCE_S):
            while 403 not in stati:
                with pytest.raises(CallwrightError) as caught:
                    await stranger.call("95500")
                stati.append(caught.value.params["status"])
    guard.cancel()
    assert set(stati[:-1]) == {401}
    assert len(stati) > BLOCK_AFTER
    async with platform(own_pbx.running) as events, phone(own_pbx, sound=False) as caller:
        call = await caller.start_call("95500")
        assert await event(events, "StasisStart")
        await call.hang_up()


async def test_full_log_is_put_aside(own_pbx: PbxUnderTest) -> None:
    with (own_pbx.paths.log / "security.log").open("r+b") as full:
        full.truncate(LARGEST_BYTES + 1)
    clock = VirtualClock(NOW)
    watching = asyncio.create_task(guard_against_guessing(own_pbx.server, clock))
    aside = own_pbx.paths.log / "security.log.0"
    async with asyncio.timeout(PATIENCE_S):
        while not aside.exists():
            await asyncio.sleep(0.05)
            await clock.advance(31)
    watching.cancel()
    assert aside.stat().st_size > LARGEST_BYTES
