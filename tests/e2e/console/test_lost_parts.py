"""The network drops a part of the program, or a newer one is there: nobody faces a blank."""

from __future__ import annotations

from playwright.async_api import Page, Route, expect

from tests.e2e.console.conftest import OpenPage, accessibility

PROGRAM = "**/assets/MissedPage-*.js"


async def lose(page: Page, pattern: str, times: int | None = None) -> None:
    """The next `times` requests (all, if None) are dropped like by a change of the network."""

    async def dropped(route: Route) -> None:
        await route.abort("connectionaborted")

    await page.route(pattern, dropped, times=times)


async def test_the_first_page_is_loaded_again_by_itself(open_page: OpenPage) -> None:
    page = await open_page("/calls", losing=True)
    await lose(page, PROGRAM, times=1)
    await page.goto("/missed")
    await expect(page.get_by_role("heading", name="未接来电")).to_be_visible()
    await expect(page.get_by_role("alert")).to_have_count(0)


async def test_what_does_not_come_at_all_is_not_loaded_for_ever(open_page: OpenPage) -> None:
    page = await open_page("/calls", losing=True)
    await lose(page, PROGRAM)
    await page.goto("/missed")
    await expect(page.get_by_role("alert")).to_contain_text("这个页面没能载入")


async def test_later_the_person_chooses_when_to_load_again(open_page: OpenPage) -> None:
    page = await open_page("/calls", losing=True)
    await lose(page, PROGRAM)
    await page.get_by_role("link", name="未接来电").click()
    said = page.get_by_role("alert")
    await expect(said).to_contain_text("这个页面没能载入")
    await expect(page.get_by_role("heading", name="通话")).to_be_visible()
    await page.unroute_all()
    await said.get_by_role("link", name="重新载入").click()
    await expect(page.get_by_role("heading", name="未接来电")).to_be_visible()
    await expect(said).to_have_count(0)


async def test_a_lost_palette_is_told_too(open_page: OpenPage) -> None:
    page = await open_page("/calls", losing=True)
    await lose(page, "**/assets/CommandPalette-*.js")
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("alert")).to_contain_text("重新载入")
    assert await accessibility(page) == []


async def test_words_stand_where_the_program_did_not_come(open_page: OpenPage) -> None:
    page = await open_page("/calls", losing=True)
    late = page.get_by_text("没有载入完成")
    await expect(late).to_be_hidden()
    await lose(page, "**/assets/index-*.js")
    await page.reload()
    await page.evaluate("document.getAnimations().forEach((one) => one.finish())")
    await expect(late).to_be_in_viewport()
    await page.unroute_all()
    await page.get_by_role("link", name="重新载入").first.click()
    await expect(page.get_by_role("heading", name="通话")).to_be_visible()
    await expect(late).to_be_hidden()
