"""Hold, consult, conference, transfer and calls out on the real PBX: who hears whom, by tone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from tests.e2e.calls.books import faults_in
from tests.e2e.calls.floor import (
    LOUD,
    QUIET,
    RATE,
    Agent,
    Caller,
    Floor,
    floor_of,
    trying,
    until,
)
from tests.e2e.calls.watching import rows
from tests.platform_process import PlatformProcess

from callwright.cli._call.platform import Document
from callwright.integrations.sipphone import Call, IncomingCall, Phone
from callwright.integrations.sipphone.g711 import Pcm
from callwright.integrations.sipphone.hearing import tone_level

pytestmark = pytest.mark.timeout(600)
CALLER, FIRST, SECOND, OUTSIDE = 700.0, 440.0, 1000.0, 1500.0
LISTEN_S, SETTLE_S = 0.8, 0.4
OUTSIDE_NUMBER = "13912345678"


class Stage:
    """A caller, two agents and somebody outside, and what they hear of each other."""

    def __init__(self, floor: Floor, outside: Agent) -> None:
        self.floor, self.outside = floor, outside
        self.caller: Caller | None = None

    async def press(self, verb: str, body: Document | None = None) -> Document:
        """What the desk of the call's agent sends."""
        assert self.caller is not None
        path = f"/contacts/{self.caller.contact_id}/{verb}"
        answer: Document = await self.floor.api.request("POST", path, body or {})
        return answer

    async def hear(self, calls: dict[str, Call]) -> dict[str, set[float]]:
        """Name -> tones in the next second of what that phone hears; no sound at all = none."""
        await asyncio.sleep(SETTLE_S)
        before = {name: len(call.heard()) for name, call in calls.items()}
        await asyncio.sleep(LISTEN_S)
        return {name: tones(call.heard()[before[name] :]) for name, call in calls.items()}

    async def state(self) -> str:
        """The contact's state."""
        assert self.caller is not None
        return str((await self.floor.page(self.caller))["state"])


def tones(heard: Pcm) -> set[float]:
    """Which of the four tones are in a piece of sound."""
    if len(heard) < RATE / 4:
        return set()
    return {hz for hz in (CALLER, FIRST, SECOND, OUTSIDE) if tone_level(heard, hz) > LOUD / 2}


@asynccontextmanager
async def stage_of(platform: PlatformProcess) -> AsyncIterator[Stage]:
    """Everybody there; the caller talks with the first agent; all books right at the end."""
    async with floor_of(platform) as floor:
        port = platform.settings.ports.outside
        async with Phone("outside", server=platform.place.sip, port=port) as phone:
            outside = Agent("outside", phone, OUTSIDE)
            answering = asyncio.create_task(outside.work())
            try:
                yield Stage(floor, outside)
            finally:
                answering.cancel()
    assert faults_in(platform) == {}


async def talk(stage: Stage, number: str) -> tuple[Agent, Agent]:
    """A caller talks with the first agent; the second is there too."""
    floor = stage.floor
    first = next((a for a in floor.agents if a.login == "lin.xiao"), None)
    if first is None:
        first = await floor.agent("lin.xiao", FIRST)
    else:
        await floor.until_state("lin.xiao", "ready", "break")
        await floor.api.set_state("lin.xiao", "ready")
    stage.caller = await floor.caller(number, CALLER, keys="0")
    assert await floor.until_talking(stage.caller) is first
    second = next((a for a in floor.agents if a.login == "chen.yu"), None)
    if second is None:
        second = await floor.agent("chen.yu", SECOND)
    else:
        await floor.api.set_state("chen.yu", "ready")
    return first, second


async def new_call(agent: Agent, before: int) -> IncomingCall:
    """The next call that an agent takes."""
    await until(f"a call for {agent.login}", lambda: len(agent.taken) > before)
    return agent.taken[-1]


async def no_channels(stage: Stage) -> None:
    """Every leg is gone, from the PBX and from the books."""
    async for _ in trying("the end of all legs"):
        if not rows(stage.floor.platform, "select id from leg where ended_at is null"):
            break
    for agent in (*stage.floor.agents, stage.outside):
        await until(f"{agent.login}'s phone to be idle", lambda one=agent: not one.phone.calls)  # type: ignore[misc]


