"""What waiting callers are told: into the music, and never into a talk."""

from __future__ import annotations

import asyncio

import pytest
from tests.contract.telephony.world import (
    AGENT_HZ,
    LOUD,
    PROMPT_HZ,
    QUIET,
    FarEnd,
    Rung,
    World,
    tone_file,
)

from callwright.kit.errors import CallwrightError
from callwright.kit.ids import new_id
from callwright.ports.telephony import LegAnswered, LegEnded


async def waiting(world: World) -> FarEnd:
    """A caller who hears music."""
    caller = await world.call_in()
    await world.telephony.answer(caller.leg)
    await world.telephony.hold(caller.leg)
    return caller


async def agent(world: World) -> Rung:
    """An agent who has picked up."""
    await world.phone("anna")
    leg = str(new_id())
    await world.telephony.ring(
        leg, "anna", caller_number="1", caller_name="", headers={}, timeout_s=20
    )
    rung = await world.rung("anna", leg)
    await rung.answer()
    await world.until(LegAnswered, leg)
    return rung


async def test_the_music_goes_on_after_an_announcement(world: World) -> None:
    caller = await waiting(world)
    first, second = tone_file(world.folder, "a", 0.3, 500.0), tone_file(world.folder, "b", 1.5)
    playing = asyncio.ensure_future(world.telephony.announce(caller.leg, [first, second]))
    await world.pause(0.5)
    heard, result = await world.listen(caller.hears(PROMPT_HZ), playing)
    assert result.state == "completed"
    assert heard > LOUD
    await world.pause(0.5)
    assert await caller.hears(PROMPT_HZ) < QUIET
    assert await caller.loudness() > QUIET


async def test_an_agent_who_picks_up_ends_it_at_once(world: World) -> None:
    caller, anna = await waiting(world), await agent(world)
    await world.telephony.record_start(caller.leg, "recorded")
    files = [tone_file(world.folder, name, 8.0) for name in ("a", "b")]
    playing = asyncio.ensure_future(world.telephony.announce(caller.leg, files))
    await world.pause(0.4)
    await world.telephony.connect(str(new_id()), [caller.leg, anna.leg])
    assert (await world.run(playing)).state == "interrupted"
    await world.pause(0.3)
    assert await caller.hears(AGENT_HZ) > LOUD
    assert await caller.hears(PROMPT_HZ) < QUIET


async def test_nothing_is_announced_into_a_talk_or_silence(world: World) -> None:
    caller = await world.call_in()
    await world.telephony.answer(caller.leg)
    file = tone_file(world.folder, "a", 1.0)
    assert (await world.telephony.announce(caller.leg, [file])).state == "interrupted"
    anna = await agent(world)
    await world.telephony.hold(caller.leg)
    await world.telephony.connect(str(new_id()), [caller.leg, anna.leg])
    assert (await world.telephony.announce(caller.leg, [file])).state == "interrupted"
    assert await caller.hears(PROMPT_HZ) < QUIET


async def test_the_end_of_the_music_is_the_end_of_the_announcement(world: World) -> None:
    caller = await waiting(world)
    files = [tone_file(world.folder, name, 8.0) for name in ("a", "b")]
    playing = asyncio.ensure_future(world.telephony.announce(caller.leg, files))
    await world.pause(0.4)
    await world.telephony.unhold(caller.leg)
    assert (await world.run(playing)).state == "interrupted"
    await world.pause(0.3)
    assert await caller.loudness() < QUIET


async def test_one_announcement_at_a_time(world: World) -> None:
    caller = await waiting(world)
    file = tone_file(world.folder, "a", 1.0)
    playing = asyncio.ensure_future(world.telephony.announce(caller.leg, [file]))
    await world.pause(0.2)
    assert (await world.telephony.announce(caller.leg, [file])).state == "interrupted"
    assert (await world.run(playing)).state == "completed"


async def test_a_caller_who_left_is_told_nothing(world: World) -> None:
    caller = await waiting(world)
    await caller.hang_up()
    await world.pause(0.5)
    file = tone_file(world.folder, "a", 1.0)
    assert (await world.telephony.announce(caller.leg, [file])).state == "leg_gone"


async def test_a_pick_up_that_comes_to_nothing_leaves_the_music(world: World) -> None:
    caller, anna = await waiting(world), await agent(world)
    await anna.hang_up()
    await world.until(LegEnded, anna.leg)
    with pytest.raises(CallwrightError):
        await world.telephony.connect(str(new_id()), [caller.leg, anna.leg])
    await world.pause(0.5)
    assert await caller.loudness() > QUIET
    file = tone_file(world.folder, "a", 0.5)
    playing = asyncio.ensure_future(world.telephony.announce(caller.leg, [file]))
    assert (await world.run(playing)).state == "completed"
