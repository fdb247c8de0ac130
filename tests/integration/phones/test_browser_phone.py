"""The phone in the browser: whom it may be, when it rings, what happens when it dies."""

from __future__ import annotations

import asyncio

import aiohttp
from tests.contract.telephony.cable import Cable
from tests.e2e.calls.floor import trying
from tests.house import NUMBER
from tests.integration.phones.conftest import Office
from tests.socket_phone import SocketPhone

from callwright.calls import service as calls

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


async def test_a_browser_that_died_without_a_word_is_not_rung(office: Office) -> None:
    await office.hire("anna")
    await office.sip_phone("anna")
    own = await office.browser("anna")
    cookies = {cookie.key: cookie.value for cookie in office.sessions["anna"].cookie_jar}
    async with (
        Cable(("127.0.0.1", office.house.settings.ports.web)) as cable,
        aiohttp.ClientSession(f"http://localhost:{cable.port}", cookies=cookies) as session,
        SocketPhone(session, own.user, own.password) as browser,
    ):
        await browser.register()
        await until_phone(office, "anna", "browser")
        cable.freeze()
        await until_phone(office, "anna", "sip")
        assert not browser.closed.done(), "nobody told the browser: it is as good as dead"


async def test_a_made_up_talk_opens_no_way_to_the_trunks_side(office: Office) -> None:
    await office.hire("anna")
    browser = await office.browser("anna")
    await browser.register(contact="<sip:13900000001@x.invalid;transport=ws>")
    made_up = {"from": "<sip:13900000001@x>;tag=1", "to": f"<sip:{NUMBER}@callwright>;tag=2"}
    made_up["contact"] = "<sip:13900000001@x.invalid;transport=ws>"
    answer = await browser.ask("INVITE", f"sip:{NUMBER}@callwright", **made_up)
    assert answer.status >= 400
    async with office.house.db.reading() as tx:
        assert await calls.live_contacts(tx) == []
