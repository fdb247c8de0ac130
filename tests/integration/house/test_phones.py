"""An agent's two phones: which one rings, what is lost with them, and joining a talk again."""

from __future__ import annotations

import pytest
from tests.house import TestHouse

from callwright.agents import service as agents
from callwright.calls import attach
from callwright.integrations.pbx.simulator import PhoneBehaviour
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError

BROWSER = PhoneBehaviour(answers_after_s=0.2)


async def phone_is(house: TestHouse, kind: str | None) -> None:
    async def look(tx: Tx) -> bool:
        return (await agents.agent_of_login(tx, "anna")).phone == kind

    await house.until(look)


async def test_the_browser_rings_before_the_sip_phone(house: TestHouse) -> None:
    await house.add_agent("anna")
    house.pbx.agent("anna-web", BROWSER)
    await phone_is(house, "browser")
    page = await house.in_state(await house.caller(), "talking")
    [leg] = [leg for leg in house.pbx.pbx.legs.values() if leg.endpoint]
    invite = house.pbx.invited_with(leg.id)
    assert leg.endpoint == "anna-web"
    assert (invite["X-Call-Id"], invite["X-Callwright"]) == (str(page["id"]), "offer")
    assert "13900000001" not in str(invite), "a browser can read whatever it is told"
    house.pbx.phone_goes("anna-web")
    await phone_is(house, "sip")
    house.pbx.phone_goes("anna")
    await phone_is(house, None)
    agent = await house.run(lambda tx: agents.agent_of_login(tx, "anna"))
    assert (agent.endpoint, agent.reachable, agent.state) == ("anna", False, "talking")


async def test_whoever_is_ready_without_a_phone_is_signed_off(house: TestHouse) -> None:
    await house.add_agent("anna")
    await house.add_agent("ben", ready=False)
    for login in ("anna", "ben"):
        house.pbx.phone_goes(login)
    await house.run(lambda tx: agents.request_state(tx, "ben", "break", "lunch"))

    async def gone(tx: Tx) -> bool:
        return (await agents.agent_of_login(tx, "anna")).reason == "phone_lost"

    await house.until(gone)
    assert (await house.state("anna"), await house.state("ben")) == ("offline", "break")


async def test_a_reloaded_browser_takes_its_old_legs_place(house: TestHouse) -> None:
    await house.add_agent("anna")
    house.pbx.agent("anna-web", BROWSER)
    await phone_is(house, "browser")
    caller = await house.caller()
    page = await house.in_state(caller, "talking")
    [old] = house.pbx.hears_now(caller)
    await attach.attach(house.house, page["id"], "anna")
    [new] = house.pbx.hears_now(caller)
    assert new != old
    assert house.pbx.invited_with(new)["X-Callwright"] == "attach"
    after = await house.heard_of(caller, "leg.ended")
    assert (after["state"], len(after["segments"])) == ("talking", 1)
    assert [e["body"]["leg"] for e in after["events"] if e["name"] == "leg.replaced"] == [new]
    house.pbx.caller_hangs_up(new)  # now it is this leg that matters
    assert (await house.finished(caller))["end_reason"] == "completed"


async def test_what_cannot_be_joined(house: TestHouse) -> None:
    await house.add_agent("anna")
    await house.add_agent("ben", ready=False)
    caller = await house.caller()
    page = await house.in_state(caller, "talking")
    for login, code in (("ben", "wrong_state"), ("anna", "phone_unreachable")):
        with pytest.raises(CallwrightError) as refused:
            await attach.attach(house.house, page["id"], login)
        assert refused.value.code == code
    house.pbx.agent("anna-web", PhoneBehaviour(refuses="rejected"))
    with pytest.raises(CallwrightError) as refused:
        await attach.attach(house.house, page["id"], "anna")
    assert refused.value.code == "phone_unreachable"
    assert (await house.contact(caller))["state"] == "talking"
