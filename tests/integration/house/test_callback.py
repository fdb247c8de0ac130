"""Callbacks that keep the place: one promise, one dial, whatever happens in between."""

from __future__ import annotations

import asyncio
import dataclasses

import pytest
from tests.house import TestHouse
from tests.integration.house.promises import (
    CUSTOMER,
    answers,
    attempts,
    dials,
    free,
    in_state,
    leg_out,
    nobody_free,
    promise_of,
    promised,
    rule,
    when,
)
from tests.integration.house.talking import all_free

from callwright.agents import service as agents
from callwright.calls import callbacks, missed, outbound
from callwright.calls import service as calls
from callwright.calls.outbound import Wanted
from callwright.customers import service as customers
from callwright.integrations.pbx.simulator import PhoneBehaviour
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.queues import service as queues
from callwright.routing.callbacks import Nearing
from callwright.routing.service import Router


@pytest.mark.row("1.7")
async def test_agent_first_with_two_agents_free_at_once_is_one_dial(house: TestHouse) -> None:
    """On the simulator: four routers decide at once, the customer is dialled once."""
    await nobody_free(house, "anna", "bob")
    answers(house)
    first, contact = await promised(house)
    page = await house.contact(first)
    assert [e["body"]["exit"] for e in page["events"] if e["name"] == "queue.left"] == [
        "callback_requested"
    ]
    await free(house, "anna", "bob")
    others = [Router(house.house), Router(house.house), Router(house.house)]
    await asyncio.gather(*(router.round() for router in others))
    out = await leg_out(house, contact)
    talk = await house.in_state(out, "talking")
    assert talk["card"]["customer"]["name"] == "王建国"
    assert talk["direction"] == "out"
    await in_state(house, contact, "completed")
    await house.finished(out)
    assert dials(house) == 1
    assert len(await attempts(house, contact)) == 1
    names = [event["name"] for event in (await house.contact(first))["events"]]
    assert [name for name in names if name.startswith("callback.")] == [
        "callback.requested", "callback.dialled", "callback.completed",
    ]  # fmt: skip
    await all_free(house, "anna", "bob")


async def test_the_agent_sees_the_card_before_the_customer_is_dialled(house: TestHouse) -> None:
    await nobody_free(house, "anna")
    house.pbx.agent("anna", PhoneBehaviour(answers_after_s=None))
    _, contact = await promised(house)
    await free(house, "anna")
    out = await leg_out(house, contact)
    page = await house.heard_of(out, "offer.made")
    assert [e["body"]["kind"] for e in page["events"] if e["name"] == "offer.made"] == ["callback"]
    assert await house.state("anna") == "ringing"
    assert dials(house) == 0
    [own] = [leg for leg in house.pbx.pbx.legs.values() if not leg.incoming]
    answers(house)
    house.pbx.answers(own.id)
    await house.in_state(out, "talking")
    await house.finished(out)
    await all_free(house, "anna")


async def test_an_agent_who_does_not_answer_leaves_it_at_its_place(house: TestHouse) -> None:
    await nobody_free(house, "anna", "bob")
    answers(house)
    house.pbx.agent("anna", PhoneBehaviour(refuses="rejected"))
    _, contact = await promised(house)
    before = await promise_of(house, contact)
    await free(house, "anna")
    await house.until(lambda _: _is(house, "anna", "break"))
    waits = await in_state(house, contact, "waiting")
    assert (waits.tries, waits.aged_from) == (0, before.aged_from)
    await free(house, "bob")
    done = await in_state(house, contact, "completed")
    assert (dials(house), done.tries) == (1, 1)
    [vain, _] = await attempts(house, contact)
    assert vain["result"] == "agent_rejected"
    await all_free(house, "anna", "bob")


async def _is(house: TestHouse, login: str, state: str) -> bool:
    return await house.state(login) == state


