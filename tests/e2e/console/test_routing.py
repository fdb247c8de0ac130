"""The routing page: weights tried in the simulator, published with a reason, rolled back."""

from __future__ import annotations

from playwright.async_api import expect

from tests.e2e.console.conftest import OpenPage, accessibility
from tests.e2e.console.stub_platform import Stub


async def test_a_weight_is_tried_published_and_rolled_back(open_page: OpenPage, stub: Stub) -> None:
    page = await open_page("/routing", user="chief")
    form = page.get_by_role("region", name="草稿")
    await form.get_by_label("钻石会员").fill("5")
    await expect(page.get_by_text("1 处改动")).to_be_visible()
    await form.get_by_role("button", name="开始模拟").click()
    table = page.get_by_role("table", name="现行规则与草稿的对比")
    diamond = table.get_by_role("row").filter(has_text="钻石会员").first
    await expect(diamond).to_contain_text("24.0 s")
    await expect(diamond).to_contain_text("−9.5 s")
    await expect(diamond).to_contain_text("变好")
    await expect(table.get_by_role("row").filter(has_text="全部").first).to_contain_text(
        "看不出差别"
    )
    wish = stub.routing.wishes[0]
    assert wish["draft"]["tier_value"]["diamond"] == 5
    assert wish["draft"]["gate"] == {"primary_level": 3, "share": 0.1, "after_s": 40.0}
    assert (wish["source"], wish["seeds"]) == ({"kind": "week"}, 20)

    await form.get_by_role("button", name="发布").click()
    dialog = page.get_by_role("dialog", name="发布新的分配规则")
    await expect(dialog.get_by_role("row").nth(1)).to_contain_text("tier_value.diamond")
    await expect(dialog.get_by_role("button", name="发布")).to_be_disabled()
    await dialog.get_by_label("为什么改").fill("钻石会员等得太久")
    assert await accessibility(page) == []
    await page.keyboard.press("Enter")
    await expect(form.get_by_text("已发布")).to_be_visible()
    assert stub.routing.versions[0]["reason"] == "钻石会员等得太久"
    assert stub.routing.versions[0]["body"]["tier_value"]["diamond"] == 5

    await form.get_by_role("button", name="退回这一版").click()
    await page.get_by_label("为什么改").fill("没有用")
    await page.keyboard.press("Enter")
    await expect(form.get_by_text("已退回")).to_be_visible()
    assert stub.routing.versions[0]["body"]["tier_value"]["diamond"] == 3.0
    await expect(form.get_by_label("钻石会员")).to_have_value("3")


async def test_a_run_shows_its_progress_and_is_cancelled(open_page: OpenPage, stub: Stub) -> None:
    stub.routing.hold = True
    page = await open_page("/routing", user="boss")
    await page.get_by_role("button", name="开始模拟").click()
    await expect(page.get_by_role("progressbar", name="模拟进度")).to_be_visible()
    await expect(page.get_by_text("正在对比两种规则")).to_be_visible()
    assert stub.routing.wishes[0]["draft"] is None, "nothing was changed: the running one alone"
    await expect(page.get_by_role("button", name="开始模拟")).to_be_disabled()
    await page.get_by_role("button", name="取消").click()
    await expect(page.get_by_text("已取消").first).to_be_visible()
    assert stub.routing.runs[0]["state"] == "cancelled"


async def test_advice_and_staffing_are_told_with_their_doubt(
    open_page: OpenPage, stub: Stub
) -> None:
    page = await open_page("/routing", user="boss")
    for question in ("谁该学什么", "每半小时要几个人"):
        await page.get_by_label(question).check()
    await page.get_by_label("服务水平目标").fill("90")
    await page.get_by_role("button", name="开始模拟").click()
    await expect(page.get_by_text("李倩 售后学到 4 级，接「售后」")).to_be_visible()
    await expect(page.get_by_text("−4.1 s（−5.3 s … −2.9 s）")).to_be_visible()
    staffing = page.get_by_role("table", name="每半小时需要的人数")
    await expect(staffing.get_by_role("row").nth(1)).to_contain_text("09:00")
    assert stub.routing.wishes[0]["target"]["share"] == 0.9
    assert stub.routing.wishes[0]["questions"] == ["comparison", "advice", "staffing"]


async def test_a_field_without_a_number_is_named_and_nothing_runs(
    open_page: OpenPage, stub: Stub
) -> None:
    page = await open_page("/routing", user="boss")
    await page.get_by_label("最长等待保证").fill("")
    await expect(page.get_by_role("alert")).to_contain_text("guarantee_s")
    await expect(page.get_by_role("button", name="开始模拟")).to_be_disabled()
    assert await page.get_by_role("button", name="发布").count() == 0, "a supervisor only tries"
    assert stub.routing.wishes == []
