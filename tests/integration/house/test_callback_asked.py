"""How a caller asks for a callback: the key, whose number, second thoughts; and the API."""

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
    confirm,
    dials,
    free,
    in_state,
    leg_out,
    nobody_free,
    promise_of,
    promised,
    rule,
)
from tests.integration.house.talking import all_free
from tests.integration.house.test_talks_restored import adopted

from callwright.calls import callbacks
from callwright.calls import service as calls
from callwright.integrations.pbx.simulator import PhoneBehaviour
from callwright.kit.db import Tx


async def waits(house: TestHouse, number: str = CUSTOMER) -> tuple[str, UUID]:
    """A caller in the queue, with a key to press: leg and contact."""
    await nobody_free(house, "anna")
    await rule(house, key="8", offer_after_s=3600)
    leg = await house.caller(number=number)
    page = await house.in_state(leg, "waiting")
    return leg, page["id"]


async def pressed(house: TestHouse, leg: str) -> None:
    """The caller presses the queue's key until they are asked."""

    async def asked(_: Tx) -> bool:
        house.pbx.press(leg, "8")
        return bool((await house.contact(leg))["state"] == "choosing")

    await house.until(asked)


async def until_asked(house: TestHouse, leg: str, prompt: str) -> None:
    """Return when a prompt is heard, and nothing after it."""

    async def heard(_: Tx) -> bool:
        return any(f"/{prompt}." in source for source in house.pbx.hears_now(leg))

    await house.until(heard)


async def test_the_key_pressed_while_waiting_promises_a_callback(house: TestHouse) -> None:
    leg, contact = await waits(house)
    house.pbx.press(leg, "5")
    await pressed(house, leg)
    await confirm(house, leg)
    page = await house.finished(leg)
    assert page["end_reason"] == "callback_requested"
    assert (await promise_of(house, contact)).number == f"+86{CUSTOMER}"
    heard = [sound.source for sound in house.pbx.hears(leg)]
    assert any("callback_promised" in source for source in heard)


async def test_after_a_while_they_are_told_of_it(house: TestHouse) -> None:
    await nobody_free(house, "anna")
    await rule(house, key="8", offer_after_s=2)
    leg = await house.caller(number=CUSTOMER)
    await until_asked(house, leg, "callback_offer")
    await house.in_state(leg, "waiting")
    await pressed(house, leg)
    await confirm(house, leg)
    assert (await house.finished(leg))["end_reason"] == "callback_requested"


async def test_a_hidden_number_must_be_typed_and_is_in_no_event(house: TestHouse) -> None:
    leg, contact = await waits(house, "anonymous")
    await pressed(house, leg)
    await until_asked(house, leg, "callback_type")
    house.pbx.press(leg, "95588#")
    await until_asked(house, leg, "callback_wrong_number")
    house.pbx.press(leg, f"{OTHER}#")
    await until_asked(house, leg, "callback_number")
    house.pbx.press(leg, "1")
    page = await house.finished(leg)
    promise = await promise_of(house, contact)
    assert (promise.number, promise.customer_id) == (f"+86{OTHER}", None)
    assert OTHER not in str(page["events"])
    house.pbx.outside(OTHER, PhoneBehaviour(answers_after_s=1.0, hangs_up_after_s=4.0))
    await free(house, "anna")
    await in_state(house, contact, "completed")
    assert dials(house, OTHER) == 1
    await house.finished(await leg_out(house, contact))
    await all_free(house, "anna")


async def test_another_number_than_ones_own(house: TestHouse) -> None:
    leg, contact = await waits(house)
    await pressed(house, leg)
    await until_asked(house, leg, "callback_number_ends")
    house.pbx.press(leg, "2")
    await until_asked(house, leg, "callback_type")
    house.pbx.press(leg, f"{OTHER}#")
    await until_asked(house, leg, "callback_number")
    house.pbx.press(leg, "1")
    await house.finished(leg)
    assert (await promise_of(house, contact)).number == f"+86{OTHER}"


@pytest.mark.parametrize("how", ["star", "nothing", "dies"])
async def test_who_does_not_want_it_waits_on_at_the_same_place(house: TestHouse, how: str) -> None:
    leg, contact = await waits(house)
    [before] = await house.run(calls.waiting)
    await pressed(house, leg)
    assert await house.run(calls.waiting) == [], "nobody is offered a caller who decides"
    if how == "star":
        house.pbx.press(leg, "*")
    elif how == "dies":
        await house.house.bus.close()
        await adopted(house)
    else:
        house.clock.speed = 60.0
    await house.in_state(leg, "waiting")
    house.clock.speed = 10.0
    assert await house.run(calls.waiting) == [before]
    assert await house.run(lambda tx: callbacks.of_contact(tx, contact)) is None
    await free(house, "anna")
    await house.in_state(leg, "talking")
    house.pbx.caller_hangs_up(leg)
    await house.finished(leg)
    await all_free(house, "anna")


