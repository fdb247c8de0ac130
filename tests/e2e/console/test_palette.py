"""The command palette: by keyboard alone, with Chinese input, and only what can be done now."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.e2e.console import stub_data as data
from tests.e2e.console.conftest import OpenPage, accessibility
from tests.e2e.console.stub_phone import talking
from tests.e2e.console.stub_platform import Stub


async def _typed(page: Page, text: str) -> None:
    """Open the palette and type."""
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("combobox")).to_be_focused()
    await page.keyboard.type(text)


async def test_people_tickets_calls_and_numbers_are_a_few_keys_away(
    open_page: OpenPage, stub: Stub
) -> None:
    page = await open_page("/tickets", user="lin")
    await stub.show("ready", None)
    options = page.get_by_role("option")
    await _typed(page, "王")
    group = page.get_by_role("group", name="客户")
    await expect(group.get_by_role("option")).to_contain_text(["王建国钻石会员 · 138****5678"])
    await expect(options.first).to_have_attribute("aria-selected", "true")
    assert await accessibility(page) == []
    await page.keyboard.press("Enter")
    await expect(page).to_have_url("/customers/c1")
    await _typed(page, "#10001")
    await expect(page.get_by_role("group", name="工单")).to_contain_text("#10001 退款未到账")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url("/tickets/10001")
    await page.keyboard.press("Escape")
    await _typed(page, "139 1234 0000")
    await expect(options.first).to_have_text("呼叫 13912340000")
    await page.keyboard.press("Enter")
    assert await stub.until_done(1) == [{"verb": "dial", "number": "13912340000"}]
    await expect(page.get_by_text("没有外线，打不出去")).to_be_visible()
    await _typed(page, "没有的东西")
    await expect(page.get_by_role("dialog").get_by_role("status")).to_have_text("没有符合的内容")


async def test_half_composed_words_run_nothing_and_typing_goes_on_afterwards(
    open_page: OpenPage,
) -> None:
    page = await open_page("/calls", user="lin")
    box = page.get_by_label("搜索通话").get_by_role("textbox")
    await box.fill("半句")
    await _typed(page, "xt")
    await page.get_by_role("combobox").dispatch_event(
        "keydown", {"key": "Enter", "isComposing": True, "bubbles": True}
    )
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await page.get_by_role("option", name="系统").count() == 0  # not this person's page
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(box).to_be_focused()
    await _typed(page, "yy eng")
    await page.keyboard.press("Enter")
    await expect(page.locator("html")).to_have_attribute("lang", "en")


async def test_states_and_the_phone_offer_what_is_possible(open_page: OpenPage, stub: Stub) -> None:
    stub.states = []
    page = await open_page("/calls", user="lin")
    await stub.show("ready", None)
    await _typed(page, "yc")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="我的状态：小休")).to_be_visible()
    assert stub.states == [{"state": "break", "reason": "meal"}]
    await stub.show("talking", talking())
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("group", name="我的状态")).to_have_count(0)
    await expect(page.get_by_role("group", name="电话").get_by_role("option")).to_have_text(
        ["保持Alt H", "转接Alt T", "咨询Alt C", "拨号盘Alt K", "挂断Alt X"]
    )
    await page.keyboard.press("Enter")
    await stub.until_asked({"verb": "hold"})  # perhaps after the phone took the talk up again
    await _typed(page, "zj")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("combobox", name="姓名、部门、队列或号码")).to_be_focused()
    await page.keyboard.press("Escape")


async def test_a_failing_search_says_so_and_leaves_the_commands(
    open_page: OpenPage, stub: Stub
) -> None:
    stub.failing.add("/api/v1/customers")
    page = await open_page(f"/calls/{data.TALKED}", user="boss", language="en")
    await _typed(page, "sys")
    dialog = page.get_by_role("dialog", name="Search and commands")
    await expect(dialog.get_by_role("status")).to_have_text("The database does not answer")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url("/system")
