"""Blind transfer: to an agent, a queue, a number; and back when nobody takes it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from tests.house import NUMBER, TestHouse
from tests.integration.house.talking import all_free, talking, trunk, until_hears, user

from callwright.agents import service as agents
from callwright.calls import service
from callwright.calls.store import visit_table
from callwright.integrations.pbx.simulator import PhoneBehaviour
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.routing import service as routing
from callwright.routing import transfers
from callwright.routing.transfers import Destination

SLOW = PhoneBehaviour(answers_after_s=None)


async def pass_on(
    house: TestHouse, contact: UUID, kind: str, value: str, *, keep_age: bool = True
) -> None:
    """Anna transfers her call."""
    await transfers.transfer(
        house.house, contact, user("anna"), Destination(kind, value), note="vip", keep_age=keep_age
    )


async def open_offer(house: TestHouse, contact: UUID) -> dict[str, Any]:
    """The last offer of a contact."""
    return (await house.run(lambda tx: routing.offers_of(tx, contact)))[-1]


async def test_to_an_agent_the_call_goes_on_with_the_note(house: TestHouse) -> None:
    caller, _, contact = await talking(house)
    await house.add_agent("bob", in_queues=())
    await pass_on(house, contact, "agent", "bob")
    assert house.pbx.hears_now(caller) == ("default",)
    assert await house.state("anna") == "wrap"
    await house.heard_of(caller, "call.connected", 2)
    page = await house.contact(caller)
    assert page["agent"]["login"] == "bob"
    offer = await open_offer(house, contact)
    assert (offer["kind"], offer["note"], offer["result"]) == ("transfer", "vip", "accepted")
    assert offer["from_agent_id"] == (await house.run(_anna)).id
    [first, second] = await house.run(lambda tx: service.segments_of(tx, contact))
    assert first.ended_at is not None
    assert second.ended_at is None
    await until_hears(house, caller, second.leg)
    house.pbx.caller_hangs_up(caller)
    assert (await house.finished(caller))["end_reason"] == "completed"
    await all_free(house, "anna", "bob")


async def _anna(tx: Tx) -> Any:
    return await agents.agent_of_login(tx, "anna")


async def test_declined_the_caller_waits_at_the_old_place(house: TestHouse) -> None:
    caller, _, contact = await talking(house)
    await house.add_agent("bob", phone=PhoneBehaviour(refuses="busy"))
    await pass_on(house, contact, "agent", "bob")
    await house.heard_of(caller, "offer.closed", 2)
    first, second = await visits(house, contact)
    assert second["queue"] == first["queue"] == "orders"
    assert second["aged_from"] == first["entered_at"]
    assert second["entered_at"] > first["left_at"]
    await house.add_agent("carl")
    await house.heard_of(caller, "call.connected", 2)
    page = await house.contact(caller)
    assert page["agent"]["login"] in ("carl", "anna")
    house.pbx.caller_hangs_up(caller)
    await house.finished(caller)
    await all_free(house, "anna", "carl")


async def visits(house: TestHouse, contact: UUID) -> list[dict[str, Any]]:
    """All queue visits of a contact."""
    query = visit_table.select().where(visit_table.c.contact_id == contact)
    return await house.run(lambda tx: tx.rows(query.order_by(visit_table.c.entered_at)))


@pytest.mark.parametrize("keep_age", [True, False])
async def test_to_a_queue_with_or_without_the_age(house: TestHouse, keep_age: bool) -> None:
    caller, _, contact = await talking(house)
    await house.add_agent("bob", in_queues=("hasty",))
    await pass_on(house, contact, "queue", "hasty", keep_age=keep_age)
    await house.heard_of(caller, "call.connected", 2)
    page = await house.contact(caller)
    assert page["agent"]["login"] == "bob"
    assert page["queue"]["key"] == "hasty"
    first, second = await visits(house, contact)
    assert second["aged_from"] == (first["entered_at"] if keep_age else None)
    assert (first["exit"], second["exit"]) == ("answered", "answered")
    house.pbx.caller_hangs_up(caller)
    await house.finished(caller)
    await all_free(house, "anna", "bob")


async def test_to_a_number_both_talk_and_the_agent_is_out(house: TestHouse) -> None:
    caller, _, contact = await talking(house)
    with pytest.raises(CallwrightError, match="no_trunk"):
        await pass_on(house, contact, "number", "13812345678")
    await trunk(house)
    await pass_on(house, contact, "number", "138 1234 5678")
    assert house.pbx.hears_now(caller) == ("default",)
    await house.in_state(caller, "outside")
    outside = await outer_leg(house, contact)
    await until_hears(house, caller, outside)
    assert house.pbx.pbx.need(outside).to_number == "13812345678"
    assert house.pbx.invited_with(outside)["From-Number"] == NUMBER
    house.pbx.caller_hangs_up(outside)
    assert (await house.finished(caller))["end_reason"] == "completed"
    await all_free(house, "anna")


async def outer_leg(house: TestHouse, contact: UUID) -> str:
    """The leg to a number outside."""
    consult = await house.run(lambda tx: service.open_consult(tx, contact))
    assert consult is not None
    return consult.leg


async def test_a_number_that_is_busy_brings_the_caller_back(house: TestHouse) -> None:
    caller, _, contact = await talking(house)
    await trunk(house)
    house.pbx.outside("13812345678", PhoneBehaviour(refuses="busy"))
    await pass_on(house, contact, "number", "13812345678")
    page = await house.heard_of(caller, "call.returned")
    returned = next(e["body"] for e in page["events"] if e["name"] == "call.returned")
    assert returned == {"queue": "orders", "reason": "busy"}
    await house.heard_of(caller, "call.connected", 2)
    house.pbx.caller_hangs_up(caller)
    await house.finished(caller)
    await all_free(house, "anna")


@pytest.mark.parametrize("to", ["agent", "queue", "number"])
async def test_the_caller_may_leave_while_it_rings(house: TestHouse, to: str) -> None:
    caller, _, contact = await talking(house)
    await trunk(house)
    house.pbx.outside("13812345678", SLOW)
    await house.add_agent("bob", phone=SLOW, in_queues=("hasty",))
    value = {"agent": "bob", "queue": "hasty", "number": "13812345678"}[to]
    await pass_on(house, contact, to, value)
    if to != "number":
        await house.in_state(caller, "ringing")
    house.pbx.caller_hangs_up(caller)
    await house.finished(caller)
    await all_free(house, "anna", "bob")


async def test_what_is_impossible_changes_nothing(house: TestHouse) -> None:
    caller, agent, contact = await talking(house)
    await house.add_agent("bob", ready=False)
    for kind, value, code in (
        ("agent", "bob", "wrong_state"),
        ("agent", "anna", "invalid"),
        ("agent", "nobody", "not_found"),
        ("queue", "nowhere", "not_found"),
        ("door", "front", "invalid"),
    ):
        with pytest.raises(CallwrightError) as error:
            await pass_on(house, contact, kind, value)
        assert error.value.code == code, (kind, value)
    assert house.pbx.hears_now(caller) == (agent,)
    assert await house.state("anna") == "talking"
    house.pbx.phone_goes("bob")
    await house.run(lambda tx: agents.request_state(tx, "bob", "ready"))
    await pass_on(house, contact, "queue", "orders")
    with pytest.raises(CallwrightError, match="wrong_state"):
        await pass_on(house, contact, "queue", "orders")
    house.pbx.caller_hangs_up(caller)
    await house.finished(caller)
