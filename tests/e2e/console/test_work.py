"""Work lists: tickets beside their drawer, customers, as people use them."""

from __future__ import annotations

from playwright.async_api import expect

from tests.e2e.console import stub_data as data
from tests.e2e.console.conftest import OpenPage, accessibility
from tests.e2e.console.stub_platform import Stub
from tests.e2e.console.stub_work import LI


async def test_views_limits_and_a_ticket_lie_in_the_address(open_page: OpenPage) -> None:
    page = await open_page("/tickets", user="lin")
    rows = page.locator("tbody tr")
    await expect(page.get_by_role("heading", name="我的待办")).to_be_visible()
    await expect(rows).to_have_count(2)
    await page.get_by_role("link", name="未分配 1").click()
    await expect(page).to_have_url("/tickets?view=unassigned")
    await expect(rows).to_have_count(1)
    await page.get_by_role("link", name="全部未结").click()
    await page.get_by_label("搜索工单", exact=True).get_by_role("textbox").fill("上门")
    await expect(rows).to_have_count(1)
    await page.get_by_role("link", name="打开工单 10003").click()
    drawer = page.get_by_role("dialog", name="工单 10003")
    await expect(drawer).to_be_focused()
    await expect(drawer.get_by_label("主题")).to_have_value("保修期内上门检查")
    await page.keyboard.press("Escape")
    await expect(drawer).to_be_hidden()
    await expect(page.get_by_role("link", name="打开工单 10003")).to_be_focused()


async def test_what_is_overdue_has_a_view_a_word_and_comes_first(open_page: OpenPage) -> None:
    page = await open_page("/tickets?view=all", user="lin")
    await page.get_by_role("button", name="答复时限").click()
    await expect(page).to_have_url("/tickets?view=all&sort=due")
    await expect(page.get_by_role("columnheader", name="答复时限")).to_have_attribute(
        "aria-sort", "ascending"
    )
    late = page.locator("tbody tr").first
    await expect(late).to_contain_text("#10002")
    await expect(late).to_contain_text("超时")
    await expect(page.locator("tbody tr", has_text="#10000")).not_to_contain_text("超时")
    assert await accessibility(page) == []
    await page.get_by_role("link", name="已超时 1").click()
    await expect(page.locator("tbody tr")).to_have_count(1)
    await page.get_by_role("link", name="打开工单 10002").click()
    await expect(page.get_by_role("dialog", name="工单 10002")).to_contain_text("超时")


async def test_a_colleagues_change_keeps_what_was_typed(open_page: OpenPage, stub: Stub) -> None:
    page = await open_page("/tickets/10001", user="lin")
    drawer = page.get_by_role("dialog")
    await drawer.get_by_label("主题").fill("退款未到账，客户催第二次")
    await drawer.get_by_label("优先级").select_option("urgent")
    stub.work.change(10001, LI, priority="low")
    await drawer.get_by_role("button", name="保存").click()
    told = drawer.get_by_role("alert")
    await expect(told).to_contain_text("李倩刚才")
    await expect(told).to_contain_text("优先级：对方改为「低」，你填的是「紧急」")
    await expect(drawer.get_by_label("主题")).to_have_value("退款未到账，客户催第二次")
    assert await accessibility(page) == []
    await told.get_by_role("button", name="保存我的").click()
    await expect(drawer.get_by_text("已保存")).to_be_visible()
    assert stub.work.one(10001)["priority"] == "urgent"
    assert stub.work.one(10001)["subject"] == "退款未到账，客户催第二次"


async def test_evidence_opens_the_call_at_its_second_and_typed_text_waits(
    open_page: OpenPage, stub: Stub
) -> None:
    page = await open_page("/tickets/10001", user="lin")
    drawer = page.get_by_role("dialog")
    await drawer.get_by_label("备注", exact=True).fill("已联系财务")
    await drawer.get_by_role("link", name="我要退款").click()
    await expect(page.get_by_role("slider")).to_have_attribute("aria-valuenow", "2")
    await page.go_back()
    await expect(drawer.get_by_label("备注", exact=True)).to_have_value("已联系财务")
    await page.get_by_role("button", name="附上备注并解决").click()
    await expect(drawer.get_by_role("button", name="重新打开")).to_be_visible()
    assert stub.work.bodies[-1] == {"text": "已联系财务"}
    await expect(drawer.get_by_text("状态：待处理 → 已解决")).to_be_visible()


