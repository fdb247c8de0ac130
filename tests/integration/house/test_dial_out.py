"""Calls out: the agent's own phone first, the customer after it; every way it can fail is said."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from tests.house import NUMBER, TestHouse
from tests.integration.house.talking import all_free, trunk, until_hears, user

from callwright.agents import service as agents
from callwright.calls import outbound, service, talks
from callwright.calls.model import Contact
from callwright.calls.outbound import Wanted
from callwright.customers import service as customers
from callwright.integrations.pbx.simulator import PhoneBehaviour
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError

CUSTOMER = "13816527394"


async def dialled(
    house: TestHouse, phone: PhoneBehaviour | None = None, *, ready: bool = True
) -> tuple[UUID, str, str]:
    """Anna calls the customer: the contact, the customer's leg, hers."""
    await trunk(house)
    await house.add_agent("anna", ready=ready)
    house.pbx.outside(CUSTOMER, phone or PhoneBehaviour(answers_after_s=3.0))
    contact_id = await outbound.dial(house.house, "anna", Wanted(number="138-1652-7394"))
    contact = await contact_of(house, contact_id)
    legs = await house.run(lambda tx: service.legs_of(tx, contact_id))
    return contact_id, contact.caller_leg, legs[0]["id"]


async def contact_of(house: TestHouse, contact_id: UUID) -> Contact:
    """A contact that is there."""
    contact = await house.run(lambda tx: service.contact(tx, contact_id))
    assert contact is not None
    return contact


async def test_ringing_tone_notice_talk_ticket(house: TestHouse) -> None:
    house.speech.lanes[:] = [["我要退款"], ["您好"]]
    _, customer, own = await dialled(house)
    assert await house.state("anna") == "talking"
    await until_hears(house, own, "ringback")
    assert house.pbx.invited_with(own)["X-Callwright"] == "outbound"
    assert house.pbx.invited_with(own)["From-Number"] == NUMBER, "the agent's phone shows ours"
    await house.heard_of(customer, "call.answered")
    await until_hears(house, customer, own)
    notice = house.pbx.hears(customer)[0]
    assert notice.source.endswith("notice.zh.wav")
    page = await house.in_state(customer, "talking")
    assert page["card"]["customer"]["name"] == "王建国"
    await house.clock.sleep(3)
    house.pbx.caller_hangs_up(customer)
    page = await house.finished(customer)
    names = [event["name"] for event in page["events"]]
    assert names.index("call.answered") < names.index("recording.started")
    assert names.index("recording.started") < names.index("call.connected")
    assert "call.queued" not in names
    assert page["end_reason"] == "completed"
    assert page["recording"]["state"] == "saved"
    assert page["ticket"]["type"] == "退款"
    await all_free(house, "anna")


@pytest.mark.parametrize("cause", ["busy", "rejected", "unreachable"])
async def test_why_it_failed_is_stored_and_the_agent_free(house: TestHouse, cause: Any) -> None:
    _, customer, own = await dialled(house, PhoneBehaviour(refuses=cause))
    page = await house.finished(customer)
    assert page["end_reason"] == cause
    assert page["ticket"] is None
    assert page["recording"] is None
    await all_free(house, "anna")
    assert own not in house.pbx.pbx.legs


async def test_nobody_answers_until_the_agent_gives_up(house: TestHouse) -> None:
    contact, customer, _ = await dialled(house, PhoneBehaviour(answers_after_s=None))
    await house.heard_of(customer, "leg.rung", 2)
    await talks.hang_up(house.house, contact, user("anna"))
    assert (await house.finished(customer))["end_reason"] == "cancelled"
    await all_free(house, "anna")


async def test_from_a_break_the_break_goes_on_after_the_call(house: TestHouse) -> None:
    await trunk(house)
    await house.add_agent("anna", ready=False)
    await house.run(lambda tx: agents.request_state(tx, "anna", "break", "lunch"))
    house.pbx.outside(CUSTOMER, PhoneBehaviour(answers_after_s=1.0, hangs_up_after_s=4.0))
    await outbound.dial(house.house, "anna", Wanted(number=CUSTOMER))

    async def back(_: Tx) -> bool:
        return await house.state("anna") == "break" and not house.pbx.pbx.legs

    await house.until(back)
    await all_free(house, "anna")


async def test_by_contact_and_by_customer_without_seeing_the_number(house: TestHouse) -> None:
    await trunk(house)
    leg = await house.caller(number=CUSTOMER)
    page = await house.finished(leg)
    await house.add_agent("anna")
    who = page["card"]["customer"]["id"]
    for wanted in (Wanted(contact_id=page["id"]), Wanted(customer_id=who)):
        contact_id = await outbound.dial(house.house, "anna", wanted)
        contact = await contact_of(house, contact_id)
        assert (contact.e164, contact.customer_id) == (f"+86{CUSTOMER}", who)
        assert contact.direction == "out"
        await talks.hang_up(house.house, contact_id, user("anna"))
        await house.finished(contact.caller_leg)
        await all_free(house, "anna")
    phones = await house.run(lambda tx: customers.phones_of(tx, who))
    with pytest.raises(CallwrightError, match="phone"):
        await outbound.dial(house.house, "anna", Wanted(customer_id=who, phone=len(phones)))


async def test_what_is_impossible_leaves_nothing(house: TestHouse) -> None:
    await house.add_agent("anna")
    for number, code in ((CUSTOMER, "no_trunk"), ("", "invalid")):
        with pytest.raises(CallwrightError) as error:
            await outbound.dial(house.house, "anna", Wanted(number=number))
        assert error.value.code == code
    await trunk(house)
    for number in ("anonymous", "12", "hello"):
        with pytest.raises(CallwrightError) as error:
            await outbound.dial(house.house, "anna", Wanted(number=number))
        assert error.value.params["field"] == "number"
    assert await house.state("anna") == "ready"
    house.pbx.phone_goes("anna")

    async def gone(tx: Tx) -> bool:
        return not (await agents.agent_of_login(tx, "anna")).reachable

    await house.until(gone)
    with pytest.raises(CallwrightError, match="phone_unreachable"):
        await outbound.dial(house.house, "anna", Wanted(number=CUSTOMER))
