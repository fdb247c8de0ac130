"""The whole story in the browser: a caller, a reply, a colleague, the draft, a call back."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import orjson
from playwright.async_api import expect

from callwright.integrations.sipphone.wav import read_wav
from tests.e2e.calls.floor import trying
from tests.e2e.calls.playing import CALLS
from tests.e2e.desk.conftest import OpenSeat
from tests.e2e.desk.seat import Seat
from tests.e2e.desk.sound import HEARD, RATE, best_piece
from tests.platform_process import COMMAND, ROOT, PlatformProcess

REFUND = CALLS / "refund.yaml"
CUSTOMER = read_wav(CALLS / "audio" / "refund-customer.wav")[: 6 * RATE]  # the first sentence
NOTE = "热水壶不加热，要退款"


async def test_from_the_first_ring_to_the_call_back(
    platform: PlatformProcess, take_seat: OpenSeat
) -> None:
    async with command(platform, "demo", "phone") as customer_phone:
        assert b"is on" in await asyncio.wait_for(line_of(customer_phone), 30)
        lin = await take_seat("lin.xiao")
        call = ("call", str(REFUND), "--caller-only", "--json")
        async with command(platform, *call) as calling:
            chen = await take_seat("chen.yu", ready=False)
            contact = await lin.until_ringing()
            await lin.answer()
            await chen.go_ready()
            await the_customer_is_heard_and_understood(lin)
            await a_reply_is_played(lin)
            await passed_on(lin, chen, contact)
            await chen.press("Alt+x")
            await chen.until_state("wrap")
            await the_draft_is_accepted(chen)
            await called_back(chen)
            printed, _ = await asyncio.wait_for(calling.communicate(), 120)
        report = orjson.loads(printed)
        assert report["call_id"] == contact
        assert report["ticket"]["type"] == "退款"


async def the_customer_is_heard_and_understood(seat: Seat) -> None:
    await seat.listen()
    await seat.press("Alt+m")  # who speaks without a pause lets nobody answer
    await expect(seat.page.locator(".turn.customer mark", has_text="退款").first).to_be_visible(
        timeout=60_000
    )
    assert best_piece(CUSTOMER, await seat.heard()) >= HEARD


async def a_reply_is_played(seat: Seat) -> None:
    await seat.press("/")
    await seat.page.keyboard.type("qsd")
    await seat.press("Control+Enter")
    sounding = seat.page.locator(".picker .sounding")
    await expect(sounding).to_be_visible()
    await expect(sounding).to_be_hidden(timeout=30_000)


async def passed_on(seat: Seat, colleague: Seat, contact: str) -> None:
    """A blind transfer with a note; the colleague sees who calls and what was noted."""
    await seat.press("Alt+t")
    picker = seat.page.locator(".target-picker")
    await picker.get_by_role("combobox").fill("陈宇")
    await expect(picker.get_by_role("option")).to_have_count(1)
    await picker.locator(".foot input").fill(NOTE)
    await picker.get_by_role("combobox").press("Enter")
    assert await colleague.until_ringing() == contact
    await expect(colleague.page.get_by_text(NOTE).first).to_be_visible()
    await expect(colleague.page.get_by_role("region", name="客户", exact=True)).to_contain_text(
        "黄志强"
    )
    await colleague.answer()


async def the_draft_is_accepted(seat: Seat) -> None:
    await expect(seat.page.get_by_label("问题类型: 退款")).to_be_visible()
    await seat.page.locator(".chips label").first.click()
    await seat.press("Control+Enter")
    await seat.until_state("ready")


async def called_back(seat: Seat) -> None:
    """From the list of calls by one press: the customer answers and is heard."""
    await seat.page.get_by_role("link", name="通话", exact=True).click()
    row = seat.page.locator("tbody tr", has_text="黄志强").first
    await row.locator("button.dial").click()
    await seat.until("callwrightPhone.leg() === 'talking'")
    await seat.listen()
    await seat.press("Alt+m")
    found = await seat.until_state("talking")
    assert found["call"]["direction"] == "out"
    assert found["call"]["card"]["customer"]["name"] == "黄志强"
    async for _ in trying("the customer's voice"):
        if best_piece(CUSTOMER, await seat.heard()) >= HEARD:
            break
    await seat.press("Alt+x")
    await seat.until_state("wrap", "ready")


@asynccontextmanager
async def command(platform: PlatformProcess, *arguments: str) -> AsyncIterator[Process]:
    """`callwright …` while the block runs."""
    process = await asyncio.create_subprocess_exec(
        COMMAND, *arguments, cwd=ROOT, env=platform.environment(), stdout=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def line_of(process: Process) -> bytes:
    """The next line that it prints."""
    assert process.stdout is not None
    return await process.stdout.readline()
