"""A browser, the built console on a stub platform, and pages that must stay free of errors."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import Browser, BrowserContext, Page

from tests.e2e.console import stub_data
from tests.e2e.console.stub_platform import COOKIE, Stub, stub_app

ROOT = Path(__file__).resolve().parents[3]
STATIC = ROOT / "src" / "callwright" / "static"
AXE = ROOT / "console" / "node_modules" / "axe-core" / "axe.min.js"
LOST = "Failed to fetch dynamically imported module"
OpenPage = Callable[..., Awaitable[Page]]


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sound") / "call.wav"
    file.write_bytes(stub_data.sound())
    return file


@pytest.fixture
def stub(sound: Path) -> Stub:
    return Stub(sound)


@pytest.fixture
async def site(stub: Stub) -> AsyncIterator[str]:
    """The address of the console on its stub platform."""
    if not (STATIC / "index.html").is_file():
        pytest.fail("the console is not built: run python tools/build_console.py")
    port = socket.socket()
    port.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(stub_app(stub, STATIC), log_level="error"))
    serving = asyncio.create_task(server.serve([port]))
    yield f"http://127.0.0.1:{port.getsockname()[1]}"
    await stub.drop_sockets()
    server.should_exit = True
    await serving


@pytest.fixture
async def open_page(browser: Browser, site: str) -> AsyncIterator[OpenPage]:
    """`await open_page(path, user=, language=, theme=)`; faults in the page fail the test.

    `losing`: the test takes parts of the program away, and that is no fault of the page.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    async def make(
        path: str, *, user: str | None = "boss", language: str = "zh-Hans", theme: str = "light",
        density: str = "compact", clock: bool = False, losing: bool = False,
    ) -> Page:  # fmt: skip
        context = await browser.new_context(
            viewport={"width": 1440, "height": 900}, base_url=site, timezone_id="Asia/Shanghai"
        )
        contexts.append(context)
        if user:
            await context.add_cookies([{"name": COOKIE, "value": user, "url": site}])
        chosen = json.dumps({"language": language, "theme": theme, "density": density})
        key = "callwright.preferences"
        await context.add_init_script(
            f"if (!localStorage.getItem('{key}')) localStorage.setItem('{key}', '{chosen}')"
        )
        page = await context.new_page()
        if clock:
            await page.clock.install(time=stub_data.NOW)
        page.on("pageerror", lambda e: None if losing and LOST in str(e) else errors.append(str(e)))
        page.on("console", lambda said: errors.append(said.text) if _is_fault(said.text) else None)
        await page.goto(path)
        await page.wait_for_selector("h1", state="attached")
        return page

    yield make
    for context in contexts:
        await context.close()
    assert errors == []


def _is_fault(text: str) -> bool:
    """Faults of our own code; that a request was refused is what some tests are about."""
    faults = ("Content Security Policy", "[Vue", "[intlify]", "Uncaught")
    return any(fault in text for fault in faults)


async def accessibility(page: Page) -> list[str]:
    """What axe finds wrong, one line each."""
    await page.evaluate(f"{AXE.read_text('utf-8')};0")
    found = await page.evaluate(
        "axe.run({runOnly: ['wcag2a','wcag2aa','wcag21aa','wcag22aa','best-practice']})"
    )
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]]


async def overflow(page: Page, width: int) -> int:
    """Pixels by which the page is wider than a window of `width`."""
    await page.set_viewport_size({"width": width, "height": 720})
    return int(await page.evaluate("document.documentElement.scrollWidth - innerWidth"))
