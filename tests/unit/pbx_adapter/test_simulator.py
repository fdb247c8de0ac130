"""The simulator's own controls, and that it is fit for a day's traffic."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from callwright.integrations.pbx.simulator import PhoneBehaviour, SimulatedTelephony
from callwright.kit.clock import VirtualClock
from callwright.kit.errors import CallwrightError
from callwright.kit.ids import new_id
from callwright.ports.telephony import (
    LegAnswered,
    LegArrived,
    LegEnded,
    LegRinging,
    PbxEvent,
)

CALLS, AGENTS, TALK_S, APART_S = 1000, 20, 60.0, 3.0


class Platform:
    """Queues callers for free agents, as simply as can be."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.telephony = SimulatedTelephony(clock)
        self.events: list[PbxEvent] = []
        self.free: asyncio.Queue[str] = asyncio.Queue()
        self.ended: dict[str, asyncio.Event] = {}
        self.answered: dict[str, asyncio.Event] = {}
        self.talks: list[asyncio.Task[None]] = []
        self.done = 0

    async def sink(self, event: PbxEvent) -> None:
        self.events.append(event)
        if isinstance(event, LegArrived):
            self.ended[event.leg] = asyncio.Event()
            self.talks.append(asyncio.ensure_future(self.serve(event.leg)))
        elif isinstance(event, LegAnswered):
            self.answered[event.leg].set()
        elif isinstance(event, LegEnded):
            self.ended[event.leg].set()

    async def serve(self, caller: str) -> None:
        await self.telephony.answer(caller)
        await self.telephony.hold(caller)
        agent = await self.free.get()
        leg, bridge = str(new_id()), str(new_id())
        self.ended[leg], self.answered[leg] = asyncio.Event(), asyncio.Event()
        await self.telephony.ring(
            leg, agent, caller_number="1", caller_name="", headers={}, timeout_s=20
        )
        await self.answered[leg].wait()
        await self.telephony.connect(bridge, [caller, leg])
        await self.ended[leg].wait()
        await self.telephony.hang_up(caller)
        await self.telephony.drop_bridge(bridge)
        self.done += 1
        self.free.put_nowait(agent)


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    made = Platform(VirtualClock(datetime(2026, 3, 2, 1, 0, tzinfo=UTC)))
    await made.telephony.start(made.sink)
    yield made
    await made.telephony.close()


async def test_a_thousand_calls_for_twenty_agents(platform: Platform) -> None:
    simulated, clock = platform.telephony, platform.clock
    for number in range(AGENTS):
        behaviour = PhoneBehaviour(answers_after_s=2.0, hangs_up_after_s=TALK_S)
        simulated.agent(f"agent-{number}", behaviour)
        platform.free.put_nowait(f"agent-{number}")
    for _ in range(CALLS):
        simulated.call_in("13800138000", "4001")
        await clock.advance(APART_S)
    await clock.advance(CALLS * TALK_S)
    assert platform.done == CALLS
    assert simulated.pbx.legs == {}
    assert simulated.pbx.bridges == {}
    kinds = [type(event) for event in platform.events]
    assert [kinds.count(k) for k in (LegArrived, LegRinging, LegAnswered)] == [CALLS] * 3
    assert kinds.count(LegEnded) == 2 * CALLS
    assert clock.next_due is None


async def test_a_phone_behaves_as_told(platform: Platform) -> None:
    simulated, clock = platform.telephony, platform.clock
    simulated.agent("a", PhoneBehaviour(refuses="busy"))
    simulated.agent("b", PhoneBehaviour(reachable=False))
    simulated.agent("c", PhoneBehaviour(answers_after_s=None))
    simulated.agent("d", PhoneBehaviour(answers_after_s=1.0, hangs_up_after_s=5.0))
    for name in "abcd":
        platform.ended[name], platform.answered[name] = asyncio.Event(), asyncio.Event()
        await simulated.ring(
            name, name, caller_number="1", caller_name="", headers={}, timeout_s=20
        )
    await clock.advance(60.0)
    ended = {e.leg: (e.cause, e.sip_code) for e in platform.events if isinstance(e, LegEnded)}
    assert ended == {
        "a": ("busy", 486),
        "b": ("unreachable", 404),
        "c": ("no_answer", 480),
        "d": ("normal", None),
    }


async def test_callers_of_a_platform_that_is_away_arrive_when_it_is_back(
    platform: Platform,
) -> None:
    platform.telephony.go_away()
    stays = platform.telephony.call_in("13800138000", "4001")
    leaves = platform.telephony.call_in("13900139000", "4001")
    platform.telephony.caller_hangs_up(leaves)
    await platform.clock.advance(1.0)
    assert not any(isinstance(event, LegArrived) for event in platform.events)
    platform.telephony.come_back()
    await platform.clock.advance(0)
    arrived = [event.leg for event in platform.events if isinstance(event, LegArrived)]
    assert arrived == [stays]
    for talk in platform.talks:
        talk.cancel()


async def test_nobody_can_call_a_dead_pbx(platform: Platform) -> None:
    platform.telephony.crash()
    with pytest.raises(CallwrightError, match="pbx_unreachable"):
        platform.telephony.call_in("13800138000", "4001")


async def test_a_long_recording_takes_little_room(tmp_path: Path) -> None:
    clock = VirtualClock(datetime(2026, 3, 2, 1, 0, tzinfo=UTC))
    simulated = SimulatedTelephony(clock, folder=tmp_path)
    events: list[PbxEvent] = []

    async def sink(event: PbxEvent) -> None:
        events.append(event)

    await simulated.start(sink)
    leg = simulated.call_in("13800138000", "4001", voice_hz=400.0)
    await simulated.answer(leg)
    files = await simulated.record_start(leg, "long")
    await clock.advance(3600.0)
    simulated.caller_hangs_up(leg)
    size = files.customer.stat()
    assert size.st_size == 44 + 3600 * 16_000
    assert size.st_blocks * 512 < 1_000_000
    await simulated.close()
