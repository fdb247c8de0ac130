"""Takes the documentation's pictures from the running product, in three languages.

    make screenshots

Starts a platform with the demo company in a temporary home. In each language an agent at a real
browser takes a real call; every screen is written to docs/images/LANGUAGE/NAME.webp.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from camera import Camera, photographer
from playwright.async_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser import SWITCHES  # noqa: E402
from tests.e2e.calls.floor import Caller, Floor, floor_of  # noqa: E402
from tests.e2e.desk.seat import Seat, open_seat  # noqa: E402
from tests.platform_process import (  # noqa: E402
    COMMAND,
    MODEL,
    PlatformProcess,
    daytime_zone,
    running_platform,
)

from callwright.cli._call.platform import Document  # noqa: E402
from callwright.cli._call.script import Script, read_script  # noqa: E402
from callwright.cli._call.sound import Line, load_lines  # noqa: E402
from callwright.cli._demo.load import password_file  # noqa: E402
from callwright.integrations.sipphone.wav import write_wav  # noqa: E402

IMAGES = ROOT / "docs" / "images"
CALLS = ROOT / "demo" / "calls"
SPEAKER = Path(__file__).with_name("speaker.js")
SIMULATE = """async (wish) => {
  const headers = { 'content-type': 'application/json', 'X-Callwright': '1' }
  const body = JSON.stringify(wish)
  const made = await fetch('/api/v1/routing/simulations', { method: 'POST', headers, body })
  return (await made.json()).id
}"""
SIMULATED = {
    "source": {"kind": "generated"},
    "draft": {"own_first_s": 300, "guarantee_s": 900, "tier_value": {"diamond": 12, "gold": 4}},
    "questions": ["comparison", "advice", "staffing"],
}
BREATH_S = 0.7  # between two speakers
WRAP_UP_S = 30
WAIT_S = 9.0  # of the caller, so that there is a wait to be seen


@dataclass(frozen=True)
class Story:
    """One language's call: who answers it, whom she asks, what she types."""

    call: str
    login: str
    colleague: str
    reply: str  # into the search of ready replies
    look_for: str  # into the search of customers
    locale: str
    tickets: tuple[tuple[str, str, str], ...]  # of the caller: type, department, subject


STORIES = {
    "zh-Hans": Story("refund", "lin.xiao", "chen.yu", "tk", "王", "zh-CN", (
        ("物流", "物流", "加湿器催件，承诺当天回电"),
        ("维修", "售后", "空气净化器异响，预约检修"))),
    "zh-Hant": Story("logistics", "zhou.ting", "wu.hao", "wl", "林", "zh-TW", (
        ("维修", "售后", "咖啡機漏水，已約檢測"),)),
    "en": Story("english-order-status", "wang.ailing", "xu.jing", "ord", "Daniel", "en-GB", (
        ("退款", "售后", "Washing machine: refund of the delivery fee"),)),
}  # fmt: skip
# What happened before: whole calls of the demo, their own agents at the phone.
EARLIER = ("complaint-12315", "price", "spoken-numbers")
GIVING_UP = ("repair", "thanks-and-buys")
RESTING = ("gao.lei", "liu.yang", "sun.jie", "he.fang", "ma.tao")  # on the floor, on a break


async def say(seat: Seat, line: Line) -> None:
    """The agent speaks into the browser's microphone."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        write_wav(Path(file.name), line.pcm)
        sound = base64.b64encode(Path(file.name).read_bytes()).decode()
    await seat.page.evaluate("(wav) => callwrightSay(wav)", sound)


async def converse(seat: Seat, caller: Caller, lines: list[Line]) -> None:
    """Both in turn, as a demo call has it; its farewells are left out."""
    for line in lines:
        await asyncio.sleep(BREATH_S)
        if line.speaker == "agent":
            await say(seat, line)
        else:
            await caller.call.say(line.pcm)


async def dial(floor: Floor, script: Script) -> Caller:
    """Call the demo's number and go through its menu."""
    caller = await floor.dial(script.caller.number, 0)
    await floor.find(caller)
    await floor.until_event(caller, "menu.entered")
    for key in script.digits:
        await caller.call.press(key.press)
        await asyncio.sleep(1.5)
    await floor.until_event(caller, "call.queued")
    return caller


