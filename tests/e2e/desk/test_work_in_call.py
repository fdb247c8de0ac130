"""What an agent does in a call and after it: replies, marked words, the draft, the wrap-up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from playwright.async_api import Browser, Locator, Page, expect

from callwright.cli._demo.load import password_file
from callwright.integrations.sipphone.hearing import correlation
from callwright.integrations.sipphone.wav import read_wav
from tests.e2e.calls.floor import Caller, Floor, bodies, floor_of, trying
from tests.e2e.calls.playing import CALLS
from tests.e2e.calls.watching import rows
from tests.e2e.desk.conftest import OpenSeat
from tests.e2e.desk.overheard import Overheard
from tests.e2e.desk.seat import Seat, open_seat
from tests.e2e.desk.sound import HEARD
from tests.platform_process import ROOT, PlatformProcess

DIAMOND = "13701928465"  # 林雪晴, who has a second number
# Both of hers, and what the caller of the demo call says aloud.
SECRETS = (DIAMOND, "2154837216", "13956781234", "6217583947281938")
REPLY, LETTERS = "S-005", "qsd"  # 请稍等
VOICE = ROOT / "demo" / "voices" / f"{REPLY}.wav"


async def test_a_call_of_a_diamond_customer_who_says_numbers(
    platform: PlatformProcess, take_seat: OpenSeat
) -> None:
    async with floor_of(platform) as floor:
        seat = await take_seat("lin.xiao", ready=False)
        other = await take_seat("chen.yu", ready=False)
        pages = [Overheard(one.page) for one in (seat, other)]
        for page in pages:
            await page.begin()
        await seat.go_ready()
        caller = await floor.caller(DIAMOND, 0, keys="0")
        await other.page.goto(f"/calls/{caller.contact_id}")
        await seat.until_ringing()
        await seat.answer()
        await seat.press("Alt+m")
        await the_number_is_shown_for_a_reason(seat, platform, caller)
        assert await pages[0].leaks(SECRETS), "what is shown is found"
        await nobody_else_may_see_it(other, caller)
        await a_reply_is_sent(seat, caller)
        await a_reply_is_heard(seat, floor, caller)
        await caller.call.say(read_wav(CALLS / "audio" / "spoken-numbers-customer.wav"))
        await the_word_is_marked(seat)
        await expect(number_of(seat)).to_contain_text("137****8465")  # after ten seconds
        for page in pages:
            assert await page.leaks(SECRETS) == []
        await caller.call.hang_up()
        await seat.until_state("wrap")
        await the_wrap_up_is_extended(seat)
        await the_draft_is_there(seat)
        await submitted_once(seat, floor, caller)
        for page in pages:
            assert await page.leaks(SECRETS) == []
            assert {"answer", "live"} <= page.kinds
        assert "sip" in pages[0].kinds


def number_of(seat: Seat) -> Locator:
    """The caller's number on the desk."""
    customer = seat.page.get_by_role("region", name="客户", exact=True)
    return customer.locator(".number").filter(has=seat.page.locator(".eye")).first


async def the_number_is_shown_for_a_reason(
    seat: Seat, platform: PlatformProcess, caller: Caller
) -> None:
    """The eye asks why; the number stands there; who saw it is written down."""
    number = number_of(seat)
    await expect(number).to_contain_text("137****8465")
    await number.locator(".eye").click()
    await seat.page.locator(".why .pop-item").first.click()
    await expect(number).to_contain_text(DIAMOND)
    query = "select login, reason from audit where action = 'reveal.number' and subject = %s"
    seen = rows(platform, query, f"contact:{caller.contact_id}")
    assert seen == [{"login": "lin.xiao", "reason": "verify"}]


async def nobody_else_may_see_it(other: Seat, caller: Caller) -> None:
    """A colleague who looks at the call has no eye, and the platform refuses."""
    path = f"/api/v1/contacts/{caller.contact_id}/reveal"
    await expect(other.page.get_by_text("137****8465").first).to_be_visible()
    await expect(other.page.locator(".eye")).to_have_count(0)
    asked = await other.context.request.post(
        path, data={"what": "number", "reason": "verify"}, headers={"X-Callwright": "1"}
    )
    assert (asked.status, (await asked.json())["code"]) == (403, "not_allowed")


async def a_reply_is_sent(seat: Seat, caller: Caller) -> None:
    """`/`, letters, Enter: one text message to the caller."""
    await seat.press("/")
    await seat.page.keyboard.type(LETTERS)
    await seat.press("Enter")
    await expect(seat.page.locator(".picker .result")).to_contain_text(REPLY)
    path = f"/api/v1/contacts/{caller.contact_id}/messages"
    async for _ in trying("the message being sent"):
        answer = await seat.page.evaluate(f"fetch('{path}').then((answer) => answer.json())")
        if [one["state"] for one in answer["items"]] == ["sent"]:
            break
    [message] = answer["items"]
    assert (message["to"], message["script"]["no"]) == ("137****8465", REPLY)
    assert message["text"].startswith("我查询一下，请您稍等")


