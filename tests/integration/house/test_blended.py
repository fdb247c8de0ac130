"""Callers who hung up while waiting are called back when that delays nobody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import aiohttp
import pytest
from tests.house import TestHouse
from tests.integration.house.conftest import SignIn
from tests.integration.house.promises import (
    CUSTOMER,
    OTHER,
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
from callwright.calls import callbacks, guarding, missed, outbound
from callwright.calls import service as calls
from callwright.calls.outbound import Wanted
from callwright.customers import service as customers
from callwright.desk import todo
from callwright.integrations.pbx.simulator import PhoneBehaviour
from callwright.kit.errors import CallwrightError
from callwright.routing.service import Router, routing_of


async def gave_up(house: TestHouse, number: str = CUSTOMER, key: str = "1") -> UUID:
    """A caller waits a while and hangs up; nobody is free."""
    leg = await house.caller(key, number=number)
    await house.in_state(leg, "waiting")
    house.pbx.caller_hangs_up(leg)
    page = await house.finished(leg)
    assert page["end_reason"] == "abandoned_queue"
    found: UUID = page["id"]
    return found


async def ready_for_it(house: TestHouse, *logins: str, **more: Any) -> None:
    """Agents on a break, a line that leads out, and a queue that calls back who gave up."""
    await nobody_free(house, *logins)
    await rule(house, abandoned=True, abandoned_after_s=0, **more)


async def none_of(house: TestHouse, contact_id: UUID) -> bool:
    """Whether a caller is not called back."""
    return await house.run(lambda tx: callbacks.of_contact(tx, contact_id)) is None


async def entries(house: TestHouse) -> list[dict[str, Any]]:
    """The open list of missed callers."""
    return await house.run(lambda tx: missed.missed(tx, done=False))


@pytest.mark.row("5.11")
async def test_called_back_when_the_reserve_stays_free(house: TestHouse) -> None:
    """On the simulator: not while only the reserve is free; with one more agent there is one dial,
    they talk, and the caller is off the list of missed calls."""
    await ready_for_it(house, "anna", "bob")
    answers(house)
    contact = await gave_up(house)
    assert [one["callback_state"] for one in await entries(house)] == ["waiting"]
    await free(house, "anna")
    assert await Router(house.house).round() == 0
    told = (await house.run(lambda tx: routing_of(tx, contact)))["now"]
    assert told["call"]["blended"] is True
    assert {"why": "kept free for callers", "count": 1, "agents": ["anna"]} in told["obstacles"]
    assert (dials(house), await house.state("anna")) == (0, "ready")
    await free(house, "bob")
    out = await leg_out(house, contact)
    page = await house.in_state(out, "talking")
    done = await in_state(house, contact, "completed")
    assert (done.blended, done.reason, dials(house)) == (True, "talked", 1)
    offer = await _explained(house, page["id"])
    assert (offer["kind"], offer["explained"]["call"]["blended"]) == ("callback", True)
    assert await entries(house) == []
    [entry] = await house.run(lambda tx: missed.missed(tx, done=True))
    assert (entry["done_how"], entry["tries"]) == ("called_back", 1)
    await house.finished(out)
    await all_free(house, "anna", "bob")


async def _explained(house: TestHouse, contact_id: UUID) -> dict[str, Any]:
    async def told(tx: Any) -> dict[str, Any] | None:
        [offer] = (await routing_of(tx, contact_id))["offers"]
        return offer if offer["explained"] else None

    return await house.until(told)


@pytest.mark.row("5.11")
async def test_no_phone_rings_for_it_while_a_caller_waits(house: TestHouse) -> None:
    """On the simulator: the inbound caller is served first, and keeps nobody waiting behind it."""
    await ready_for_it(house, "anna", "bob", "carl")
    answers(house)
    contact = await gave_up(house)
    inbound = await house.caller(number=OTHER)
    await house.in_state(inbound, "waiting")
    rows = await house.run(calls.waiting)
    assert sorted(row["blended"] for row in rows) == [False, True]
    places = await house.run(lambda tx: _places(tx, contact))
    assert places == {}, "it has no place"
    await free(house, "anna", "bob")
    await house.in_state(inbound, "talking")
    assert await Router(house.house).round() == 0
    assert dials(house) == 0, "one is the reserve"
    await free(house, "carl")
    await in_state(house, contact, "completed")
    house.pbx.caller_hangs_up(inbound)
    await house.finished(inbound)
    await house.finished(await leg_out(house, contact))
    await all_free(house, "anna", "bob", "carl")


async def _places(tx: Any, contact: UUID) -> dict[UUID, int]:
    found = await callbacks.of_contact(tx, contact)
    return await callbacks.positions(tx, [found] if found else [])


async def test_who_calls_again_gets_no_better_place(house: TestHouse) -> None:
    await ready_for_it(house, "anna")
    contact = await gave_up(house)
    again = await house.caller(number=CUSTOMER)
    page = await house.in_state(again, "waiting")
    gone = await in_state(house, contact, "cancelled")
    assert (gone.reason, gone.expires_at is not None) == ("called_again", True)
    [row] = await house.run(calls.waiting)
    assert row["entered_at"] > gone.aged_from
    house.pbx.caller_hangs_up(again)
    await house.finished(again)
    assert (await promise_of(house, page["id"])).state == "waiting", "they gave up once more"
    [entry] = await entries(house)
    assert (entry["times"], entry["callback_state"]) == (2, "waiting")


async def test_once_for_each_number(house: TestHouse) -> None:
    await ready_for_it(house, "anna")
    await rule(house, "hasty", abandoned=True, abandoned_after_s=0)
    first = await gave_up(house)
    second = await gave_up(house, key="2")
    assert await none_of(house, second), "the first one stands"
    assert (await promise_of(house, first)).state == "waiting"
    await promised(house)
    gone = await in_state(house, first, "cancelled")
    assert gone.reason in ("called_again", "asked_for")
    [one] = await house.run(lambda tx: callbacks.callbacks(tx, open_=True, limit=10))
    assert not one.blended


async def test_who_asks_elsewhere_is_not_called_back_twice(house: TestHouse) -> None:
    await ready_for_it(house, "anna")
    first = await gave_up(house)
    _, second = await promised(house, key="2")
    assert (await promise_of(house, first)).reason == "asked_for"
    assert (await promise_of(house, second)).blended is False


async def test_who_is_not_called_back(house: TestHouse) -> None:
    await nobody_free(house, "anna")
    assert await none_of(house, await gave_up(house)), "as it comes with the software"
    await rule(house, abandoned=True, abandoned_after_s=600)
    assert await none_of(house, await gave_up(house, OTHER)), "hung up too soon"
    await rule(house, abandoned=True, abandoned_after_s=0)
    assert await none_of(house, await gave_up(house, "+447700900123")), "abroad"
    who = (await entries(house))[-1]["customer_id"]
    await house.run(lambda tx: customers.push_fact(tx, who, callbacks.DO_NOT_CALL, True))
    assert await none_of(house, await gave_up(house)), "wants no calls"


async def test_who_is_guarded_is_not_called_back(house: TestHouse) -> None:
    await ready_for_it(house, "anna", "bob")
    policy = {"blocked": "low"}
    await house.run(lambda tx: guarding.publish_policy(tx, policy, "test"))
    contact = await gave_up(house)
    assert not await none_of(house, contact)
    for number in (OTHER, CUSTOMER):
        await _block(house, number)
    assert await none_of(house, await gave_up(house, OTHER))
    await free(house, "anna", "bob")
    failed = await in_state(house, contact, "failed")
    assert (failed.reason, dials(house)) == ("blocked", 0)
    known = next(one for one in await entries(house) if one["caller"] == f"+86{CUSTOMER}")
    assert (known["times"], known["reason"]) == (1, "abandoned_queue")
    await all_free(house, "anna", "bob")


async def _block(house: TestHouse, number: str) -> None:
    company = house.house.settings.company
    await house.run(
        lambda tx: guarding.add_entry(
            tx, company, kind="block", number=number, prefix=False, reason="nuisance",
            author="test", expires_at=None,
        )
    )  # fmt: skip


async def test_it_ends_by_itself(house: TestHouse) -> None:
    when(house, 12)
    await ready_for_it(house, "anna", "bob", abandoned_hours=1)
    answers(house)
    contact = await gave_up(house)
    house.clock.skip(3601)
    gone = await in_state(house, contact, "cancelled")
    assert gone.reason == "expired"
    await free(house, "anna", "bob")
    assert await Router(house.house).round() == 0
    [entry] = await entries(house)
    assert (entry["callback_id"], dials(house)) == (None, 0)


async def test_tried_in_vain_it_is_for_people(house: TestHouse) -> None:
    when(house, 12)
    await ready_for_it(house, "anna", "bob", tries=2, retry_min=10)
    house.pbx.outside(CUSTOMER, PhoneBehaviour(refuses="busy"))
    contact = await gave_up(house)
    [before] = await entries(house)
    assert await _to_do(house, "anna") == []
    await free(house, "anna", "bob")
    await house.finished(await leg_out(house, contact))
    await in_state(house, contact, "waiting")
    house.clock.skip(600)
    await free(house, "anna", "bob")
    failed = await in_state(house, contact, "failed")
    assert (failed.tries, failed.reason, dials(house)) == (2, "busy", 2)
    [entry] = await entries(house)
    assert (entry["times"], entry["tries"], entry["reason"]) == (1, 2, "abandoned_queue")
    assert entry["at"] == before["at"]
    assert await _to_do(house, "anna") == ["missed"]
    await all_free(house, "anna", "bob")


async def _to_do(house: TestHouse, login: str) -> list[str]:
    return [one["kind"] for one in await house.run(lambda tx: todo.items(tx, login))]


async def test_by_hand_and_by_itself_are_one_call(house: TestHouse) -> None:
    await ready_for_it(house, "anna", "bob")
    house.pbx.outside(CUSTOMER, PhoneBehaviour(refuses="busy"))
    contact = await gave_up(house)
    out = await outbound.dial(house.house, "bob", Wanted(contact_id=contact))
    gone = await in_state(house, contact, "cancelled")
    assert (gone.reason, gone.by) == ("by_hand", "bob")
    row = await house.run(lambda tx: calls.contact(tx, out))
    assert row is not None
    await house.finished(row.caller_leg)
    await free(house, "anna", "bob")
    assert await Router(house.house).round() == 0
    [entry] = await entries(house)
    assert (dials(house), entry["tries"], entry["callback_id"]) == (1, 1, None)
    await all_free(house, "anna", "bob")


async def test_nobody_dials_who_is_being_called(house: TestHouse) -> None:
    await ready_for_it(house, "anna", "bob", "carl")
    answers(house, after_s=None)
    contact = await gave_up(house)
    await free(house, "anna", "bob")
    out = await leg_out(house, contact)
    await house.heard_of(out, "leg.rung", 2)
    with pytest.raises(CallwrightError, match="being_called"):
        await outbound.dial(house.house, "carl", Wanted(contact_id=contact))
    assert await house.state("carl") == "break"
    await house.run(lambda tx: missed.done(tx, contact, "boss", "called from my own phone"))
    await house.finished(out)
    gone = await in_state(house, contact, "cancelled")
    assert (gone.reason, gone.by, dials(house)) == ("by_hand", "boss", 1)
    [attempt] = await attempts(house, contact)
    assert attempt["ended_at"] is not None
    await all_free(house, "anna", "bob")


async def test_the_lists_say_so(
    house: TestHouse, client: aiohttp.ClientSession, sign_in: SignIn
) -> None:
    await nobody_free(house, "anna")
    boss = await sign_in("boss", role="manager")
    path = "/api/v1/queues/orders/callback"
    body = {"abandoned": True, "abandoned_after_s": 0, "abandoned_hours": 2}
    assert (await boss.put(path, json=body)).status == 200
    async with boss.put(path, json={**body, "abandoned_hours": 0}) as refused:
        params = (await refused.json())["params"]
        assert (refused.status, params["field"]) == (422, "abandoned_hours")
    contact = await gave_up(house)
    async with client.get("/api/v1/missed?done=false") as answer:
        [entry] = (await answer.json())["items"]
    assert (entry["callback"]["state"], entry["callback"]["blended"]) == ("waiting", True)
    async with boss.get("/api/v1/callbacks") as answer:
        [item] = (await answer.json())["items"]
    assert (item["contact_id"], item["position"], item["blended"]) == (str(contact), None, True)
    async with client.ws_connect("/live") as socket:
        await socket.send_json({"subscribe": ["missed"]})
        assert (await socket.receive_json())["snapshot"] == {"open": 1}
        async with boss.post(f"/api/v1/callbacks/{item['id']}/cancel") as answer:
            assert answer.status == 200
        assert (await socket.receive_json())["event"] == {"open": 1}, "whoever looks asks anew"
    async with client.get("/api/v1/missed?done=false") as answer:
        [entry] = (await answer.json())["items"]
    assert entry["callback"] is None
    assert await house.run(lambda tx: agents.count_on_duty(tx, "orders")) == 1
