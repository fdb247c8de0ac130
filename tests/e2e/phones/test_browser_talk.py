"""A talk in the agent's browser on the real platform: it rings, both hear, a reload joins again."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page

from callwright.cli._demo.load import password_file
from tests.e2e.calls.floor import Caller, Floor, floor_of, hears, trying
from tests.e2e.phones.softphone import MICROPHONE_HZ, softphone
from tests.platform_process import PlatformProcess

AGENT = "zhou.ting"
CALLER_HZ = 700.0
NUMBER = "13812345678"
LOUD, QUIET = 150, 90  # of 255, in what the browser hears


async def test_a_talk_in_the_browser(platform: PlatformProcess, tmp_path: Path) -> None:
    password = password_file(platform.home).read_text().strip()
    async with (
        floor_of(platform) as floor,
        softphone(platform.place.url, AGENT, password, tmp_path) as page,
    ):
        await page.evaluate("phone.start()")
        await floor.until_phone(AGENT, "browser")
        await floor.api.set_state(AGENT, "ready")
        caller = await floor.caller(NUMBER, CALLER_HZ)
        await floor.until_event(caller, "call.connected")
        assert await page.evaluate("phone.invites") == ["offer"]
        assert await page.evaluate("phone.callId") == caller.contact_id
        assert NUMBER not in await page.evaluate("phone.from")
        await both_hear(page, caller)

        await page.evaluate("phone.ua.transport.disconnect()")  # the line goes, the sound stays
        await floor.until_phone(AGENT, None)
        await both_hear(page, caller)

        await page.reload()
        status = await page.evaluate("id => phone.start(id)", caller.contact_id)
        assert (status, await page.evaluate("phone.invites")) == (200, ["attach"])
        await both_hear(page, caller)
        assert (await floor.page(caller))["state"] == "talking"
        await caller.call.hang_up()
        await ended(page)
        await told(floor, caller)


async def both_hear(page: Page, caller: Caller) -> None:
    assert await hears(caller.call, MICROPHONE_HZ)
    assert await page.evaluate("hertz => phone.level(hertz)", CALLER_HZ) > LOUD
    assert await page.evaluate("hertz => phone.level(hertz)", MICROPHONE_HZ) < QUIET


async def ended(page: Page) -> None:
    async for _ in trying("the browser's leg to end"):
        if await page.evaluate("phone.ended"):
            return


async def told(floor: Floor, caller: Caller) -> None:
    """One talk, one recording; the old leg's end did not end it."""
    page = await floor.api.wait_finished(caller.contact_id)
    names = [event["name"] for event in page["events"]]
    assert names.count("leg.replaced") == 1
    assert names.index("leg.replaced") < names.index("leg.ended") < names.index("call.ended")
    assert (page["end_reason"], len(page["segments"])) == ("completed", 1)
    assert page["recording"]["state"] == "saved"
