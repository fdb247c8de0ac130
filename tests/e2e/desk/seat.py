"""An agent at the desk: one page of a real browser on the real platform, worked as a person does.

    async with desk_browser(folder) as browser:
        seat = await open_seat(browser, platform)
        await seat.sign_in("lin.xiao")
        await seat.go_ready()
        ...                               # a caller rings: `floor.caller(number, keys="0")`
        await seat.until_ringing()
        await seat.answer()
        await seat.close()

Nothing depends on the language of the page. `seat.faults` collects whatever must not be there.
"""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from playwright.async_api import Browser, BrowserContext, Page, Response, async_playwright, expect

from callwright.cli._call.platform import Platform
from callwright.cli._demo.load import password_file
from callwright.integrations.sipphone.g711 import Pcm
from callwright.integrations.sipphone.wav import write_wav
from tests.browser import SWITCHES, chromium
from tests.e2e.calls.floor import trying
from tests.e2e.desk.sound import AGENT_VOICE, spoken
from tests.platform_process import PlatformProcess

PERMISSIONS = ("microphone", "notifications")
PREFERENCES = "callwright.preferences"
HERE = Path(__file__).parent
EARS, NOTIFICATIONS = HERE / "ears.js", HERE / "notifications.js"
# The browser says so itself of every answer >= 400, which are looked at one by one.
LOADING = "Failed to load resource"
NOBODY_YET = "401 GET /api/v1/session"  # a page asks who is signed in before anybody is
BUSY = ("ringing", "talking", "hold")


@asynccontextmanager
async def desk_browser(folder: Path, *switches: str) -> AsyncIterator[Browser]:
    """A Chromium whose microphone says a sentence of a demo agent, over and over."""
    sound = folder / "microphone.wav"
    write_wav(sound, spoken(*AGENT_VOICE))
    speaking = f"--use-file-for-fake-audio-capture={sound}"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium(), args=[*SWITCHES, speaking, *switches]
        )
        yield browser
        await browser.close()


async def open_seat(
    browser: Browser, platform: PlatformProcess, *, language: str = "zh-Hans",
    theme: str = "light", permissions: tuple[str, ...] = PERMISSIONS, **context: Any,
) -> Seat:  # fmt: skip
    """A chair at the desk, nobody signed in. `context` = more for Playwright's `new_context`."""
    shape = {"viewport": {"width": 1440, "height": 900}, "timezone_id": "Asia/Shanghai"} | context
    made = await browser.new_context(
        base_url=platform.place.url, permissions=list(permissions), **shape
    )
    chosen = json.dumps({"language": language, "theme": theme, "density": "compact"})
    await made.add_init_script(
        f"if (!localStorage.getItem('{PREFERENCES}'))"
        f" localStorage.setItem('{PREFERENCES}', '{chosen}')"
    )
    await made.add_init_script(path=NOTIFICATIONS)
    seat = Seat(platform, made, await made.new_page())
    seat.watch(seat.page)
    return seat


