"""Nodes of the menu, each on a whole call."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.house import TestHouse
from tests.integration.house.people import Person, office
from tests.integration.house.trees import KNOWN, arrives, outcomes, plant, said, types

from callwright.calls import missed

LATEST = ("number_4.zh", "number_7.zh", "digit_1.zh", "number_9.zh", "number_5.zh")  # 幺, not 一


@pytest.fixture
async def house(house: TestHouse) -> TestHouse:
    await plant(house)
    return house


@pytest.fixture
async def manager(house: TestHouse) -> AsyncIterator[Person]:
    async with office(house) as people:
        yield await people.person("boss", "manager")


def last(house: TestHouse, leg: str, first: str) -> list[str]:
    """What was said from the last time that something was said."""
    names = said(house, leg)
    return names[len(names) - 1 - names[::-1].index(first) :]


async def test_where_is_my_parcel_the_latest_order_first_or_the_end_of_any(
    house: TestHouse,
) -> None:
    leg = await arrives(house, "5")
    await types(house, leg, "#", heard="order_choose")
    await house.heard_of(leg, "answer.given")
    assert said(house, leg)[2:9] == [
        "order_latest.zh", *LATEST, "order_choose.zh",
    ]  # fmt: skip
    assert last(house, leg, "order_number.zh")[:10] == [
        "order_number.zh", *LATEST, "order_placed.zh",
        "number_10.zh", "number_1.zh", "month.zh",
    ]  # fmt: skip
    await types(house, leg, "9", heard="more")
    await types(house, leg, "", heard="order_shipped", times=2)
    house.pbx.caller_hangs_up(leg)
    page = await house.finished(leg)
    assert page["end_reason"] == "self_served"
    assert await house.run(missed.count_open) == 0

    leg = await arrives(house, "6")
    await types(house, leg, "6801#", heard="order_choose")
    page = await house.finished(leg)
    assert last(house, leg, "order_number.en")[6:11] == [
        "order_placed.en", "month_11.en", "number_2.en", "order_delivered.en", "more.en",
    ]  # fmt: skip
    assert page["end_reason"] == "self_served"
    assert page["queue"] is None


async def test_somebody_elses_order_needs_the_end_of_their_telephone_number(
    house: TestHouse,
) -> None:
    leg = await arrives(house, "5")
    await types(house, leg, "50505#", heard="order_choose")
    await types(house, leg, "9999", heard="order_tail")
    await types(house, leg, "50505#", heard="order_choose", times=2)
    await types(house, leg, "2222", heard="order_tail", times=2)
    await types(house, leg, "", heard="order_refunded")
    assert said(house, leg).count("order_not_found.zh") == 1
    page = await house.heard_of(leg, "node.passed")
    assert "50505" not in str(page["events"])
    assert "2222" not in str(page["events"])
    assert KNOWN[3:] not in str(page["events"])
    house.pbx.caller_hangs_up(leg)


async def test_what_is_not_found_or_has_no_words_comes_to_an_agent(house: TestHouse) -> None:
    await house.add_agent("anna")
    leg = await arrives(house, "5", number="13900000001")
    await types(house, leg, "77777#", heard="order_ask")
    await types(house, leg, "1234", heard="order_tail")
    await types(house, leg, "#", heard="order_ask", times=2)
    page = await house.in_state(leg, "talking")
    assert "order_latest.zh" not in said(house, leg)
    assert await outcomes(house, leg) == [("parcel", "not_found")]
    assert page["queue"]["key"] == "orders"
    house.pbx.caller_hangs_up(leg)
    leg = await arrives(house, "5")
    await types(house, leg, "60606#", heard="order_choose")
    await house.in_state(leg, "talking")
    assert await outcomes(house, leg) == [("parcel", "no_words")]


async def test_branches_say_why(house: TestHouse) -> None:
    closed = await arrives(house, "2")
    page = await house.finished(closed)
    [passed] = [event["body"] for event in page["events"] if event["name"] == "node.passed"]
    assert passed["reason"] == "calendar never is closed"
    assert said(house, closed)[-1] == "closed.zh"
    await house.add_agent("anna")
    diamond = await arrives(house, "3")
    await house.in_state(diamond, "talking")
    assert await outcomes(house, diamond) == [("vip", "diamond")]
    house.pbx.caller_hangs_up(diamond)
    first = await arrives(house, "3", number="13900000002")
    await house.finished(first)
    assert await outcomes(house, first) == [("vip", "unknown"), ("again", "no")]
    again = await arrives(house, "3", number="13900000002")
    await house.heard_of(again, "call.queued")
    assert await outcomes(house, again) == [("vip", "unknown"), ("again", "yes")]


async def test_what_was_pressed_is_on_the_agents_screen(house: TestHouse) -> None:
    await house.add_agent("anna")
    leg = await arrives(house, "5")
    await types(house, leg, "47195#", heard="order_choose")
    await types(house, leg, "0", heard="more")
    await house.in_state(leg, "talking")
    async with office(house) as people:
        anna = await people.person("anna")
        path = (await anna.get("/desk"))["call"]["brief"]["path"]
    assert path == [{"digits": "5", "label": "查包裹"}, {"digits": "0", "label": "orders"}]


async def contained(manager: Person) -> dict[str, Any]:
    found: dict[str, Any] = await manager.get("/ivr-containment")
    return found


async def test_containment_is_counted_and_corrected_by_a_later_call(
    house: TestHouse, manager: Person
) -> None:
    leg = await arrives(house, "7")
    await house.heard_of(leg, "answer.given")
    house.pbx.caller_hangs_up(leg)
    await house.finished(leg)
    found = (await contained(manager))["nodes"]["news"]
    assert (found["calls"], found["contained"], found["wrong"], found["open"]) == (1, 1, 0, 1)
    await house.add_agent("anna")
    back = await arrives(house, "1")
    await house.in_state(back, "talking")
    house.pbx.caller_hangs_up(back)
    await house.finished(back)
    later = await contained(manager)
    assert (later["whole"]["calls"], later["whole"]["rate"]) == (2, 0.5)
    assert (later["nodes"]["news"]["wrong"], later["nodes"]["news"]["open"]) == (1, 0)
    answer = await manager.ask("PUT", "/ivr-containment", json={"wrong_within_s": 0.001})
    assert answer.status == 200
    assert (await contained(manager))["nodes"]["news"]["wrong"] == 0
    wrong = await manager.ask("PUT", "/ivr-containment", json={"wrong_within_s": "long"})
    assert (wrong.status, wrong.params["field"]) == (422, "wrong_within_s")


async def test_who_was_answered_and_then_gave_up_waiting_was_missed(house: TestHouse) -> None:
    await house.add_agent("busy", ready=True)
    other = await arrives(house, "1", number="13900000009")
    await house.in_state(other, "talking")
    leg = await arrives(house, "7")
    await types(house, leg, "0", heard="more")
    await house.heard_of(leg, "call.queued")
    house.pbx.caller_hangs_up(leg)
    assert (await house.finished(leg))["end_reason"] == "abandoned_queue"
    assert await house.run(missed.count_open) == 1
