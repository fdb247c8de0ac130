"""The library of ready replies: written, brought in from a file, seen in versions."""

from __future__ import annotations

from playwright.async_api import expect

from tests.e2e.console.conftest import OpenPage, accessibility
from tests.e2e.console.stub_platform import Stub


async def test_a_reply_is_written_saved_and_handed_in(open_page: OpenPage, stub: Stub) -> None:
    page = await open_page("/scripts?group=%E9%80%80%E6%AC%BE")
    await page.get_by_role("button", name="新建").click()
    drawer = page.get_by_role("dialog", name="新话术")
    await drawer.get_by_label("标题").fill("退款金额")
    await drawer.get_by_label("正文").fill("退款金额为 。")
    await drawer.get_by_label("正文").press("End")
    await page.keyboard.press("ArrowLeft")
    await drawer.get_by_role("button", name="金额").click()
    await expect(drawer.get_by_label("正文")).to_have_value("退款金额为 {amount}。")
    await expect(drawer.get_by_label("预览")).to_contain_text("退款金额为 1899.50。")
    await page.keyboard.type("{nmae}")
    await expect(drawer.get_by_role("alert")).to_contain_text("没有这样的变量：{nmae}")
    await drawer.get_by_label("失效日期").fill("2026-12-31")
    await page.keyboard.press("Control+Enter")
    await expect(page).to_have_url("/scripts/s99?group=%E9%80%80%E6%AC%BE")
    made = stub.scripts.one("s99")
    assert (made["group"], made["valid_until"]) == ("退款", "2026-12-31T16:00:00.000Z")
    await page.get_by_role("button", name="提交审批").click()
    await expect(page.get_by_role("dialog").get_by_text("待审批")).to_be_visible()


async def test_versions_show_what_they_changed_and_a_clash_loses_nothing(
    open_page: OpenPage, stub: Stub
) -> None:
    page = await open_page("/scripts/s17")
    drawer = page.get_by_role("dialog")
    await drawer.get_by_role("button", name="版本").click()
    await expect(drawer.locator("ins")).to_contain_text(["在 1 到 3 个工作日内"])
    await drawer.get_by_role("button", name="内容").click()
    stub.scripts.one("s17").update(version=2, text="别人写的。", author="li")
    await drawer.get_by_label("正文").fill("我写的。")
    await drawer.get_by_role("button", name="保存").click()
    await expect(drawer.get_by_role("alert")).to_contain_text("li 刚才保存了第 2 版")
    await expect(drawer.get_by_label("正文")).to_have_value("我写的。")
    assert await accessibility(page) == []
    await drawer.get_by_role("button", name="保存我的").click()
    await expect(drawer.get_by_text("已保存")).to_be_visible()
    assert stub.scripts.one("s17")["text"] == "我写的。"


async def test_a_file_is_looked_through_before_it_is_taken_in(
    open_page: OpenPage, stub: Stub
) -> None:
    page = await open_page("/scripts")
    await page.get_by_role("button", name="导入").click()
    dialog = page.get_by_role("dialog", name="导入话术")
    box = dialog.get_by_label("选择文件")
    await box.set_input_files({"name": "x.exe", "mimeType": "text/plain", "buffer": b"MZ"})
    await expect(dialog.get_by_role("alert")).to_contain_text("not CSV or YAML")
    box = dialog.locator("input[type=file]")
    await box.set_input_files({"name": "new.csv", "mimeType": "text/csv", "buffer": b"a,b"})
    row = dialog.get_by_role("row").nth(1)
    await expect(row).to_contain_text("4正文没有这样的变量：nmae")
    assert await accessibility(page) == []
    await dialog.get_by_role("button", name="导入 3 条").click()
    await expect(dialog.get_by_text("导入完毕")).to_be_visible()
    assert stub.scripts.imported == [("x.exe", True), ("new.csv", True), ("new.csv", False)]


async def test_who_only_reads_finds_no_way_to_change(open_page: OpenPage) -> None:
    page = await open_page("/scripts/s17", user="lin")
    await expect(page.get_by_role("dialog").get_by_label("正文")).to_be_disabled()
    assert await page.get_by_role("button", name="导入").count() == 0
