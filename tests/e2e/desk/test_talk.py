"""One call at the real desk, as both sides hear it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from callwright.integrations.sipphone.g711 import Pcm
from callwright.integrations.sipphone.hearing import correlation
from tests.e2e.calls.floor import Caller, floor_of
from tests.e2e.desk.conftest import OpenSeat
from tests.e2e.desk.seat import Seat
from tests.e2e.desk.sound import AGENT_VOICE, recorded, spoken
from tests.platform_process import PlatformProcess

KNOWN = "+8613816527394"
HEARD, OTHER = 0.5, 0.3


async def test_both_sides_hear_each_other_and_are_recorded_apart(
    platform: PlatformProcess, take_seat: OpenSeat
) -> None:
    agent, customer = spoken(*AGENT_VOICE), spoken("refund-customer", 8)
    async with floor_of(platform) as floor:
        seat = await take_seat("lin.xiao")
        caller = await floor.caller(KNOWN, 0, keys="0")
        assert await seat.until_ringing() == caller.contact_id
        await seat.answer()
        await seat.listen()
        at_caller, at_desk = await talk(seat, caller, customer)
        assert correlation(agent, at_caller).correlation >= HEARD
        assert correlation(customer, at_desk).correlation >= HEARD
        assert correlation(agent, at_desk).correlation < OTHER
        assert correlation(customer, at_caller).correlation < OTHER
        await caller.call.hang_up()
        page = await floor.api.wait_finished(caller.contact_id)
    path = Path(platform.place.recordings) / f"{page['recording']['path']}.wav"
    left, right = recorded(path)
    assert correlation(customer, left).correlation >= HEARD
    assert correlation(agent, right).correlation >= HEARD
    assert correlation(agent, left).correlation < OTHER
    assert correlation(customer, right).correlation < OTHER


async def talk(seat: Seat, caller: Caller, words: Pcm) -> tuple[Pcm, Pcm]:
    """The customer says something; what both heard meanwhile."""
    before = len(caller.call.heard())
    await caller.call.say(words)
    await asyncio.sleep(1)
    return caller.call.heard()[before:], await seat.heard()