async def in_a_call(seat: Seat, floor: Floor, story: Story, camera: Camera) -> str:
    """From the queue to the end of the wrap-up; returns the contact."""
    page = seat.page
    script = read_script(CALLS / f"{story.call}.yaml")
    lines = load_lines(script)
    caller = await dial(floor, script)
    await asyncio.sleep(WAIT_S)
    await floor.api.set_state(story.login, "ready")
    contact = await seat.until_ringing()
    await camera.take("desk-ringing")
    await seat.answer()
    await converse(seat, caller, lines[:-3])
    await page.locator(".ticket .foot .tag").first.wait_for()
    speaking = asyncio.create_task(converse(seat, caller, lines[-3:-2]))
    await page.wait_for_timeout(1800)
    await camera.take("desk-talking")
    await speaking
    await seat.press("/")
    await page.keyboard.type(story.reply)
    await page.locator(".picker [role=option]").first.wait_for()
    await page.wait_for_timeout(900)
    await camera.take("desk-replies")
    await page.keyboard.press("Escape")
    await page.evaluate("document.activeElement.blur()")
    await _hold(seat, camera)
    await _ask(seat, floor, story, camera)
    await seat.press("Control+k")
    await page.locator(".palette [role=option]").first.wait_for()
    await camera.take("palette")
    await page.keyboard.press("Escape")
    await converse(seat, caller, lines[-2:])
    await seat.press("Alt+x")
    await seat.until_state("wrap")
    await page.locator(".chip").first.click()
    await page.wait_for_timeout(2500)
    await camera.take("desk-wrap-up")
    await seat.press("Control+Enter")
    await seat.until_state("ready")
    return contact


async def _hold(seat: Seat, camera: Camera) -> None:
    await seat.press("Alt+h")
    await seat.until_state("hold")
    await seat.page.wait_for_timeout(1500)
    await camera.take("desk-hold")
    await seat.press("Alt+h")
    await seat.until_state("talking")


async def _ask(seat: Seat, floor: Floor, story: Story, camera: Camera) -> None:
    """Ask a colleague while the customer waits, and go back."""
    await floor.api.set_state(story.colleague, "ready")
    await seat.press("Alt+c")
    await seat.page.locator(".target").first.wait_for()
    await camera.take("transfer")
    await seat.page.locator(".target .dot.ok").first.click()
    await seat.page.wait_for_timeout(3000)
    await camera.take("desk-consult")
    await seat.page.locator(".controls .call-btn:has(.lucide-user-minus)").click()
    await seat.until_state("talking")


async def lists(seat: Seat, camera: Camera, story: Story, call: Document) -> None:
    """The pages of an agent, with what the call has left behind."""
    page, contact, customer = seat.page, call["id"], call["customer"]["id"]
    ticket = (call["ticket"] or {}).get("no")
    await camera.go("/tickets?view=open", "tbody tr")
    await camera.take("tickets")
    if ticket is not None:
        await camera.go(f"/tickets/{ticket}?view=open", "[role=dialog] .field")
        await camera.take("ticket")
    await camera.go("/missed", "tbody tr, .empty")
    await camera.take("missed")
    await camera.go("/calls", "tbody tr")
    await camera.take("calls")
    await camera.go(f"/calls/{contact}", "[role=slider]")
    await page.wait_for_timeout(2500)
    await camera.take("call")
    await camera.go(f"/customers?q={quote(story.look_for)}", "tbody tr")
    await camera.take("customers")
    await camera.go(f"/customers/{customer}", "main li")
    await camera.take("customer")
    await camera.go("/connection", "main li")
    await seat.until("callwrightSay !== undefined")
    voice = load_lines(read_script(CALLS / f"{story.call}.yaml"))
    for line in voice[:6:2]:
        await say(seat, line)
    await page.wait_for_timeout(3000)
    await camera.take("connection")


async def overseen(browser: Browser, platform: PlatformProcess, language: str) -> None:
    """What a manager or an administrator sees."""
    seen = {"manager": ("scripts", "script", "agents", "routing"), "admin": ("system",)}
    for login, pages in seen.items():
        seat = await open_seat(
            browser, platform, language=language, locale=STORIES[language].locale,
            timezone_id=daytime_zone(),
        )  # fmt: skip
        camera = Camera(seat.page, IMAGES / language)
        await camera.page.goto("/login")
        await sign_in(camera.page, login, password_file(platform.home).read_text().strip())
        for name in pages:
            await _manage(camera, name)
        await seat.context.close()


async def sign_in(page: Page, login: str, password: str) -> None:
    """Type name and password, and wait for the shell."""
    await page.locator("#login").fill(login)
    await page.locator("#password").fill(password)
    await page.keyboard.press("Enter")
    await page.locator(".rail").wait_for()


async def _manage(camera: Camera, name: str) -> None:
    page = camera.page
    if name == "script":
        await page.locator("tbody a.cover").nth(3).click()
        await page.locator("[role=dialog] textarea").first.wait_for()
    elif name == "routing":
        run = await page.evaluate(SIMULATE, SIMULATED)
        await camera.go(f"/routing?run={run}", "main .view table")
    else:
        await camera.go(f"/{name}", "tbody tr, main li, .tile")
    await page.wait_for_timeout(800)
    await camera.take(name)


