from __future__ import annotations

import asyncio

import pytest
from tests.contract.telephony.test_talking import talk
from tests.contract.telephony.world import (
    AGENT_HZ,
    CALLER_HZ,
    LOUD,
    PROMPT_HZ,
    QUIET,
    World,
    tone_file,
)

from callwright.integrations.sipphone.hearing import tone_level
from callwright.integrations.sipphone.wav import read_wav
from callwright.kit.errors import CallwrightError
from callwright.kit.ids import new_id


async def test_both_hear_it_and_each_other(world: World) -> None:
    caller, alice, bridge = await talk(world)
    script = tone_file(world.folder, "script", 4.0)
    playing = asyncio.ensure_future(world.telephony.play_to_bridge(bridge, script))
    await world.pause(0.3)
    for far_end, other in ((caller, AGENT_HZ), (alice, CALLER_HZ)):
        assert await far_end.hears(PROMPT_HZ) > LOUD
        assert await far_end.hears(other) > LOUD
    snapshot = await world.telephony.snapshot()
    assert set(snapshot.bridges[bridge]) == {caller.leg, alice.leg}
    assert (await world.run(playing)).state == "completed"
    assert await caller.hears(PROMPT_HZ) < QUIET
    assert await caller.hears(AGENT_HZ) > LOUD


async def test_it_is_stopped_within_a_moment_and_may_be_played_again(world: World) -> None:
    caller, _, bridge = await talk(world)
    await world.telephony.stop_bridge_playing(bridge)
    script = tone_file(world.folder, "script", 20.0)
    for _ in range(2):
        playing = asyncio.ensure_future(world.telephony.play_to_bridge(bridge, script))
        await world.pause(0.3)
        assert await caller.hears(PROMPT_HZ) > LOUD
        await world.telephony.stop_bridge_playing(bridge)
        assert (await world.run(playing)).state == "interrupted"
        assert await caller.hears(PROMPT_HZ) < QUIET


async def test_one_at_a_time(world: World) -> None:
    _, _, bridge = await talk(world)
    script = tone_file(world.folder, "script", 20.0)
    playing = asyncio.ensure_future(world.telephony.play_to_bridge(bridge, script))
    await world.pause(0.1)
    with pytest.raises(CallwrightError) as refused:
        await world.telephony.play_to_bridge(bridge, script)
    assert refused.value.code == "wrong_state"
    await world.telephony.stop_bridge_playing(bridge)
    assert (await world.run(playing)).state == "interrupted"


async def test_a_missing_file_fails_with_the_reason(world: World) -> None:
    _, _, bridge = await talk(world)
    missing = str(world.folder / "nowhere.wav")
    result = await world.telephony.play_to_bridge(bridge, missing)
    assert (result.state, missing in result.reason) == ("failed", True)


async def test_a_bridge_that_is_not_there_or_goes(world: World) -> None:
    script = tone_file(world.folder, "script", 20.0)
    result = await world.telephony.play_to_bridge(str(new_id()), script)
    assert result.state == "bridge_gone"
    _, _, bridge = await talk(world)
    playing = asyncio.ensure_future(world.telephony.play_to_bridge(bridge, script))
    await world.pause(0.3)
    await world.telephony.drop_bridge(bridge)
    assert (await world.run(playing)).state == "bridge_gone"


async def test_it_is_recorded_as_heard(world: World) -> None:
    caller, _, bridge = await talk(world)
    files = await world.telephony.record_start(caller.leg, str(new_id()))
    script = tone_file(world.folder, "script", 1.0)
    await world.run(world.telephony.play_to_bridge(bridge, script))
    await world.telephony.record_stop(caller.leg)
    assert tone_level(read_wav(files.heard)[2000:6000], PROMPT_HZ) > LOUD
    assert tone_level(read_wav(files.customer), PROMPT_HZ) < QUIET


async def test_a_lost_connection_ends_the_waiting(world: World) -> None:
    _, _, bridge = await talk(world)
    script = tone_file(world.folder, "script", 20.0)
    playing = asyncio.ensure_future(world.telephony.play_to_bridge(bridge, script))
    await world.pause(0.3)
    await world.cut()
    with pytest.raises(CallwrightError) as lost:
        await world.run(playing)
    assert lost.value.code == "pbx_unreachable"
    await world.mend()
