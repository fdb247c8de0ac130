"""Callers who cannot wait where they are: each cause, each way on, each reason stored."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from tests.house import TestHouse
from tests.integration.house.test_ways_out import played

from callwright.agents import service as agents
from callwright.calls import service as calls
from callwright.calls import visit_store
from callwright.calls.model import Visit
from callwright.integrations.pbx.simulator import PhoneBehaviour
from callwright.kit.db import Tx
from callwright.queues import service as queues
from callwright.queues.model import Cause, Queue, Target
from callwright.routing.handlers import waited_too_long

ORDERS = Queue("orders", "orders", "dept", {}, 60, 600, 5)
HASTY = Queue("hasty", "hasty", "dept", {}, 5, 20, 5)


async def set_up(house: TestHouse, queue: Queue, **settings: Any) -> None:
    """Put settings in force."""
    changed = dataclasses.replace(queue, **settings)
    await house.run(lambda tx: queues.publish_queue(tx, changed, "test"))


async def busy(house: TestHouse, login: str = "busy", **where: Any) -> None:
    """Somebody on duty who takes no call now."""
    await house.add_agent(login, **where)
    await house.run(lambda tx: agents.request_state(tx, login, "break", "lunch"))


def exits(page: dict[str, Any]) -> list[tuple[str, str]]:
    """Which queue was left how, in order."""
    bodies = [event["body"] for event in page["events"] if event["name"] == "queue.left"]
    return [(body["queue"], body["exit"]) for body in bodies]


def causes(page: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Why, what became of it, and where to."""
    bodies = [event["body"] for event in page["events"] if event["name"] == "call.overflowed"]
    return [(body["cause"], body["kind"], body["to"]) for body in bodies]


async def visits(house: TestHouse, page: dict[str, Any]) -> list[Visit]:
    return await house.run(lambda tx: visit_store.visits_of(tx, page["id"]))


@pytest.mark.row("1.6")
async def test_a_full_queue_turns_the_next_caller_away(house: TestHouse) -> None:
    """On the simulator: the third of two is told so; the exit is queue_full."""
    await busy(house)
    await set_up(house, ORDERS, max_waiting=2)
    first, second = await house.caller(number="1"), await house.caller(number="2")
    await house.in_state(first, "waiting")
    await house.in_state(second, "waiting")
    third = await house.caller(number="3")
    page = await house.finished(third)
    assert page["end_reason"] == "queue_full"
    assert exits(page) == [("orders", "queue_full")]
    assert causes(page) == [("full", "goodbye", "")]
    assert played(house, third)[-1] == "goodbye_full"
    assert (await house.contact(first))["state"] == "waiting"
    house.pbx.caller_hangs_up(first)
    await house.finished(first)
    fourth = await house.caller(number="4")
    await house.in_state(fourth, "waiting")


@pytest.mark.row("1.6", "1.9")
async def test_the_longest_wait_leads_to_another_queue_with_the_age_kept(house: TestHouse) -> None:
    """On the simulator: the exit is overflow, and the wait so far counts there."""
    await busy(house, in_queues=("hasty",))
    await house.add_agent("anna", in_queues=("orders",), phone=PhoneBehaviour(answers_after_s=None))
    await set_up(house, HASTY, overflow={"too_long": Target("queue", queue="orders")})
    leg = await house.caller(key="2")
    page = await house.in_state(leg, "ringing")
    assert page["queue"]["key"] == "orders"
    assert exits(page) == [("hasty", "overflow")]
    before, after = await visits(house, page)
    assert after.aged_from == before.entered_at
    assert before.left_at is not None
    assert after.entered_at >= before.left_at
    [rank] = [row for row in await house.run(visit_rows) if row["contact_id"] == page["id"]]
    assert rank["since"] == before.entered_at


async def visit_rows(tx: Tx) -> list[dict[str, Any]]:
    """Since when each open stay counts."""
    found = []
    for row in await calls.waiting_in(tx, "orders"):
        visit = await calls.open_visit(tx, row["contact_id"])
        assert visit is not None
        found.append({**row, "since": visit.aged_from or visit.entered_at})
    return found


