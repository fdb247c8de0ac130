from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.contract.telephony.test_talking import talk
from tests.contract.telephony.world import AGENT_HZ, CALLER_HZ, LOUD, QUIET, World, tone_file

from callwright.integrations.sipphone.hearing import tone_level
from callwright.integrations.sipphone.wav import RATE, read_wav
from callwright.kit.errors import CallwrightError
from callwright.kit.ids import new_id
from callwright.ports.telephony import LegEnded, RecordingFiles

TOLERANCE_S = 0.3


def _level(path: Path, hz: float, start: float, end: float) -> float:
    return tone_level(read_wav(path)[round(start * RATE) : round(end * RATE)], hz)


def _seconds(path: Path) -> float:
    return len(read_wav(path)) / RATE


async def _ended(world: World, leg: str, files: RecordingFiles) -> float:
    """Seconds from the recording's start to the leg's end; its files are final then."""
    return ((await world.until(LegEnded, leg)).at - files.started_at).total_seconds()


async def test_both_directions_are_recorded_apart(world: World) -> None:
    caller, _, _ = await talk(world)
    files = await world.telephony.record_start(caller.leg, str(new_id()))
    await world.pause(2.0)
    await caller.hang_up()
    seconds = await _ended(world, caller.leg, files)
    assert _seconds(files.customer) == pytest.approx(seconds, abs=TOLERANCE_S)
    assert _seconds(files.heard) == pytest.approx(_seconds(files.customer), abs=0.05)
    assert _level(files.customer, CALLER_HZ, 0.5, 1.5) > LOUD
    assert _level(files.customer, AGENT_HZ, 0.5, 1.5) < QUIET
    assert _level(files.heard, AGENT_HZ, 0.5, 1.5) > LOUD
    assert _level(files.heard, CALLER_HZ, 0.5, 1.5) < QUIET


async def test_muted_is_silence_and_the_time_line_stays(world: World) -> None:
    caller, _, _ = await talk(world)
    files = await world.telephony.record_start(caller.leg, str(new_id()))
    await world.pause(1.0)
    await world.telephony.record_mute(caller.leg, True)
    await world.pause(1.5)
    await world.telephony.record_mute(caller.leg, False)
    await world.pause(1.0)
    await caller.hang_up()
    seconds = await _ended(world, caller.leg, files)
    for path, hz in ((files.customer, CALLER_HZ), (files.heard, AGENT_HZ)):
        assert _seconds(path) == pytest.approx(seconds, abs=TOLERANCE_S)
        assert _level(path, hz, 0.2, 0.8) > LOUD
        assert _level(path, hz, 1.3, 2.2) < QUIET
        assert _level(path, hz, 2.8, 3.2) > LOUD


async def test_typing_and_waiting_do_not_shorten_the_time_line(world: World) -> None:
    """While a key is held the caller sends no sound, and in between nothing is played."""
    caller = await world.call_in()
    await world.telephony.answer(caller.leg)
    files = await world.telephony.record_start(caller.leg, str(new_id()))
    prompt = tone_file(world.folder, "card", 0.5)
    gathering = asyncio.ensure_future(
        world.telephony.collect(
            caller.leg,
            [prompt],
            max_digits=8,
            first_timeout_s=5,
            next_timeout_s=5,
            secure=True,
        )
    )
    await world.pause(0.8)
    await caller.press("12345678")
    assert (await world.run(gathering)).digits == "12345678"
    await world.telephony.hold(caller.leg)
    await world.pause(0.5)
    await world.telephony.unhold(caller.leg)
    await caller.press("99")
    await caller.hang_up()
    seconds = await _ended(world, caller.leg, files)
    assert _seconds(files.customer) == pytest.approx(seconds, abs=TOLERANCE_S)
    assert _seconds(files.heard) == pytest.approx(seconds, abs=TOLERANCE_S)


async def test_a_stopped_recording_is_final_while_the_leg_goes_on(world: World) -> None:
    caller, _, _ = await talk(world)
    files = await world.telephony.record_start(caller.leg, str(new_id()))
    await world.pause(1.0)
    await world.telephony.record_stop(caller.leg)
    await world.telephony.record_stop(caller.leg)
    assert _seconds(files.customer) == pytest.approx(1.0, abs=TOLERANCE_S)
    again = await world.telephony.record_start(caller.leg, str(new_id()))
    await world.pause(0.6)
    await caller.hang_up()
    await world.until(LegEnded, caller.leg)
    assert _level(again.customer, CALLER_HZ, 0.2, 0.5) > LOUD


async def test_wrong_orders_are_refused(world: World) -> None:
    caller = await world.call_in()
    await world.telephony.answer(caller.leg)
    with pytest.raises(CallwrightError, match="not_recording"):
        await world.telephony.record_mute(caller.leg, True)
    with pytest.raises(CallwrightError, match="name"):
        await world.telephony.record_start(caller.leg, "a)b,c|rm -rf")
    await world.telephony.record_start(caller.leg, str(new_id()))
    with pytest.raises(CallwrightError, match="recording"):
        await world.telephony.record_start(caller.leg, str(new_id()))
