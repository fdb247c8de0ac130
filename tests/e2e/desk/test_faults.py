"""What a talk outlives: a second tab, a lost live socket, a reload; and a denied microphone."""

from __future__ import annotations

import asyncio
from pathlib import Path

from playwright.async_api import Page, expect

from callwright.integrations.sipphone import Call
from tests.e2e.calls.floor import Floor, floor_of
from tests.e2e.desk.conftest import OpenSeat
from tests.e2e.desk.live_line import LiveLine
from tests.e2e.desk.seat import Seat, desk_browser, open_seat
from tests.e2e.desk.sound import AGENT_VOICE, HEARD, likeness, longest_silence, spoken
from tests.platform_process import PlatformProcess

AGENT = spoken(*AGENT_VOICE)
LOOP_S = 2 * len(AGENT) / 8000  # any stretch of this length holds everything that is said
REJOINED_S = 3.0
NUMBER = "13918372605"
ELSEWHERE = "电话在另一个标签页"
LEG = "window.callwrightPhone?.leg() ?? 'none'"


async def test_a_talk_outlives_tabs_the_live_socket_and_a_reload(
    platform: PlatformProcess, take_seat: OpenSeat
) -> None:
    line = LiveLine()
    async with floor_of(platform) as floor:
        seat = await take_seat("lin.xiao", line=line)
        first, second = seat.page, await seat.tab()
        await second.get_by_role("button", name="在这里接听").click()
        await expect(first.get_by_text(ELSEWHERE)).to_be_visible()
        await second.get_by_text(ELSEWHERE).wait_for(state="hidden")
        caller = await floor.caller(NUMBER, 700, keys="0")
        seat.page = second
        await seat.until_ringing()
        await seat.until("callwrightPhone.ring() > 0.01")
        assert await first.evaluate("callwrightPhone.ring()") < 0.001
        assert "🔔" not in await first.title()
        assert await first.evaluate(LEG) == "none"
        await seat.answer()
        await hears_the_agent(caller.call)
        await taken_over(seat, first, caller.call)
        await second.close()
        await live_socket_lost(seat, line, floor, caller.contact_id, caller.call)
        await reloaded(seat, caller.call)
        await caller.call.hang_up()
        await seat.until_state("wrap", "ready")
        page = await floor.api.wait_finished(caller.contact_id)
        assert (page["end_reason"], len(page["segments"])) == ("completed", 1)
        await seat.page.close()  # gone without a word: nobody may be sent there
        await floor.until_phone("lin.xiao", None)


async def hears_the_agent(call: Call) -> None:
    """What the microphone says arrives at the caller."""
    before = len(call.heard())
    await asyncio.sleep(LOOP_S + 0.5)
    assert likeness(AGENT, call.heard()[before:]) >= HEARD


async def taken_over(seat: Seat, page: Page, call: Call) -> None:
    """In mid-call the phone goes to another tab, and the talk with it."""
    before = len(call.heard())
    await page.get_by_role("button", name="在这里接听").click()
    await expect(seat.page.get_by_text(ELSEWHERE)).to_be_visible()
    seat.page = page
    await seat.until(f"({LEG}) === 'talking'")
    await hears_the_agent(call)
    assert longest_silence(call.heard()[before:]) < REJOINED_S


async def live_socket_lost(
    seat: Seat, line: LiveLine, floor: Floor, contact: str, call: Call
) -> None:
    """The talk goes on, the bar says what is lost; what happened meanwhile is shown afterwards."""
    await line.cut()
    await expect(seat.page.get_by_text("实时连接已中断")).to_be_visible()
    await hears_the_agent(call)
    await floor.api.request("POST", f"/contacts/{contact}/hold", {})
    await asyncio.sleep(0.5)
    await expect(seat.page.get_by_role("button", name="保持")).to_be_visible()
    line.mend()
    await seat.page.get_by_role("button", name="立即连接").click()
    await expect(seat.page.get_by_role("button", name="恢复通话")).to_be_visible()
    await expect(seat.page.get_by_text("实时连接已中断")).to_be_hidden()
    await seat.press("Alt+h")
    await seat.until_state("talking")


async def reloaded(seat: Seat, call: Call) -> None:
    """The caller hears the agent again within three seconds."""
    before = len(call.heard())
    await seat.page.reload()
    await seat.until(f"({LEG}) === 'talking'")
    await hears_the_agent(call)
    assert longest_silence(call.heard()[before:]) < REJOINED_S
    await expect(seat.page.get_by_role("region", name="客户", exact=True)).to_contain_text("刘晓燕")


async def test_a_denied_microphone_names_the_remedy_and_blocks(
    platform: PlatformProcess, tmp_path: Path
) -> None:
    async with desk_browser(tmp_path, "--use-fake-ui-for-media-stream=deny") as browser:
        seat = await open_seat(browser, platform)
        await seat.sign_in("liu.yang")
        await seat.page.get_by_role("button", name="转为就绪").click()
        check = seat.page.get_by_role("dialog")
        await expect(check).to_contain_text("浏览器禁止使用麦克风。点地址栏左侧的图标")
        await expect(check.get_by_role("button", name="就绪")).to_be_disabled()
        assert (await seat.desk())["agent"]["state"] == "offline"
        await seat.close()