async def a_reply_is_heard(seat: Seat, floor: Floor, caller: Caller) -> None:
    """Ctrl+Enter plays the chosen one to the caller."""
    before = len(caller.call.heard())
    await seat.press("Control+Enter")
    await expect(seat.page.locator(".picker .sounding")).to_be_visible()
    await floor.until_event(caller, "script.played")
    [played] = bodies(await floor.page(caller), "script.played")
    assert played["result"] == "completed"
    assert correlation(read_wav(VOICE), caller.call.heard()[before:]).correlation >= HEARD


async def the_word_is_marked(seat: Seat) -> None:
    """Live, while they talk."""
    marked = seat.page.locator(".turn.customer mark", has_text="退款")
    await expect(marked.first).to_be_visible(timeout=60_000)
    await expect(seat.page.locator(".turn.system", has_text="稍等")).to_be_visible()


async def the_draft_is_there(seat: Seat) -> None:
    """Type, department and, of a diamond customer, a high priority."""
    for field in ("问题类型: 退款", "优先级: 高", "处理部门: 售后"):
        await expect(seat.page.get_by_label(field)).to_be_visible()


async def the_wrap_up_is_extended(seat: Seat) -> None:
    """Half a minute more, of which the countdown tells."""
    before = await seat.desk()
    await seat.page.get_by_role("button", name="延长").click()
    await expect(seat.page.get_by_text("后自动就绪")).to_contain_text("0:3")
    after = await seat.desk()
    ends = [datetime.fromisoformat(one["call"]["wrap"]["until"]) for one in (before, after)]
    assert (ends[1] - ends[0]).total_seconds() == 30


async def submitted_once(seat: Seat, floor: Floor, caller: Caller) -> None:
    """Ctrl+Enter, pressed twice: one submission, one ticket, ready again."""
    await seat.page.locator(".chips label").first.click()
    await asyncio.gather(seat.press("Control+Enter"), seat.press("Control+Enter"))
    await seat.until_state("ready")
    page = await floor.api.wait_finished(caller.contact_id)
    assert len(bodies(page, "call.disposed")) == 1
    assert bodies(page, "call.disposed")[0]["by_timer"] is False
    ticket = page["ticket"]
    assert [ticket[name] for name in ("type", "priority", "department")] == ["退款", "high", "售后"]
    query = "select count(*) from ticket where contact_id = %s"
    assert rows(seat.platform, query, caller.contact_id) == [{"count": 1}]


async def test_an_unanswered_ring_goes_on_to_the_next_and_its_agent_rests(
    platform: PlatformProcess, take_seat: OpenSeat, speaking: Browser
) -> None:
    async with floor_of(platform) as floor, ringing_for(platform, "complaints", 3):
        first, second = await asyncio.gather(take_seat("zhao.min"), take_seat("sun.jie"))
        async with supervisor(speaking, platform) as (page, asked):
            caller = await floor.caller("13916060071", 0, keys="3")
            assert await first.until_ringing() == caller.contact_id
            assert await second.until_ringing() == caller.contact_id
            tile = page.locator(".tile", has_text="赵敏")
            await expect(tile).to_contain_text("小休")
            await expect(tile).to_contain_text("未接听")
            assert asked == [], "told by the live socket, not asked for"
            await second.answer()
            mine = (await first.until_state("break"))["agent"]
            assert mine["reason"] == "missed:no_answer"
            await expect(first.page.get_by_text("刚才的来电没有接听")).to_be_visible()
            await expect(first.page.get_by_text("小休 · 未接听")).to_be_visible()
            assert not await first.page.evaluate("callwrightPhone.ring() > 0.01")
            await caller.call.hang_up()
            await second.until_state("wrap")
            await expect(second.page.get_by_text("后自动就绪")).to_be_visible()
            await second.until_state("ready")
        await floor.until_event(caller, "call.disposed")
        page_of_call = await floor.page(caller)
        results = [one["result"] for one in bodies(page_of_call, "offer.closed")]
        assert results == ["no_answer", "accepted"]
        assert [one["by_timer"] for one in bodies(page_of_call, "call.disposed")] == [True]


@asynccontextmanager
async def ringing_for(platform: PlatformProcess, queue: str, seconds: int) -> AsyncIterator[None]:
    """Phones of a queue's agents ring shorter meanwhile."""
    set_ring = "update queue set ring_s = %s where key = %s returning ring_s"
    [before] = rows(platform, "select ring_s from queue where key = %s", queue)
    rows(platform, set_ring, seconds, queue)
    yield
    rows(platform, set_ring, before["ring_s"], queue)


@asynccontextmanager
async def supervisor(
    browser: Browser, platform: PlatformProcess
) -> AsyncIterator[tuple[Page, list[str]]]:
    """The agents' page of somebody who watches, and what it has asked for since it was there."""
    seat = await open_seat(browser, platform)
    password = password_file(platform.home).read_text().strip()
    signed = await seat.context.request.post(
        "/api/v1/session",
        data={"login": "supervisor", "password": password},
        headers={"X-Callwright": "1"},
    )
    assert signed.ok
    await seat.page.goto("/agents")
    await expect(seat.page.locator(".tile", has_text="赵敏")).to_contain_text("就绪")
    asked: list[str] = []
    seat.page.on("request", lambda request: asked.append(request.url))
    yield seat.page, asked
    await seat.close()
