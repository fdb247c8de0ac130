"""The live list of calls and the page of one call."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.e2e.console import stub_data as data
from tests.e2e.console.conftest import OpenPage
from tests.e2e.console.stub_platform import Stub


async def test_the_list_shows_states_reasons_tiers_and_tickets(open_page: OpenPage) -> None:
    page = await open_page("/calls")
    rows = page.locator("tbody tr")
    await expect(rows).to_have_count(4)
    await expect(rows.nth(0)).to_contain_text("通话中")
    await expect(rows.nth(1)).to_contain_text("钻石会员")
    await expect(rows.nth(1)).to_contain_text("#10001")
    await expect(rows.nth(2)).to_contain_text("未知客户")
    await expect(rows.nth(3)).to_contain_text("排队中挂断")


async def test_searching_filters_as_one_types_and_says_when_nothing_fits(
    open_page: OpenPage, stub: Stub
) -> None:
    page = await open_page("/calls")
    box = page.get_by_label("搜索通话").get_by_role("textbox")
    await box.fill("王建国")
    await expect(page.locator("tbody tr")).to_have_count(3)
    await expect(page).to_have_url("/calls?q=%E7%8E%8B%E5%BB%BA%E5%9B%BD")
    await box.fill("没有的词")
    await expect(page.get_by_text("没有符合条件的通话")).to_be_visible()
    await page.get_by_role("button", name="清除筛选").click()
    await expect(page.locator("tbody tr")).to_have_count(4)


async def test_a_state_is_one_click_and_lies_in_the_address(open_page: OpenPage) -> None:
    page = await open_page("/calls")
    await page.get_by_role("button", name="通话中").click()
    await expect(page.locator("tbody tr")).to_have_count(1)
    await expect(page).to_have_url("/calls?state=talking")


async def test_a_new_call_appears_by_itself(open_page: OpenPage, stub: Stub) -> None:
    page = await open_page("/calls")
    await expect(page.locator("tbody tr")).to_have_count(4)
    fresh = data.contact("01900000-0000-7000-8000-000000000009", state="waiting", ended_at=None,
                         started_at="2026-11-22T06:29:00Z", end_reason=None)  # fmt: skip
    await stub.push("contacts", fresh)
    await expect(page.locator("tbody tr").first).to_contain_text("排队")
    await stub.push("contacts", {**fresh, "state": "ended", "end_reason": "abandoned_queue"})
    await expect(page.locator("tbody tr").first).to_contain_text("排队中挂断")


async def test_a_failed_list_offers_to_try_again(open_page: OpenPage, stub: Stub) -> None:
    stub.failing.add("/api/v1/contacts")
    page = await open_page("/calls")
    await expect(page.get_by_role("alert")).to_contain_text("数据库没有响应")
    stub.failing.clear()
    await page.get_by_role("button", name="重试").click()
    await expect(page.locator("tbody tr")).to_have_count(4)


async def _is_at(page: Page, second: str) -> None:
    await expect(page.get_by_role("slider")).to_have_attribute("aria-valuenow", second)


async def test_evidence_jumps_to_its_second_and_the_sentence_lights_up(
    open_page: OpenPage,
) -> None:
    page = await open_page(f"/calls/{data.TALKED}")
    await expect(page.get_by_role("button", name="播放", exact=True)).to_be_enabled()
    await page.get_by_role("button", name="跳到 00:02 听这句").click()
    await expect(page.locator(".turn.on")).to_contain_text("我要退款")
    await expect(page.get_by_role("button", name="暂停")).to_be_visible()
    await expect(page.locator(".turn.on .now")).not_to_be_empty()
    await page.keyboard.press("Escape")


async def test_the_player_obeys_the_keyboard(open_page: OpenPage) -> None:
    page = await open_page(f"/calls/{data.TALKED}")
    await expect(page.get_by_role("button", name="播放", exact=True)).to_be_enabled()
    await page.locator("body").press("l")
    await _is_at(page, "5")
    await page.get_by_role("slider").press("Home")
    await _is_at(page, "0")
    await page.locator("body").press(".")
    await _is_at(page, "2")


async def test_what_is_masked_is_not_in_the_page_until_revealed_and_leaves_again(
    open_page: OpenPage, stub: Stub
) -> None:
    page = await open_page(f"/calls/{data.TALKED}", clock=True)
    sentence = page.locator(".turn", has_text="电话是")
    await expect(sentence).to_contain_text("已打码")
    assert "13912341234" not in await page.content()
    await sentence.get_by_role("button", name="显示 00:06 这句的原文").click()
    await page.get_by_role("button", name="核实身份").click()
    await expect(sentence).to_contain_text(data.FULL_SENTENCE)
    assert stub.revealed == [{"what": "turn", "turn": "t3", "reason": "verify"}]
    await page.clock.run_for(11_000)
    await expect(sentence).not_to_contain_text(data.FULL_SENTENCE)
    assert "13912341234" not in await page.content()


async def test_without_permission_there_is_no_eye(open_page: OpenPage) -> None:
    page = await open_page(f"/calls/{data.TALKED}", user="lin")
    await expect(page.get_by_text("138****5678").first).to_be_visible()
    assert await page.locator(".eye").count() == 0


async def test_the_timeline_is_in_words_and_new_events_stay_readable(open_page: OpenPage) -> None:
    page = await open_page(f"/calls/{data.TALKED}")
    story = page.get_by_role("region", name="经过")
    await expect(story).to_contain_text("进入「售后」排队")
    await expect(story).to_contain_text("林晓：未接听")
    await expect(story).not_to_contain_text("future.thing_happened")
    await story.get_by_role("button", name="另有 1 条系统记录").click()
    await expect(story).to_contain_text("系统记录：future.thing_happened")


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (data.FAILED, ["录音保存失败", "语音识别失败", "没有转写，请听录音后补全"]),
        (data.MISSED, ["没有人接听，因此没有录音", "没有转写", "没有对话，不生成工单"]),
        ("01900000-0000-7000-8000-00000000000f", ["找不到这通电话"]),
    ],
)
async def test_what_is_missing_is_explained(
    open_page: OpenPage, key: str, words: list[str]
) -> None:
    page = await open_page(f"/calls/{key}")
    for text in words:
        await expect(page.get_by_text(text).first).to_be_visible()


async def test_a_running_call_grows_sentence_by_sentence(open_page: OpenPage, stub: Stub) -> None:
    page = await open_page(f"/calls/{data.RUNNING}")
    await expect(page.locator(".turn")).to_have_count(1)
    await stub.push(f"contact:{data.RUNNING}", {"turn": data.TURNS[1]})
    await expect(page.locator(".turn")).to_have_count(2)
    ended = {**(data.page(data.RUNNING) or {}), "state": "ended", "ended_at": data.NOW,
             "end_reason": "completed"}  # fmt: skip
    await stub.push(f"contact:{data.RUNNING}", {"page": ended})
    await expect(page.get_by_text("已完成").first).to_be_visible()
