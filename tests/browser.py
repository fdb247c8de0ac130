"""Fixture: one real Chromium for the session; never skipped."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

ROOT = Path(__file__).resolve().parents[1]
LAUNCHER = ROOT / ".cache" / "browser" / "chromium"
SWITCHES = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--autoplay-policy=no-user-gesture-required",
    # A microphone that beeps, allowed without a question.
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
)  # fmt: skip


def chromium() -> str:
    """The browser that tools/browser.py prepared, or the system's."""
    found = str(LAUNCHER) if LAUNCHER.exists() else shutil.which("chromium")
    if found is None:
        pytest.fail("no Chromium: run python tools/browser.py")
    return found


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium(), args=[*SWITCHES])
        yield started
        await started.close()
