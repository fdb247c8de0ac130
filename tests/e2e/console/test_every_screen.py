"""Every route in every state: nothing that axe objects to, nothing wider than its window."""

from __future__ import annotations

from itertools import product

import pytest
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from tests.e2e.console import stub_data as data
from tests.e2e.console.conftest import OpenPage, accessibility, overflow
from tests.e2e.console.screens import SCREENS, Screen
from tests.e2e.console.stub_desk import CALL
from tests.e2e.console.stub_platform import COOKIE, Stub

WIDTHS = (720, 1280, 1440, 1920)


async def _show(page: Page, stub: Stub, screen: Screen) -> None:
    """Open the screen and do what leads to its state."""
    stub.let_go()
    stub.call, stub.written.agent = screen.call, screen.agent
    stub.failing, stub.slow = set(screen.failing), set(screen.slow)
    stub.refuse_sockets = False
    stub.sip.said.clear()
    await page.context.clear_cookies()
    site = page.url.split("/", 3)
    if screen.user:
        await page.context.add_cookies(
            [{"name": COOKIE, "value": screen.user, "url": "/".join(site[:3])}]
        )
    await page.set_viewport_size({"width": 1440, "height": 900})
    await page.goto(screen.path)
    await page.wait_for_selector("h1", state="attached")
    for step in screen.do:
        await _do(page, stub, screen, step)
    await page.locator(screen.shows).first.wait_for()


async def _do(page: Page, stub: Stub, screen: Screen, step: str) -> None:
    what, _, with_what = step.partition(" ")
    match what:
        case "press":
            await page.locator(_ready_for(with_what, screen)).first.wait_for()
            await page.keyboard.press(with_what)
            if with_what == "Control+k":
                await page.locator(".palette input").wait_for()
        case "type":
            await page.keyboard.type(with_what)
        case "click":
            await page.locator(with_what).first.click()
        case "ring":
            await stub.sip.until("REGISTER")
            await stub.sip.ring(str((screen.call or {}).get("contact_id", CALL)))
            await page.locator(".call-btn.go").wait_for()
        case "lose":
            await page.locator(".my-state").wait_for()
            stub.refuse_sockets = True
            await stub.drop_sockets()
        case _:
            raise AssertionError(step)


def _ready_for(keys: str, screen: Screen) -> str:
    """What is there once the page obeys these keys."""
    if keys.startswith("Alt+"):
        return ".controls .call-btn"
    if keys == "?":
        return ".my-state"
    return ".party" if screen.call else ".palette-button"


async def _faults(page: Page, widths: tuple[int, ...]) -> list[str]:
    """What axe finds at each width, how far the page sticks out, how many headings it lacks."""
    found: list[str] = []
    for width in WIDTHS:
        over = await overflow(page, width)
        found += [f"{width}: {over} px too wide"] if over > 0 else []
        if width in widths:
            found += [f"{width}: {one}" for one in await accessibility(page)]
    count = await page.locator("h1").count()
    return found if count == 1 else [*found, f"{count} h1"]


async def _look(page: Page, stub: Stub, widths: tuple[int, ...]) -> list[str]:
    """The faults of all screens, each with the name of its screen."""
    page.set_default_timeout(8000)
    wrong: list[str] = []
    for screen in SCREENS:
        try:
            await _show(page, stub, screen)
            found = await _faults(page, widths)
        except PlaywrightError as error:  # the other screens are looked at all the same
            found = [str(error)]
        wrong += [f"{screen.name}: {one}" for one in found]
    stub.let_go()
    return wrong


async def test_every_screen_is_accessible_and_fits(open_page: OpenPage, stub: Stub) -> None:
    page = await open_page("/login", user=None)
    assert await _look(page, stub, (1440,)) == []


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
@pytest.mark.parametrize(
    ("theme", "density"), list(product(("light", "dark"), ("compact", "comfortable")))
)
async def test_every_screen_in_every_look(
    open_page: OpenPage, stub: Stub, language: str, theme: str, density: str
) -> None:
    page = await open_page("/login", user=None, language=language, theme=theme, density=density)
    assert await _look(page, stub, WIDTHS) == []


def test_the_table_names_each_screen_once() -> None:
    names = [screen.name for screen in SCREENS]
    assert len(names) == len(set(names))
    assert {user for screen in SCREENS if (user := screen.user)} <= set(data.USERS)
