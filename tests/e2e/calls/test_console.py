"""The console in Chromium on the real platform: a call seen live, then read."""

from __future__ import annotations

import asyncio
import re

from playwright.async_api import Browser, Page, expect
from tests.e2e.calls.playing import demo_script
from tests.platform_process import PlatformProcess

from callwright.cli._call.platform import Platform
from callwright.cli._call.runner import run_script
from callwright.cli._demo.load import password_file

SCRIPT = "price"  # English: its queue is used by no other test at the same time
LIVE_MS = 90_000


async def test_a_call_is_seen_live_and_can_be_read(
    browser: Browser, platform: PlatformProcess
) -> None:
    context = await browser.new_context(base_url=platform.place.url, locale="zh-CN")
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    await sign_in(page, password_file(platform.home).read_text())
    script = demo_script(SCRIPT)
    async with Platform(platform.place) as tool:
        call = asyncio.create_task(run_script(script, tool))
        row = page.locator("tbody tr").first
        await expect(row).to_contain_text("语音导航", timeout=LIVE_MS)
        await row.click()
        await expect(page).to_have_url(re.compile(r"/calls/[0-9a-f-]{36}"))
        words = next(turn.text for turn in script.turns if turn.speaker == "agent").split()[0]
        spoken = page.get_by_text(re.compile(words.strip(",."), re.IGNORECASE)).first
        await expect(spoken).to_be_visible(timeout=LIVE_MS)
        assert not call.done(), "the sentence came while they were talking"
        report = await call
    assert report.ok, report.document
    await expect(page.get_by_text(f"#{report.document['ticket']['no']}").first).to_be_visible()
    await expect(page.get_by_text("终稿")).to_be_visible()
    assert errors == []
    await context.close()


async def sign_in(page: Page, password: str) -> None:
    """As the supervisor of the demo company."""
    await page.goto("/login")
    await page.locator("input[autocomplete=username]").fill("supervisor")
    await page.locator("input[type=password]").fill(password.strip())
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(r"/calls$"))
