"""A colleague is asked and gets the call; a blind transfer brings it back; a reload while asked."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import expect

from callwright.integrations.sipphone import Call
from callwright.integrations.sipphone.hearing import tone_level
from tests.e2e.calls.floor import LOUD, Agent, Caller, Floor, floor_of, until
from tests.e2e.desk.conftest import OpenSeat
from tests.e2e.desk.seat import Seat
from tests.e2e.desk.sound import QUIET, loudness, next_seconds
from tests.platform_process import PlatformProcess

NUMBER = "13918372605"
NOTE = "要发票"
CALLER, SECOND, THIRD = 700.0, 1000.0, 1500.0


@pytest.mark.row("1.8", "1.9")
async def test_asked_put_through_and_sent_on(
    platform: PlatformProcess, take_seat: OpenSeat
) -> None:
    """Each new agent hears the caller; the note outlives a reload."""
    async with floor_of(platform) as floor:
        seat = await take_seat("lin.xiao")
        caller = await floor.caller(NUMBER, CALLER, keys="0")
        await seat.until_ringing()
        await seat.answer()
        await seat.note(NOTE)
        second = await floor.agent("chen.yu", SECOND)
        third = await floor.agent("liu.yang", THIRD)
        await attended(seat, caller, second)
        await asked_and_reloaded(floor, seat, caller, second)
        await blind(seat, caller, third)
        await caller.call.hang_up()
        page = await floor.api.wait_finished(caller.contact_id)
        logins = [part["agent"] for part in page["segments"]]
        assert logins == ["lin.xiao", "chen.yu", "lin.xiao", "liu.yang"]


async def attended(seat: Seat, caller: Caller, second: Agent) -> None:
    """While they confer the caller hears music; put through, those two hear each other."""
    await choose(seat, "咨询", "Alt+c", "陈宇")
    await until("the colleague's phone", lambda: bool(second.taken))
    assert second.call.header("X-Callwright") == "consult"
    await expect(seat.page.get_by_text("咨询 陈宇").first).to_be_visible()
    at_caller, at_second = await asyncio.gather(level_at(caller.call), level_at(second.call))
    assert at_caller > QUIET, "no music"
    assert at_second > QUIET, "the colleague does not hear the agent"
    assert not await hum(caller.call, SECOND)
    await seat.page.get_by_role("button", name="完成转接").click()
    await seat.until_state("wrap", "ready")
    assert await hum(caller.call, SECOND)
    assert await hum(second.call, CALLER)


async def asked_and_reloaded(floor: Floor, seat: Seat, caller: Caller, second: Agent) -> None:
    """The colleague asks back: the browser rings, a reload joins again, the call comes back."""
    await seat.until_state("ready")
    path = f"/contacts/{caller.contact_id}"
    body = {"to": {"kind": "agent", "value": "lin.xiao"}, "note": "还要发票"}
    await floor.api.request("POST", f"{path}/consult", body)
    assert await seat.until_ringing() == caller.contact_id
    await expect(seat.page.get_by_text("还要发票").first).to_be_visible()
    await seat.answer()
    assert await level_at(second.call) > QUIET
    await seat.page.reload()
    await seat.until("window.callwrightPhone?.leg() === 'talking'")
    assert await level_at(second.call) > QUIET
    await floor.api.request("POST", f"{path}/consult/complete", {})
    await floor.until_state("chen.yu", "wrap", "ready")
    assert await level_at(caller.call) > QUIET
    note = seat.page.locator("[data-note] textarea").first
    await expect(note).to_have_value(NOTE)


async def blind(seat: Seat, caller: Caller, third: Agent) -> None:
    """Sent on without waiting."""
    await choose(seat, "转接", "Alt+t", "刘洋")
    await until("the third phone", lambda: bool(third.taken))
    assert third.call.header("X-Callwright") == "offer"
    await seat.until_state("wrap", "ready")
    assert await hum(caller.call, THIRD)
    assert await hum(third.call, CALLER)


async def choose(seat: Seat, purpose: str, keys: str, name: str) -> None:
    """Somebody in the picker of transfer or consult."""
    await seat.page.get_by_role("button", name=purpose, exact=True).wait_for()
    await seat.press(keys)
    await seat.page.get_by_role("combobox", name="姓名、部门、队列或号码").fill(name)
    found = seat.page.locator(".target-picker").get_by_role("option")
    await expect(found).to_have_count(1)
    await expect(found).to_contain_text(name)
    await seat.press("Enter")


async def level_at(call: Call) -> float:
    """How loud the next two seconds are."""
    return loudness(await next_seconds(call, 2))


async def hum(call: Call, hertz: float) -> bool:
    """Whether a tone is in what is heard now."""
    return tone_level(await next_seconds(call, 1), hertz) > LOUD / 2
