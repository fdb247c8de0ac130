"""The camera of tools/screenshots.py: a browser with a full Chinese font, small picture files."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

import browser as browser_setup

FOLDER = Path(__file__).resolve().parent.parent / ".cache" / "pictures"
FONT_PACKAGE = "fonts-noto-cjk"  # has a bold face, unlike the font of the tests
QUALITY = 88
SETTLE_MS = 350
UNFOCUS = "document.activeElement.matches('button') && document.activeElement.blur()"


@dataclass
class Camera:
    """Photographs one page into one language's folder."""

    page: Page
    folder: Path

    async def take(self, name: str) -> None:
        """Wait until the page is at rest, then write one picture."""
        await self.page.mouse.move(720, 2)
        await self.page.evaluate(
            "document.activeElement.matches('button') && document.activeElement.blur()"
        )
        await self.page.wait_for_timeout(SETTLE_MS)
        session = await self.page.context.new_cdp_session(self.page)
        shot = await session.send(
            "Page.captureScreenshot", {"format": "webp", "quality": QUALITY, "fromSurface": True}
        )
        await session.detach()
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{name}.webp").write_bytes(base64.b64decode(shot["data"]))
        print(f"{self.folder.name}/{name}", flush=True)

    async def go(self, path: str, shows: str) -> None:
        """Open a page as its menu does, and wait for what it shows."""
        await self.page.goto(path)
        await self.page.locator(shows).first.wait_for()


@asynccontextmanager
async def photographer(locale: str, switches: Sequence[str]) -> AsyncIterator[Browser]:
    """A Chromium with a full Chinese font, its own words in the language of the pictures."""
    launcher = browser_setup.prepare(FOLDER, FONT_PACKAGE)
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(
            executable_path=str(launcher), args=[*switches, f"--lang={locale}"]
        )
        yield started
        await started.close()