@dataclass
class Seat:
    """One agent's browser. `allowed` = answers >= 400 that a test is about, as `409 POST /path`."""

    platform: PlatformProcess
    context: BrowserContext
    page: Page
    login: str = ""
    faults: list[str] = field(default_factory=list)
    allowed: set[str] = field(default_factory=lambda: {NOBODY_YET})

    def watch(self, page: Page) -> None:
        """Collect a page's faults: broken scripts, refused content, unexpected answers."""
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda said: self._said(said.type, said.text))
        page.on("response", self._answered)

    def _said(self, kind: str, text: str) -> None:
        if kind == "error" and not text.startswith(LOADING):
            self.faults.append(text)

    def _answered(self, response: Response) -> None:
        path = urlsplit(response.url).path
        told = f"{response.status} {response.request.method} {path}"
        if response.status >= 400 and told not in self.allowed:
            self.faults.append(told)

    async def tab(self) -> Page:
        """A second tab of the same browser, at the desk."""
        page = await self.context.new_page()
        self.watch(page)
        await page.goto("/desk")
        await page.locator(".my-state").wait_for()
        return page

    async def sign_in(self, login: str) -> None:
        """Type name and password; the desk is shown."""
        self.login = login
        await self.page.goto("/login")
        await self.page.locator("#login").fill(login)
        await self.page.locator("#password").fill(
            password_file(self.platform.home).read_text().strip()
        )
        await self.page.keyboard.press("Enter")
        await self.page.wait_for_url("**/desk")
        await self.page.locator(".my-state").wait_for()

    async def go_ready(self) -> None:
        """From the menu of one's own state; the first time in a tab through the device check."""
        passed = await self.page.evaluate("sessionStorage.getItem('callwright.phone.checked')")
        await self.page.locator(".my-state").click()
        await self.page.locator(".pop-item.c-ok").click()
        if not passed:
            await self._pass_check()
        await self.until_state("ready")

    async def _pass_check(self) -> None:
        """Test the speaker, say that it was heard, and go on when nothing is red."""
        check = self.page.get_by_role("dialog")
        speaker = check.locator("li").nth(1).get_by_role("button")
        await speaker.nth(0).click()  # play it
        await speaker.nth(1).click()  # it was heard
        await check.locator("footer .primary").click()
        await expect(check).to_be_hidden()

    async def desk(self) -> dict[str, Any]:
        """What the platform says of this desk: `GET /desk`."""
        found: dict[str, Any] = await self.page.evaluate(
            "fetch('/api/v1/desk').then((answer) => answer.json())"
        )
        return found

    async def until_state(self, *states: str) -> dict[str, Any]:
        """Return the desk when the agent is in one of these states."""
        async for _ in trying(f"{self.login} being {' or '.join(states)}"):
            found = await self.desk()
            if found["agent"]["state"] in states:
                return found
        raise AssertionError

    async def until(self, so: str) -> None:
        """Return when an expression is true in the page, whose policy forbids waiting there."""
        async for _ in trying(so):
            if await self.page.evaluate(so):
                return

    async def until_ringing(self) -> str:
        """Return the contact that rings in this browser."""
        await self.until("window.callwrightPhone?.leg() === 'ringing'")
        await self.page.locator(".call-btn.go").wait_for()
        found = await self.until_state("ringing")
        return str(found["call"]["contact_id"])

    async def answer(self) -> None:
        """F2; both hear each other from here."""
        await self.page.keyboard.press("F2")
        await self.until("callwrightPhone.leg() === 'talking'")
        await self.until_state("talking")

    async def press(self, keys: str) -> None:
        """Press a chord, such as `Alt+h`."""
        await self.page.keyboard.press(keys)

    async def note(self, text: str) -> None:
        """Type into the note of the call that is on."""
        notes = self.page.locator("[data-note] textarea")
        await notes.last.wait_for()
        await self.press("Alt+n")
        await expect(notes.last).to_be_focused()
        await self.page.keyboard.type(text)

    async def listen(self) -> None:
        """Begin to keep what the talk in this page sounds like; `heard` gives it."""
        await self.page.evaluate(EARS.read_text("utf-8"))

    async def heard(self) -> Pcm:
        """16-bit samples at 8 kHz since `listen`."""
        text = await self.page.evaluate("callwrightEars()")
        return np.frombuffer(base64.b64decode(text), dtype="<i2")

    async def leave(self) -> None:
        """Hang up what is left of a call and sign the agent off, whatever the page shows."""
        if not self.login:
            return
        async with Platform(self.platform.place) as api:
            async for _ in trying(f"{self.login} being free"):
                listed = await api.request("GET", "/agents")
                me = next(one for one in listed if one["login"] == self.login)
                if me["state"] not in BUSY:
                    break
                if me["state"] != "ringing" and me["contact_id"]:
                    await api.request("POST", f"/contacts/{me['contact_id']}/hang-up", {})
            await api.set_state(self.login, "offline")

    async def close(self) -> None:
        """Leave, close the browser's window, and fail on what went wrong in it."""
        await self.leave()
        await self.context.close()
        assert self.faults == []