@pytest.mark.row("1.7")
async def test_customer_first_waits_at_the_front(house: TestHouse) -> None:
    """On the simulator: dialled once, then before everybody who came later."""
    await nobody_free(house, "anna")
    await rule(house, first="customer")
    answers(house, leaves_s=30.0)
    _, contact = await promised(house)
    promise = await promise_of(house, contact)
    nearing = Nearing(house.house)
    await asyncio.gather(*(nearing.round() for _ in range(5)))
    out = await leg_out(house, contact)
    await house.in_state(out, "waiting")
    assert dials(house) == 1
    younger = await house.caller(number="13900000002")
    await house.in_state(younger, "waiting")
    row = (await house.run(calls.waiting))[0]
    assert (row["caller_leg"], row["entered_at"]) == (out, promise.aged_from)
    await free(house, "anna")
    await house.in_state(out, "talking")
    await in_state(house, contact, "completed")
    house.pbx.caller_hangs_up(out)
    house.pbx.caller_hangs_up(younger)
    await house.finished(out)
    await all_free(house, "anna")


async def test_customer_first_is_not_dialled_before_they_are_near(house: TestHouse) -> None:
    await nobody_free(house, "anna")
    older = await house.caller(number="13900000002")
    await house.in_state(older, "waiting")
    await rule(house, first="customer")
    answers(house)
    _, contact = await promised(house)
    assert await Nearing(house.house).round() == 0
    house.pbx.caller_hangs_up(older)
    await house.finished(older)
    await leg_out(house, contact)


async def test_unanswered_it_is_tried_again_and_then_given_up(house: TestHouse) -> None:
    await nobody_free(house, "anna")
    await rule(house, tries=2, retry_min=10)
    house.pbx.outside(CUSTOMER, PhoneBehaviour(refuses="busy"))
    _, contact = await promised(house)
    await free(house, "anna")
    await house.finished(await leg_out(house, contact))
    waits = await in_state(house, contact, "waiting")
    assert (waits.tries, waits.reason) == (1, "busy")
    assert (waits.not_before - house.clock.now()).total_seconds() > 500
    await Router(house.house).round()
    assert len(await attempts(house, contact)) == 1, "not before its time"
    house.clock.skip(600)
    failed = await in_state(house, contact, "failed")
    assert (failed.tries, failed.reason, dials(house)) == (2, "busy", 2)
    [entry] = await house.run(lambda tx: missed.missed(tx, done=False))
    assert (entry["reason"], entry["e164"], entry["tries"]) == (
        "callback_failed", f"+86{CUSTOMER}", 0,
    )  # fmt: skip
    await all_free(house, "anna")


async def test_the_next_call_back_by_hand_closes_what_is_left(house: TestHouse) -> None:
    await nobody_free(house, "anna")
    await rule(house, tries=1)
    house.pbx.outside(CUSTOMER, PhoneBehaviour(refuses="busy"))
    _, contact = await promised(house)
    await free(house, "anna")
    await in_state(house, contact, "failed")
    [entry] = await house.run(lambda tx: missed.missed(tx, done=False))
    answers(house)
    await house.until(lambda _: _is(house, "anna", "ready"))
    await outbound.dial(house.house, "anna", Wanted(contact_id=entry["last_contact_id"]))

    async def closed(tx: object) -> bool:
        return not await house.run(lambda tx: missed.missed(tx, done=False))

    await house.until(closed)
    await all_free(house, "anna")


@pytest.mark.row("1.7")
async def test_who_calls_in_again_takes_the_place_over(house: TestHouse) -> None:
    """On the simulator: as old as the promise, and nobody is dialled."""
    await nobody_free(house, "anna")
    answers(house)
    _, contact = await promised(house)
    promise = await promise_of(house, contact)
    again = await house.caller(number=CUSTOMER)
    await house.in_state(again, "waiting")
    gone = await in_state(house, contact, "cancelled")
    assert gone.reason == "called_again"
    [row] = await house.run(calls.waiting)
    assert (row["kind"], row["entered_at"]) == ("call", promise.aged_from)
    await free(house, "anna")
    await house.in_state(again, "talking")
    house.pbx.caller_hangs_up(again)
    await house.finished(again)
    assert dials(house) == 0
    await all_free(house, "anna")