async def test_hanging_up_before_a_yes_is_no_promise(house: TestHouse) -> None:
    leg, contact = await waits(house)
    await pressed(house, leg)
    house.pbx.caller_hangs_up(leg)
    assert (await house.finished(leg))["end_reason"] == "abandoned_queue"
    assert await house.run(lambda tx: callbacks.of_contact(tx, contact)) is None


async def test_open_callbacks_are_listed_and_withdrawn_by_who_may(
    house: TestHouse, client: aiohttp.ClientSession, sign_in: SignIn
) -> None:
    await nobody_free(house, "anna")
    first, older = await house.caller(number=OTHER), None
    await house.in_state(first, "waiting")
    _, older = await promised(house)
    bob, boss = await sign_in("bob"), await sign_in("boss", role="supervisor")
    [item] = (await _get(bob, "/api/v1/callbacks"))["items"]
    assert (item["contact_id"], item["position"], item["state"]) == (str(older), 2, "waiting")
    assert (item["number_masked"], item["customer"]["name"]) == ("138****7394", "王建国")
    assert item["waited_s"] > 0
    assert CUSTOMER not in str(item)
    path = f"/api/v1/callbacks/{item['id']}/cancel"
    assert (await bob.post(path)).status == 403
    gone = await (await boss.post(path)).json()
    assert (gone["state"], gone["reason"], gone["by"]) == ("cancelled", "by_hand", "boss")
    assert (await boss.post(path)).status == 409
    assert (await boss.post(path.replace(item["id"], str(older)))).status == 404
    assert (await _get(bob, "/api/v1/callbacks"))["items"] == []
    [over] = (await _get(bob, "/api/v1/callbacks?done=true"))["items"]
    assert over["id"] == item["id"]
    page = await _get(bob, f"/api/v1/contacts/{older}")
    assert (page["callback"]["state"], page["callback"]["asked_in"]) == ("cancelled", str(older))


async def test_rules_are_versions_and_wrong_ones_name_their_field(
    house: TestHouse, client: aiohttp.ClientSession, sign_in: SignIn
) -> None:
    boss = await sign_in("meng", role="manager")
    before = await _get(boss, "/api/v1/queues/orders/callback")
    assert (before["version"], before["body"]["key"]) == (0, "")
    for what, body in (("callback", {"key": "1", "first": "customer"}), ("voicemail", {})):
        made = await boss.put(f"/api/v1/queues/orders/{what}", json=dict(body))
        assert (await made.json())["version"] == 1
    after = await _get(boss, "/api/v1/queues/orders/callback")
    assert (after["version"], after["body"]["first"]) == (1, "customer")
    wrong_ones: tuple[tuple[str, dict[str, Any], str], ...] = (
        ("callback", {"key": "12"}, "key"),
        ("callback", {"tries": 0}, "tries"),
        ("callback", {"first": "nobody"}, "first"),
        ("voicemail", {"longest_s": 1e9}, "longest_s"),
        ("voicemail", {"colour": "red"}, "colour"),
    )
    for what, body, field in wrong_ones:
        wrong = await boss.put(f"/api/v1/queues/orders/{what}", json=body)
        assert wrong.status == 422
        assert field in await wrong.text()
    assert (await boss.put("/api/v1/queues/none/callback", json={})).status == 404
    agent = await sign_in("ann")
    assert (await agent.put("/api/v1/queues/orders/callback", json={})).status == 403


async def test_who_wants_no_calls_is_offered_none(
    house: TestHouse, client: aiohttp.ClientSession, sign_in: SignIn
) -> None:
    leg, contact = await waits(house)
    who = (await house.contact(leg))["customer"]["id"]
    bob = await sign_in("bob")
    path = f"/api/v1/customers/{who}/do-not-call"
    assert (await bob.put(path, json={"on": True})).ok
    assert (await bob.put(path, json={"on": "perhaps"})).status == 422
    house.pbx.press(leg, "8")
    await house.heard_of(leg, "call.queued")
    await house.in_state(leg, "waiting")
    assert await house.run(lambda tx: callbacks.of_contact(tx, contact)) is None
    house.pbx.caller_hangs_up(leg)
    await house.finished(leg)


async def _get(browser: aiohttp.ClientSession, path: str) -> dict[str, Any]:
    answer = await browser.get(path)
    assert answer.ok, await answer.text()
    return dict(await answer.json())


async def test_answered_by_nobody_on_duty_the_customer_is_not_called(house: TestHouse) -> None:
    await nobody_free(house)
    await house.add_agent("anna", ready=False)
    await rule(house, first="customer")
    answers(house)
    leg = await house.caller(number=CUSTOMER)
    assert (await house.finished(leg))["end_reason"] == "no_agents"
    assert dials(house) == 0
