"""The phone in the browser: whom it may be, when it rings, what happens when it dies."""

from __future__ import annotations

import asyncio

from tests.e2e.calls.floor import trying
from tests.integration.phones.conftest import Office

LIMIT_S = 20.0


async def until_phone(office: Office, login: str, kind: str | None) -> None:
    async for _ in trying(f"{login}'s phone to be {kind}"):
        if (await office.agent(login)).phone == kind:
            return


async def test_the_browser_rings_while_it_is_there_and_the_sip_phone_after(office: Office) -> None:
    await office.hire("anna")
    await office.sip_phone("anna")
    await until_phone(office, "anna", "sip")
    browser = await office.browser("anna")
    assert (await browser.register()).status == 200
    await until_phone(office, "anna", "browser")
    assert (await office.agent("anna")).endpoint == "anna-web"
    await browser.socket.close()
    await until_phone(office, "anna", "sip")
    assert (await office.agent("anna")).endpoint == "anna"


async def test_nobody_registers_in_anothers_name(office: Office) -> None:
    await office.hire("anna")
    await office.hire("ben")
    await office.browser("ben")
    anna = await office.browser("anna")
    mine = anna.user
    anna.user = "ben-web"
    await anna.say("REGISTER")
    assert await asyncio.wait_for(anna.closed, LIMIT_S) == 4403
    assert (await office.agent("ben")).phone is None
    again = await office.browser("anna")
    assert (again.user, (await again.register()).status) == (mine, 200)