async def test_who_is_served_otherwise_is_not_called(house: TestHouse) -> None:
    await nobody_free(house, "anna", "bob")
    answers(house, leaves_s=8.0)
    _, contact = await promised(house)
    wanted = Wanted(contact_id=contact)
    out = await outbound.dial(house.house, "bob", wanted)
    await free(house, "anna")
    gone = await in_state(house, contact, "cancelled")
    assert gone.reason == "served"
    row = await house.run(lambda tx: calls.contact(tx, out))
    assert row is not None
    await house.finished(row.caller_leg)
    assert dials(house) == 1, "the one by hand"
    await all_free(house, "anna", "bob")


async def test_a_second_promise_to_the_same_number_is_none(house: TestHouse) -> None:
    await nobody_free(house, "anna")
    _, contact = await promised(house)
    _, other = await promised(house, key="2")
    found = await house.run(lambda tx: callbacks.callbacks(tx, open_=True, limit=10))
    assert [one.contact_id for one in found] == [contact]
    assert await house.run(lambda tx: callbacks.of_contact(tx, other)) is None


async def test_nobody_is_dialled_at_night_or_when_closed(house: TestHouse) -> None:
    await nobody_free(house, "anna")
    answers(house)
    _, contact = await promised(house)
    when(house, 21)
    await house.run(lambda tx: agents.request_state(tx, "anna", "break"))
    await free(house, "anna")
    promise = await promise_of(house, contact)
    while promise.not_before <= house.clock.now():
        await Router(house.house).round()
        promise = await promise_of(house, contact)
    assert promise.not_before.hour == 0, "eight in the morning in Shanghai"
    assert (dials(house), await house.state("anna")) == (0, "ready")
    when(house, 8)
    await in_state(house, contact, "completed")
    assert dials(house) == 1
    await all_free(house, "anna")


async def test_nobody_is_dialled_while_the_queue_is_closed(house: TestHouse) -> None:
    await nobody_free(house, "anna")
    answers(house)
    _, contact = await promised(house)

    async def close(tx: Tx) -> None:
        queue = await queues.queue_of(tx, "orders")
        await queues.publish_queue(tx, dataclasses.replace(queue, calendar="never"), "test")

    await house.run(close)
    before = (await promise_of(house, contact)).not_before
    await free(house, "anna")
    while (await promise_of(house, contact)).not_before == before:
        await Router(house.house).round()
    assert (dials(house), await house.state("anna")) == (0, "ready")
    assert (await promise_of(house, contact)).state == "waiting"


async def test_who_wants_no_calls_gets_none(house: TestHouse) -> None:
    await nobody_free(house, "anna")
    _, contact = await promised(house)
    who = (await promise_of(house, contact)).customer_id
    assert who is not None
    await house.run(lambda tx: customers.push_fact(tx, who, callbacks.DO_NOT_CALL, True))
    await free(house, "anna")
    failed = await in_state(house, contact, "failed")
    assert (failed.reason, dials(house)) == ("do_not_call", 0)
    await all_free(house, "anna")


async def test_withdrawn_while_the_phone_rings(house: TestHouse) -> None:
    await nobody_free(house, "anna")
    answers(house, after_s=None)
    _, contact = await promised(house)
    await free(house, "anna")
    out = await leg_out(house, contact)
    await house.heard_of(out, "leg.rung", 2)
    promise = await promise_of(house, contact)
    await house.run(lambda tx: callbacks.cancel(tx, promise.id, "boss"))
    await house.finished(out)
    gone = await in_state(house, contact, "cancelled")
    assert (gone.reason, gone.by) == ("by_hand", "boss")
    with pytest.raises(CallwrightError, match="wrong_state"):
        await house.run(lambda tx: callbacks.cancel(tx, promise.id, "boss"))
    await all_free(house, "anna")
