"""Signing in, what a role may see, language and theme, the live connection."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.console import stub_data as data
from tests.e2e.console.conftest import OpenPage, accessibility
from tests.e2e.console.stub_platform import Stub


async def test_signing_in_leads_back_to_the_page_one_came_for(open_page: OpenPage) -> None:
    page = await open_page("/tickets", user=None)
    await expect(page).to_have_url("/login?next=/tickets")
    await page.get_by_role("button", name="登录").click()
    await expect(page.get_by_text("请填写账号")).to_be_visible()
    await page.get_by_label("账号").fill("boss")
    await page.get_by_label("密码", exact=True).fill("wrong-password")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_have_text("账号或密码不对")
    await page.get_by_label("密码", exact=True).fill(data.PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page).to_have_url("/tickets")
    assert await accessibility(page) == []


@pytest.mark.parametrize(("login", "first"), [("lin", "/desk"), ("boss", "/calls")])
async def test_work_begins_at_ones_own_page(open_page: OpenPage, login: str, first: str) -> None:
    page = await open_page("/", user=None)
    await expect(page).to_have_url("/login")
    await page.get_by_label("账号").fill(login)
    await page.get_by_label("密码", exact=True).fill(data.PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(first)
    await page.goto("/")
    await expect(page).to_have_url(first)


async def test_a_foreign_address_is_not_followed_after_signing_in(open_page: OpenPage) -> None:
    page = await open_page("/login?next=//example.org", user=None)
    await page.get_by_label("账号").fill("boss")
    await page.get_by_label("密码", exact=True).fill(data.PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page).to_have_url("/calls")


async def test_a_role_sees_its_own_pages_only(open_page: OpenPage) -> None:
    page = await open_page("/system", user="lin")
    await expect(page).to_have_url("/no-access")
    links = page.get_by_role("navigation").get_by_role("link")
    words = await links.locator(".word").all_inner_texts()
    assert words == ["工作台", "通话", "未接来电", "工单", "客户", "话术", "坐席"]


async def test_signing_out_forgets_the_session(open_page: OpenPage) -> None:
    page = await open_page("/calls")
    await page.get_by_role("button", name="高远 的菜单").click()
    await page.get_by_role("menuitem", name="退出登录").click()
    await expect(page).to_have_url("/login?next=/calls")


async def test_language_and_theme_change_at_once_and_stay(open_page: OpenPage) -> None:
    page = await open_page("/calls")
    await page.get_by_role("button", name="高远 的菜单").click()
    await page.get_by_role("menuitemradio", name="English").click()
    await page.get_by_role("menuitemradio", name="Dark").click()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await page.reload()
    await expect(page.get_by_role("heading", name="Calls")).to_be_visible()
    await expect(page).to_have_title("Calls · Callwright")


async def test_a_lost_connection_is_told_and_mended(open_page: OpenPage, stub: Stub) -> None:
    page = await open_page("/calls")
    await expect(page.get_by_role("button", name="排队 2 人")).to_be_visible()
    stub.refuse_sockets = True
    await stub.drop_sockets()
    await expect(page.get_by_text("实时连接已中断")).to_be_visible()
    stub.refuse_sockets = False
    await page.get_by_role("button", name="立即连接").click()
    await expect(page.get_by_text("实时连接已中断")).to_be_hidden()


async def test_a_refused_change_of_state_is_told_in_words(open_page: OpenPage) -> None:
    page = await open_page("/agents", user="lin")
    await page.get_by_role("button", name="我的状态：就绪").click()
    await page.get_by_role("menuitem", name="用餐").click()
    await expect(page.get_by_role("alert")).to_have_text("当前状态下不能这样做")
