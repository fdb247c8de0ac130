from __future__ import annotations

import asyncio

import numpy as np
from tests.contract.telephony.test_talking import talk
from tests.contract.telephony.world import AGENT_HZ, CALLER_HZ, LOUD, QUIET, World

from callwright.ports.telephony import AudioStream, LegEnded

FRAME_BYTES = 640  # 20 ms of 16-bit sound at 16 kHz


async def _take(stream: AudioStream, count: int) -> bytes:
    frames = []
    async for frame in stream:
        frames.append(frame)
        if len(frames) == count:
            break
    return b"".join(frames)


def _level(sound: bytes, hz: float) -> float:
    samples = np.frombuffer(sound, dtype="<i2").astype(np.float64)
    turn = np.exp(-2j * np.pi * hz / 16_000 * np.arange(len(samples)))
    return float(2 * abs(np.dot(samples, turn)) / len(samples))


async def test_a_stream_is_what_that_leg_says_and_nothing_else(world: World) -> None:
    caller, alice, _ = await talk(world)
    of_caller = await world.run(world.telephony.stream(caller.leg))
    of_alice = await world.run(world.telephony.stream(alice.leg))
    assert of_caller.sample_rate == 16_000
    said = await world.run(_take(of_caller, 50))
    said_by_alice = await world.run(_take(of_alice, 50))
    assert len(said) == 50 * FRAME_BYTES
    assert _level(said[FRAME_BYTES * 10 :], CALLER_HZ) > LOUD
    assert _level(said[FRAME_BYTES * 10 :], AGENT_HZ) < QUIET
    assert _level(said_by_alice[FRAME_BYTES * 10 :], AGENT_HZ) > LOUD
    assert _level(said_by_alice[FRAME_BYTES * 10 :], CALLER_HZ) < QUIET
    await of_caller.close()
    await of_alice.close()
    assert await caller.hears(AGENT_HZ) > LOUD


async def test_streams_are_no_legs(world: World) -> None:
    caller, alice, bridge = await talk(world)
    stream = await world.run(world.telephony.stream(caller.leg))
    snapshot = await world.telephony.snapshot()
    assert {leg.leg for leg in snapshot.legs} == {caller.leg, alice.leg}
    assert set(snapshot.bridges) == {bridge}
    assert (await world.telephony.health()).legs == 2
    await stream.close()


async def test_a_stream_ends_with_its_leg(world: World) -> None:
    caller, _, _ = await talk(world)
    stream = await world.run(world.telephony.stream(caller.leg))
    reading = asyncio.ensure_future(_take(stream, 100_000))
    await world.pause(0.3)
    await caller.hang_up()
    await world.until(LegEnded, caller.leg)
    assert len(await world.run(reading)) >= FRAME_BYTES


async def test_the_start_is_the_moment_of_the_first_frame(world: World) -> None:
    caller, _, _ = await talk(world)
    await world.pause(1.0)
    before = (await world.telephony.snapshot()).at
    stream = await world.run(world.telephony.stream(caller.leg))
    after = (await world.telephony.snapshot()).at
    assert before <= stream.started_at <= after
    await stream.close()