@pytest.mark.row("1.8")
async def test_hold_consult_swap_conference_complete(platform: PlatformProcess) -> None:
    """Caller, agent and third party hear by tone whom each state lets them hear."""
    async with stage_of(platform) as stage:
        first, second = await talk(stage, "13311110001")
        assert stage.caller is not None
        caller = stage.caller.call
        await stage.press("hold")
        heard = await stage.hear({"caller": caller, "first": first.call})
        assert heard == {"caller": set(), "first": set()}
        assert abs(caller.heard()[-RATE // 2 :]).mean() > QUIET / 10, "no music"
        await stage.press("resume")
        heard = await stage.hear({"caller": caller, "first": first.call})
        assert heard == {"caller": {FIRST}, "first": {CALLER}}

        before = len(second.taken)
        await stage.press("consult", {"to": {"kind": "agent", "value": "chen.yu"}, "note": "?"})
        third = await new_call(second, before)
        assert third.header("X-Callwright") == "consult"
        everyone: dict[str, Call] = {"caller": caller, "first": first.call, "second": third}
        assert await stage.hear(everyone) == {
            "caller": set(), "first": {SECOND}, "second": {FIRST},
        }  # fmt: skip
        await stage.press("consult/swap")
        assert await stage.hear(everyone) == {
            "caller": {FIRST}, "first": {CALLER}, "second": set(),
        }  # fmt: skip
        await stage.press("consult/conference")
        assert await stage.hear(everyone) == {
            "caller": {FIRST, SECOND}, "first": {CALLER, SECOND}, "second": {CALLER, FIRST},
        }  # fmt: skip
        await stage.press("consult/complete")
        heard = await stage.hear({"caller": caller, "second": third})
        assert heard == {"caller": {SECOND}, "second": {CALLER}}
        assert first.call.state == "ended"

        await stage.press("transfer", {"to": {"kind": "number", "value": OUTSIDE_NUMBER}})
        out = await new_call(stage.outside, 0)
        heard = await stage.hear({"caller": caller, "outside": out})
        assert heard == {"caller": {OUTSIDE}, "outside": {CALLER}}
        await out.hang_up()
        await no_channels(stage)
        page = await stage.floor.api.wait_finished(stage.caller.contact_id)
        assert page["end_reason"] == "completed"
        assert [part["agent"] for part in page["segments"]] == ["lin.xiao", "chen.yu"]


@pytest.mark.row("1.8")
async def test_the_caller_hangs_up_in_each_state_of_a_transfer(platform: PlatformProcess) -> None:
    """On hold, passed on, asking, in conference: the caller leaves and no leg is left."""
    async with stage_of(platform) as stage:
        steps: list[list[tuple[str, Document | None]]] = [
            [("hold", None)],
            [("transfer", {"to": {"kind": "agent", "value": "chen.yu"}})],
            [("consult", {"to": {"kind": "agent", "value": "chen.yu"}})],
            [("consult", {"to": {"kind": "number", "value": OUTSIDE_NUMBER}}),
             ("consult/conference", None)],
        ]  # fmt: skip
        for number, presses in enumerate(steps):
            _, second = await talk(stage, f"1331111010{number}")
            assert stage.caller is not None
            outside = len(stage.outside.taken)
            taken = len(second.taken)
            for verb, body in presses:
                await stage.press(verb, body)
                if "number" in str(body):
                    await new_call(stage.outside, outside)
                    await in_consult(stage, "talking")
                elif "agent" in str(body):
                    await new_call(second, taken)
            await stage.caller.call.hang_up()
            await no_channels(stage)
            await stage.floor.api.wait_finished(stage.caller.contact_id)


async def in_consult(stage: Stage, state: str) -> None:
    """Return when the third party is in a state."""
    query = "select state from consult where closed_at is null"
    async for _ in trying(f"a consult that is {state}"):
        found = rows(stage.floor.platform, query)
        if found and found[0]["state"] == state:
            return


async def test_a_call_out_rings_the_agent_then_the_customer(platform: PlatformProcess) -> None:
    async with stage_of(platform) as stage:
        first = await stage.floor.agent("lin.xiao", FIRST)
        answer = await stage.floor.api.request(
            "POST", "/calls", {"number": OUTSIDE_NUMBER, "agent": "lin.xiao"}
        )
        own = await new_call(first, 0)
        assert own.header("X-Callwright") == "outbound"
        customer = await new_call(stage.outside, 0)
        async for _ in trying("the talk"):
            page = await stage.floor.api.contact(answer["contact_id"])
            if page["state"] == "talking":
                break
        heard = await stage.hear({"agent": own, "customer": customer})
        assert heard == {"agent": {OUTSIDE}, "customer": {FIRST}}
        await customer.hang_up()
        await no_channels(stage)
        page = await stage.floor.api.wait_finished(answer["contact_id"])
        assert (page["end_reason"], page["recording"]["state"]) == ("completed", "saved")