async def test_several_tickets_are_solved_at_once_and_put_back(
    open_page: OpenPage, stub: Stub
) -> None:
    page = await open_page("/tickets?view=open", user="lin")
    await page.get_by_label("选择全部").check()
    await expect(page.get_by_text("已选 3 张")).to_be_visible()
    await page.get_by_role("button", name="解决").click()
    await expect(page.get_by_role("status")).to_contain_text("已解决 3 张工单")
    await expect(page.get_by_text("没有未结工单")).to_be_visible()
    await page.get_by_role("button", name="撤销").click()
    await expect(page.locator("tbody tr")).to_have_count(3)
    assert {one["state"] for one in stub.work.tickets if one["no"] != 10000} == {"open"}


async def test_a_missing_ticket_and_a_failing_list_say_so(open_page: OpenPage, stub: Stub) -> None:
    stub.failing.add("/api/v1/tickets")
    page = await open_page("/tickets/99999", user="lin")
    await expect(page.get_by_text("找不到这张工单")).to_be_visible()
    await expect(page.get_by_role("alert")).to_contain_text("数据库没有响应")
    stub.failing.clear()
    await page.get_by_role("button", name="重试").click()
    await expect(page.locator("tbody tr")).to_have_count(2)


async def test_a_customers_story_and_the_audited_number(open_page: OpenPage, stub: Stub) -> None:
    page = await open_page("/customers?q=王")
    await page.get_by_role("link", name="王建国").click()
    story = page.get_by_role("region", name="往来记录")
    await expect(story.get_by_role("listitem")).to_have_count(6)
    await page.get_by_role("button", name="订单").click()
    await expect(story.get_by_role("listitem")).to_have_count(1)
    assert data.FULL_NUMBER not in await page.content()
    await page.get_by_role("button", name="显示完整号码").click()
    await page.get_by_role("button", name="回拨客户").click()
    await expect(page.get_by_text(data.FULL_NUMBER)).to_be_visible()
    assert stub.work.bodies == [{"phone": 0, "reason": "call_back"}]


async def test_every_number_is_dialled_where_it_is_written(open_page: OpenPage, stub: Stub) -> None:
    places: dict[str, dict[str, object]] = {
        "/customers?q=王": {"customer_id": "c1"},
        "/customers/c1": {"customer_id": "c1", "phone": "0"},
        "/calls": {"contact_id": data.TALKED},
        "/missed": {"contact_id": data.MISSED},
        "/tickets/10001": {"ticket_no": 10001},
    }
    page = await open_page("/agents", user="lin")
    for path, whom in places.items():
        await page.goto(path)
        numbers = page.get_by_role("button", name="呼叫 138****5678")
        await numbers.nth(1 if path == "/calls" else 0).click()
        await expect(page.get_by_role("alert").first).to_have_text("没有外线，打不出去")
        assert stub.done[-1] == {"verb": "dial", **whom}, path


async def test_a_missed_caller_is_called_back_or_done(open_page: OpenPage, stub: Stub) -> None:
    page = await open_page("/missed", user="lin")
    rows = page.locator("tbody tr")
    await expect(rows).to_have_count(2)
    await expect(rows.first).to_contain_text("来电 3 次")
    await expect(page.get_by_role("navigation").get_by_text("2 个待回拨")).to_be_attached()
    await expect(rows.nth(1)).to_contain_text("2 次")
    assert await rows.nth(1).get_by_role("button", name="回拨").count() == 0
    await page.get_by_role("button", name="回拨王建国").click()
    await expect(page.get_by_role("alert")).to_have_text("没有外线，打不出去")
    assert stub.done == [{"verb": "dial", "contact_id": data.MISSED}]
    await page.get_by_role("button", name="标记王建国为已处理").click()
    await page.get_by_label("处理说明").fill("已再次来电")
    assert await accessibility(page) == []
    await page.keyboard.press("Enter")
    await expect(rows).to_have_count(1)
    assert stub.work.bodies[-1] == {"text": "已再次来电"}
    await page.get_by_role("button", name="已处理", exact=True).click()
    await expect(rows).to_contain_text(["林晓"])
    await stub.push("missed", stub.work.open_missed())
    await expect(page.get_by_role("navigation").get_by_text("1 个待回拨")).to_be_attached()
