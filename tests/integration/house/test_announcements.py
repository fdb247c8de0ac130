"""What waiting callers are told: greeting once, place and wait, never in an agent's way."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.house import TestHouse, open_house
from tests.integration.house.test_overflow import ORDERS, busy, set_up
from tests.integration.house.test_ways_out import played

from callwright.agents import service as agents
from callwright.calls import service as calls
from callwright.calls.events import CallAdopted
from callwright.integrations.pbx.simulator import PhoneBehaviour
from callwright.kit.db import Tx
from callwright.queues.model import Announce
from callwright.routing import handlers, reads, rules

TOLD = Announce(position=True, wait=True, every_s=10)


def told(page: dict[str, Any]) -> list[dict[str, Any]]:
    """What was announced, in order."""
    return [event["body"] for event in page["events"] if event["name"] == "queue.announced"]


async def test_the_greeting_is_played_once_and_music_goes_on(house: TestHouse) -> None:
    await busy(house)
    leg = await house.caller()
    await house.in_state(leg, "waiting")
    await until_heard(house, leg, "queue_greeting")
    await house.clock.sleep(15)
    assert played(house, leg).count("queue_greeting") == 1
    assert house.pbx.hears_now(leg) == ("default",)
    assert told(await house.contact(leg)) == []


@pytest.mark.row("1.5")
async def test_place_and_wait_are_told_again_and_follow_what_happens(house: TestHouse) -> None:
    """On the simulator: second, then next, with a shorter wait each time."""
    await handled(house, 5)
    await set_up(house, ORDERS, announce=TOLD)
    await talk_with(house, "anna")
    first, second = await house.caller(number="1"), await house.caller(number="2")
    page = await house.heard_of(second, "queue.announced")
    [once] = told(page)
    assert (once["position"], once["played"]) == (2, "completed")
    assert once["ewt_s"] is not None
    assert "place_2" in played(house, second)
    house.pbx.caller_hangs_up(first)
    await house.finished(first)
    page = await house.heard_of(second, "queue.announced", times=3)
    *_, last = told(page)
    assert last["position"] == 1
    assert last["ewt_s"] < once["ewt_s"]
    assert played(house, second)[-2:] != ["place_next"]
    assert "place_next" in played(house, second)


async def test_the_place_follows_the_published_rules(house: TestHouse) -> None:
    """A diamond customer who came second is told the first place, unless value counts nothing."""
    await set_up(house, ORDERS, announce=TOLD)
    await talk_with(house, "anna")
    await house.in_state(await house.caller(number="1"), "waiting")
    diamond = await house.caller(number="13816527394")
    [once] = told(await house.heard_of(diamond, "queue.announced"))
    assert once["position"] == 1
    alike: dict[str, Any] = {"tier_value": {}, "type_value": {}}
    await house.run(lambda tx: rules.publish(tx, alike, "test"))
    page = await house.heard_of(diamond, "queue.announced", times=3)
    assert told(page)[-1]["position"] == 2


async def test_a_wait_that_nobody_can_know_is_not_told(house: TestHouse) -> None:
    await busy(house)
    await set_up(house, ORDERS, announce=TOLD)
    leg = await house.caller()
    [once] = told(await house.heard_of(leg, "queue.announced"))
    assert once["ewt_s"] is None
    assert once["said"] == ["place_next"]
    assert once["reasons"] == ["nobody who can take it is at work"]


@pytest.mark.row("1.5")
async def test_an_agent_who_picks_up_is_not_kept_waiting_by_an_announcement(
    house: TestHouse,
) -> None:
    """On the simulator: what is said ends, the caller hears the agent."""
    await busy(house)
    await set_up(house, ORDERS, announce=TOLD, greeting="sales_greeting")
    leg = await house.caller()
    await until_heard(house, leg, "sales_greeting")
    await house.add_agent("anna", phone=PhoneBehaviour(answers_after_s=0.1))
    page = await house.in_state(leg, "talking")
    [segment] = await house.run(lambda tx: calls.segments_of(tx, page["id"]))
    assert house.pbx.hears_now(leg) == (segment.leg,)
    await house.clock.sleep(15)
    assert house.pbx.hears_now(leg) == (segment.leg,), "nothing is said into a talk"


async def test_a_restart_greets_nobody_twice_and_goes_on_announcing(house: TestHouse) -> None:
    await busy(house)
    await set_up(house, ORDERS, announce=TOLD)
    leg = await house.caller()
    page = await house.heard_of(leg, "queue.announced")
    adopted = CallAdopted(at=house.clock.now(), contact_id=page["id"], state="waiting", leg=leg)
    await handlers.call_adopted(adopted, house.house)
    await house.heard_of(leg, "queue.announced", times=len(told(page)) + 1)
    assert played(house, leg).count("queue_greeting") == 1


async def test_two_platforms_do_not_speak_at_once(database_url: str, tmp_path: Path) -> None:
    """Whoever moves `speak_at` speaks; the other one finds it moved."""
    async with open_house(database_url, tmp_path) as house:
        await busy(house)
        leg = await house.caller()
        page = await house.in_state(leg, "waiting")
        await until_heard(house, leg, "queue_greeting")
        await house.clock.sleep(10)  # it is over by then
        visit = await house.run(lambda tx: calls.open_visit(tx, page["id"]))
        assert visit is not None
        later = house.clock.now() + timedelta(minutes=5)
        before = visit.speak_at
        tries = [
            await house.run(lambda tx: calls.speak_next(tx, visit.id, before, later))
            for _ in range(2)
        ]
        assert tries == [True, False]


@pytest.mark.row("1.5")
async def test_announced_and_real_waits_are_compared(house: TestHouse) -> None:
    """On the simulator: what was told is held against the real wait."""
    await handled(house, 5)
    await set_up(house, ORDERS, announce=TOLD)
    since = house.clock.now()
    busy_leg = await talk_with(house, "anna")
    leg = await house.caller(number="2")
    page = await house.heard_of(leg, "queue.announced")
    house.pbx.caller_hangs_up(busy_leg)
    await house.in_state(leg, "talking")
    [row] = await house.run(
        lambda tx: reads.announcement_error(tx, since, house.clock.now() + timedelta(days=1))
    )
    first = told(page)[0]
    assert (row.queue, row.left) == ("orders", 0)
    assert row.answered >= 1
    assert row.mean is not None
    assert abs(row.mean) < first["ewt_s"] + 600
    elsewhere = await house.run(
        lambda tx: reads.announcement_error(tx, since, house.clock.now(), queue="hasty")
    )
    assert elsewhere == []


async def test_the_question_is_answered_anew_each_time(house: TestHouse, client: Any) -> None:
    await handled(house, 5)
    await talk_with(house, "anna")
    leg = await house.caller(number="2")
    page = await house.in_state(leg, "waiting")
    path = f"/api/v1/contacts/{page['id']}/expected-wait"
    answer = await (await client.get(path)).json()
    assert answer["position"] == 1
    assert answer["seconds"] > 0
    await house.run(lambda tx: agents.request_state(tx, "helper", "break", ""))
    assert (await (await client.get(path)).json())["seconds"] == answer["seconds"]
    house.pbx.caller_hangs_up(leg)
    await house.finished(leg)
    assert (await client.get(path)).status == 409


async def handled(house: TestHouse, times: int) -> None:
    """So many calls of `orders` that are over, wrap-up included: two minutes each."""
    await house.add_agent("helper", ready=False)

    async def write(tx: Tx) -> None:
        helper = await agents.agent_of_login(tx, "helper")
        for _ in range(times):
            await past_talk(tx, helper.id)

    await house.run(write)


async def past_talk(tx: Tx, agent_id: Any) -> None:
    """One talk that ended a while ago."""
    from callwright.calls import store
    from callwright.kit.ids import new_id

    contact_id, now = new_id(), tx.clock.now()
    await store.insert_contact(
        tx,
        {
            "id": contact_id, "site": "main", "state": "ended", "caller_leg": str(contact_id),
            "from_number": "1", "e164": None, "number_kind": "invalid", "to_number": "1",
            "customer_id": None, "tier": "", "started_at": now, "ivr": "main", "language": "zh",
            "matches": [], "queue": "orders",
        },
    )  # fmt: skip
    begun = now - timedelta(minutes=10)
    await tx.execute(
        store.segment_table.insert().values(
            id=new_id(), contact_id=contact_id, agent_id=agent_id, leg="", bridge="",
            started_at=begun, ended_at=begun + timedelta(seconds=100),
            wrapped_at=begun + timedelta(seconds=120),
        )
    )  # fmt: skip


async def talk_with(house: TestHouse, login: str) -> str:
    """An agent who talks with somebody."""
    await house.add_agent(login)
    leg = await house.caller(number="99")
    await house.in_state(leg, "talking")
    return leg


async def until_heard(house: TestHouse, leg: str, prompt: str) -> None:
    """Return when a prompt was begun."""

    async def so(_: Tx) -> bool:
        return prompt in played(house, leg)

    await house.until(so)