async def tell(browser: Browser, platform: PlatformProcess, floor: Floor, language: str) -> None:
    """All pictures of one language."""
    story = STORIES[language]
    await before(floor, story)
    seat = await open_seat(
        browser, platform, language=language, locale=story.locale, timezone_id=daytime_zone()
    )
    await seat.context.add_init_script(path=SPEAKER)
    camera = Camera(seat.page, IMAGES / language)
    await camera.go("/login", "#login")
    await camera.take("login")
    await seat.sign_in(story.login)
    await _check(seat, camera, story)
    await _break(seat, camera)
    contact = await in_a_call(seat, floor, story, camera)
    await seat.page.wait_for_timeout(1500)
    await camera.take("desk-idle")
    await lists(seat, camera, story, await floor.api.wait_finished(contact))
    await seat.leave()
    await seat.context.close()
    for fault in seat.faults:
        print(f"  fault: {fault}")
    for login in (story.colleague, *RESTING[:2]):
        await floor.api.set_state(login, "ready")
    await overseen(browser, platform, language)


async def before(floor: Floor, story: Story) -> None:
    """The caller has tickets, and gave up waiting a moment ago; the agent has work to do."""
    script = read_script(CALLS / f"{story.call}.yaml")
    caller = await dial(floor, script)
    await asyncio.sleep(2)
    await caller.call.hang_up()
    customer = (await floor.api.wait_finished(caller.contact_id))["customer"]["id"]
    await floor.api.request("PATCH", f"/customers/{customer}", {"tier": "gold"})
    for kind, department, subject in story.tickets:
        wish = {"customer_id": customer, "type": kind, "department": department,
                "subject": subject, "priority": "high"}  # fmt: skip
        made = await floor.api.request("POST", "/tickets", wish)
        await assign(floor, made, story.login)
    listed = await floor.api.request("GET", "/tickets?assignee=none&limit=100")
    for place, ticket in enumerate(listed["items"]):
        if place % 3 == 0:
            await assign(floor, ticket, (story.login, story.colleague)[place % 2])
        if place % 4 == 0:
            await floor.api.request("POST", f"/tickets/{ticket['no']}/solve", {})


async def assign(floor: Floor, ticket: Document, login: str) -> None:
    """Give a ticket to somebody."""
    change = {"version": ticket["version"], "assignee": login}
    await floor.api.request("PATCH", f"/tickets/{ticket['no']}", change)


async def _check(seat: Seat, camera: Camera, story: Story) -> None:
    """Go ready through the device check."""
    page = seat.page
    await page.locator(".my-state").click()
    await page.locator(".pop-item.c-ok").click()
    check = page.get_by_role("dialog")
    speaker = check.locator("li").nth(1).get_by_role("button")
    await speaker.nth(0).click()
    await speaker.nth(1).click()
    line = load_lines(read_script(CALLS / f"{story.call}.yaml"))[2]
    speaking = asyncio.create_task(say(seat, line))
    await page.wait_for_timeout(1300)
    await camera.take("device-check")
    await speaking
    await check.locator("footer .primary").click()
    await seat.until_state("ready")


async def _break(seat: Seat, camera: Camera) -> None:
    page = seat.page
    await page.locator(".my-state").click()
    await page.locator(".pop-item").nth(2).click()
    await seat.until_state("break")
    await camera.take("desk-break")


async def past(platform: PlatformProcess) -> None:
    """A few whole calls at the same time; what they say of themselves is not shown."""
    calls = [
        await asyncio.create_subprocess_exec(
            COMMAND,
            "call",
            str(CALLS / f"{name}.yaml"),
            cwd=ROOT,
            env=platform.environment(),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        for name in EARLIER
    ]
    await asyncio.gather(*(call.wait() for call in calls))


async def give_up(floor: Floor) -> None:
    """Two more callers who wait in vain."""
    for name in GIVING_UP:
        caller = await dial(floor, read_script(CALLS / f"{name}.yaml"))
        await asyncio.sleep(2)
        await caller.call.hang_up()


async def main(languages: list[str]) -> None:
    """For each language start everything, take all pictures, end everything."""
    home = ROOT / ".callwright"
    for language in languages:
        company = {"CALLWRIGHT_COMPANY__LANGUAGE": language}
        with running_platform(home / "pbx" / "tree", home / MODEL, **company) as platform:
            platform.set_wrap_up(WRAP_UP_S)
            async with (
                photographer(STORIES[language].locale, SWITCHES) as browser,
                floor_of(platform) as floor,
            ):
                await past(platform)
                await give_up(floor)
                for login in (STORIES[language].colleague, *RESTING):
                    await floor.agent(login, 0)
                    await floor.api.set_state(login, "break")
                shutil.rmtree(IMAGES / language, ignore_errors=True)
                await tell(browser, platform, floor, language)


if __name__ == "__main__":
    os.chdir(ROOT)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("languages", nargs="*", default=list(STORIES))
    asyncio.run(main(parser.parse_args().languages))
