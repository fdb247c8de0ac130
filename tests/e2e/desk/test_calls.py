"""Two calls in a row at the real desk: what rings, what is seen, what both sides hear."""

from __future__ import annotations

import asyncio
from pathlib import Path

from playwright.async_api import expect

from callwright.integrations.sipphone import Call
from tests.e2e.calls.floor import Caller, floor_of
from tests.e2e.calls.watching import rows
from tests.e2e.desk.conftest import OpenSeat
from tests.e2e.desk.seat import Seat
from tests.e2e.desk.sound import (
    AGENT_VOICE,
    HEARD,
    OTHER,
    QUIET,
    RATE,
    likeness,
    loudness,
    next_seconds,
    recorded,
    spoken,
)
from tests.platform_process import PlatformProcess

DIAMOND, NEXT = "13701928465", "13918372605"  # 林雪晴, 刘晓燕
AGENT, CUSTOMER = spoken(*AGENT_VOICE), spoken("refund-customer", 8)
NOTE = "客户要周三"
ALERTS = """(() => ({
  sound: callwrightPhone.ring() > 0.01,
  title: document.title.startsWith('🔔'),
  badge: document.querySelector('link[rel=icon]').href.startsWith('data:'),
  notification: callwrightNotes.some((one) => one.shown),
  alert: [...document.querySelectorAll('[role=alert]')].some((one) => one.innerText.includes('F2')),
}))()"""
MARKS = "performance.getEntriesByType('mark').filter((one) => one.name.startsWith('desk:'))"


async def test_two_calls_in_a_row(platform: PlatformProcess, take_seat: OpenSeat) -> None:
    async with floor_of(platform) as floor:
        seat = await take_seat("lin.xiao")
        first = await floor.caller(DIAMOND, 0, keys="0")
        assert await seat.until_ringing() == first.contact_id
        await everything_rings(seat)
        await the_card_is_there(seat)
        await seat.answer()
        await nothing_rings(seat)
        waiting = asyncio.create_task(floor.caller(NEXT, 0, keys="0"))
        await muted_is_silent(seat, first.call)
        await hold_plays_music(seat, first)
        await both_hear(seat, first)
        await keys_arrive(seat, first.call)
        second = await waiting
        await seat.note(NOTE)
        await first.call.hang_up()
        await rings_beside_half_a_sentence(seat, second)
        assert loudness(await next_seconds(second.call, 2)) > QUIET
        await seat.press("Alt+x")
        await seat.until_state("wrap", "ready")
        assert second.call.state == "ended"

        page = await floor.api.wait_finished(first.contact_id)
        await recorded_apart(Path(platform.place.recordings) / f"{page['recording']['path']}.wav")
        query = "select text from contact_note where contact_id = %s"
        assert rows(platform, query, first.contact_id) == [{"text": NOTE + "回电"}]


async def everything_rings(seat: Seat) -> None:
    """Sound, title, badge, notification and alert, together."""
    await seat.until(f"Object.values({ALERTS}).every((on) => on)")
    assert (await seat.page.evaluate("callwrightNotes.at(-1).title")).endswith("来电 林雪晴")


async def nothing_rings(seat: Seat) -> None:
    await seat.until(f"Object.values({ALERTS}).every((on) => !on)")


async def the_card_is_there(seat: Seat) -> None:
    """Name, tier, masked number, an order, the last contact; painted after the ring's event."""
    customer = seat.page.get_by_role("region", name="客户", exact=True)
    for words in ("林雪晴", "钻石", "137****8465", "空气净化器", "刘洋", "催促物流"):
        await expect(customer).to_contain_text(words)
    await seat.until(f"{MARKS}.length === 2")
    marks = await seat.page.evaluate(f"{MARKS}.map((one) => [one.name, one.startTime])")
    assert [name for name, _ in marks] == ["desk:ring", "desk:painted"]
    assert marks[0][1] < marks[1][1]


async def both_hear(seat: Seat, caller: Caller) -> None:
    """Each the other's voice, and nobody the own one."""
    await seat.listen()
    before = len(caller.call.heard())
    await caller.call.say(CUSTOMER)
    await asyncio.sleep(0.5)
    at_caller, at_desk = caller.call.heard()[before:], await seat.heard()
    assert likeness(AGENT, at_caller) >= HEARD
    assert likeness(CUSTOMER, at_desk) >= HEARD
    assert likeness(AGENT, at_desk) < OTHER
    assert likeness(CUSTOMER, at_caller) < OTHER


async def muted_is_silent(seat: Seat, call: Call) -> None:
    await seat.press("Alt+m")
    assert loudness(await next_seconds(call, 2)) < QUIET
    await seat.press("Alt+m")
    assert loudness(await next_seconds(call, 2)) > QUIET


async def hold_plays_music(seat: Seat, caller: Caller) -> None:
    """The caller hears music instead of the agent, the agent nothing; then both again."""
    await seat.press("Alt+h")
    await seat.until_state("hold")
    await seat.listen()
    music, _ = await asyncio.gather(
        next_seconds(caller.call, 3), caller.call.say(CUSTOMER[: RATE * 3])
    )
    assert loudness(music) > QUIET
    assert likeness(AGENT, music) < OTHER
    assert loudness(await seat.heard()) < QUIET
    await seat.press("Alt+h")
    await seat.until_state("talking")


async def keys_arrive(seat: Seat, call: Call) -> None:
    """Typed into the keypad, heard by the caller's phone."""
    await seat.press("Alt+k")
    await seat.page.keyboard.type("158*#")
    assert await asyncio.wait_for(call.sound.wait_keys(5), 30) == "158*#"
    await seat.press("Escape")


async def rings_beside_half_a_sentence(seat: Seat, second: Caller) -> None:
    """The next caller rings while the note of the last one is typed: F2 and the typing goes on."""
    note = seat.page.locator("[data-note] textarea").first
    assert await seat.until_ringing() == second.contact_id
    await expect(note).to_be_focused()
    await expect(note).to_have_value(NOTE)
    await seat.page.keyboard.type("回电")
    await seat.answer()
    await expect(note).to_be_focused()
    await expect(note).to_have_value(NOTE + "回电")
    await nothing_rings(seat)


async def recorded_apart(file: Path) -> None:
    left, right = recorded(file)
    assert likeness(CUSTOMER, left) >= HEARD
    assert likeness(AGENT, right) >= HEARD
    assert likeness(AGENT, left) < OTHER
    assert likeness(CUSTOMER, right) < OTHER