@pytest.mark.row("1.6")
async def test_nobody_on_duty_on_entry_goes_on_until_somebody_is(house: TestHouse) -> None:
    """On the simulator: sent on at once, and answered in the other queue."""
    await house.add_agent("anna", in_queues=("orders",))
    await set_up(house, HASTY, overflow={"nobody_on_duty": Target("queue", queue="orders")})
    leg = await house.caller(key="2")
    page = await house.in_state(leg, "talking")
    assert exits(page) == [("hasty", "overflow"), ("orders", "answered")]
    assert causes(page) == [("nobody_on_duty", "queue", "orders")]


@pytest.mark.row("1.6")
async def test_the_last_agent_signs_off_while_somebody_waits(house: TestHouse) -> None:
    """On the simulator: after the grace the caller is told; the exit is no_agent."""
    await busy(house, "last")
    leg = await house.caller()
    await house.in_state(leg, "waiting")
    await house.run(lambda tx: agents.request_state(tx, "last", "offline"))
    page = await house.finished(leg)
    assert page["end_reason"] == "no_agents"
    assert exits(page) == [("orders", "no_agent")]
    assert played(house, leg)[-1] == "goodbye_nobody"


async def test_a_colleague_who_comes_within_the_grace_keeps_the_callers(house: TestHouse) -> None:
    await busy(house, "last")
    leg = await house.caller()
    await house.in_state(leg, "waiting")
    await house.run(lambda tx: agents.request_state(tx, "last", "offline"))
    await house.add_agent("next")
    page = await house.in_state(leg, "talking")
    assert page["agent"]["login"] == "next"
    await house.clock.sleep(12)  # the grace is over by now
    assert (await house.contact(leg))["state"] == "talking"


@pytest.mark.row("1.6")
async def test_after_hours_is_told_and_stored(house: TestHouse) -> None:
    """On the simulator: the caller is told; the exit is after_hours."""
    await house.add_agent("anna")
    await set_up(house, ORDERS, calendar="never")
    leg = await house.caller()
    page = await house.finished(leg)
    assert page["end_reason"] == "closed"
    assert exits(page) == [("orders", "after_hours")]
    assert played(house, leg)[-1] == "closed"


async def test_nobody_goes_round_in_a_circle_made_by_later_settings(house: TestHouse) -> None:
    """What `publish_queue` refuses was written past it: each queue sends a caller on once."""
    circle: dict[Cause, Target] = {"nobody_on_duty": Target("queue", queue="hasty")}
    await house.run(lambda tx: queues.save_queue(tx, dataclasses.replace(ORDERS, overflow=circle)))
    circle = {"nobody_on_duty": Target("queue", queue="orders")}
    await house.run(lambda tx: queues.save_queue(tx, dataclasses.replace(HASTY, overflow=circle)))
    leg = await house.caller()
    page = await house.finished(leg)
    assert exits(page) == [("orders", "overflow"), ("hasty", "no_agent")]
    assert page["end_reason"] == "no_agents"


async def test_a_kind_that_is_not_there_ends_in_words_not_in_silence(house: TestHouse) -> None:
    strange: dict[Cause, Target] = {"nobody_on_duty": Target("carrier pigeon")}
    await house.run(lambda tx: queues.save_queue(tx, dataclasses.replace(ORDERS, overflow=strange)))
    leg = await house.caller()
    assert (await house.finished(leg))["end_reason"] == "no_agents"
    assert played(house, leg)[-1] == "goodbye_nobody"


async def test_nothing_is_done_while_the_agents_phone_rings(house: TestHouse) -> None:
    await house.add_agent("slow", in_queues=("hasty",), phone=PhoneBehaviour(answers_after_s=None))
    await set_up(house, HASTY, ring_s=60)
    leg = await house.caller(key="2")
    page = await house.in_state(leg, "ringing")
    await waited_too_long({"contact_id": str(page["id"])}, house.house)
    assert (await house.contact(leg))["state"] == "ringing"


async def test_a_timer_of_an_earlier_stay_does_nothing(house: TestHouse) -> None:
    await busy(house)
    leg = await house.caller()
    page = await house.in_state(leg, "waiting")
    old = {"contact_id": str(page["id"]), "visit_id": str(page["id"])}
    await waited_too_long(old, house.house)
    assert (await house.contact(leg))["state"] == "waiting"
