"""One router per site: takeover, no clock trusted, nobody offered twice by two routers."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from tests.house import TestHouse

from callwright.agents import service as agents
from callwright.calls import service as calls
from callwright.calls.store import contact_table, visit_table
from callwright.integrations.pbx.simulator import PhoneBehaviour
from callwright.kit.db import Tx
from callwright.routing.floor import Floor
from callwright.routing.lease import BEAT_S, SILENT_S, Lease
from callwright.routing.service import Router
from callwright.routing.store import lease_of, offer_table

NOBODY = PhoneBehaviour(answers_after_s=None)


@pytest.fixture
async def alone(house: TestHouse) -> TestHouse:
    """A house whose own router has ended in order."""
    [task] = [task for task in asyncio.all_tasks() if task.get_name() == "router"]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return house


async def test_an_orderly_end_gives_the_lease_away_at_once(alone: TestHouse) -> None:
    assert await Lease(alone.house).beat()


async def test_of_many_only_one_holds_it(alone: TestHouse) -> None:
    leases = [Lease(alone.house) for _ in range(6)]
    for _ in range(5):
        held = await asyncio.gather(*(lease.beat() for lease in leases))
        assert held.count(True) == 1


async def test_who_beats_keeps_it_whatever_the_clocks_say(alone: TestHouse) -> None:
    first, second = Lease(alone.house), Lease(alone.house)
    assert await first.beat()
    for step_s in (3600.0, -7200.0, 86400.0):
        assert not await second.beat()
        alone.clock.skip(step_s)  # the wall clock is set; the steady one goes on
        assert await first.beat()
        assert not await second.beat()


async def test_who_is_silent_loses_it_and_learns_so(alone: TestHouse) -> None:
    first, second = Lease(alone.house), Lease(alone.house)
    assert await first.beat()
    assert not await second.beat()
    await alone.clock.sleep(SILENT_S)
    assert await second.beat()
    assert not await first.beat()
    assert first.term is None
    assert second.term is not None
    row = await alone.run(lambda tx: lease_of(tx, "main"))
    assert row is not None
    assert (row["holder"], row["term"]) == (second.holder, second.term)


async def test_a_router_that_slept_through_its_term_offers_nothing(alone: TestHouse) -> None:
    """The frozen one wakes with everything it knew, and the callers are the other one's."""
    asleep, other = Router(alone.house), Router(alone.house)
    assert await asleep.lease.beat()
    assert not await other.lease.beat()
    await alone.clock.sleep(SILENT_S)
    assert await other.lease.beat()
    await alone.add_agent("anna", phone=NOBODY, ready=False)
    await alone.run(lambda tx: agents.request_state(tx, "anna", "break"))
    leg = await alone.caller()
    await alone.heard_of(leg, "call.queued")
    await alone.run(lambda tx: agents.request_state(tx, "anna", "ready"))
    assert asleep.lease.term is not None  # what it still believes
    assert await asleep.round() == 0
    assert await alone.run(_offers) == 0
    assert await alone.state("anna") == "ready"
    assert await other.round() == 1
    await alone.in_state(leg, "ringing")
    assert await alone.run(_offers) == 1


async def test_takeover_within_five_seconds_of_a_death(alone: TestHouse) -> None:
    """Callers who wait get their phones; what rang goes on ringing; once each, in order."""
    dead = Router(alone.house)
    assert await dead.lease.beat()
    ringing, waits = await _one_rings_one_waits(alone, dead)
    died_at = alone.clock.monotonic()  # from here on it beats no more
    second = Router(alone.house)
    task = asyncio.create_task(second.run())
    try:
        await _until_held(second)
        assert alone.clock.monotonic() - died_at <= SILENT_S + 2 * BEAT_S + 5  # virtual, and slack
        await alone.add_agent("berta")
        await alone.in_state(waits, "talking")
        page = await alone.contact(ringing)
        assert [e["name"] for e in page["events"]].count("offer.made") == 1
        assert await alone.run(_offers) == 2
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _one_rings_one_waits(house: TestHouse, router: Router) -> tuple[str, str]:
    await house.add_agent("anna", phone=NOBODY)
    legs = []
    for number in ("13900000001", "13900000002"):
        leg = await house.caller(number=number)
        await house.heard_of(leg, "call.queued")
        legs.append(leg)
    assert await router.round() == 1
    await house.in_state(legs[0], "ringing")
    return legs[0], legs[1]


async def _until_held(router: Router) -> None:
    while router.lease.term is None:  # noqa: ASYNC110 - what is waited for tells one only
        await asyncio.sleep(0.01)


async def _offers(tx: Tx) -> int:
    return int(await tx.value(sa.select(sa.func.count()).select_from(offer_table)))


async def _all_greeted(tx: Tx) -> bool:
    return not await tx.value(sa.select(visit_table.c.id).where(visit_table.c.speak_at.is_(None)))


async def test_only_rows_that_changed_are_read_again(
    alone: TestHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A caller whose tier is learned while they wait, one who leaves, and one who stays."""
    await alone.add_agent("anna", phone=NOBODY, ready=False)
    await alone.run(lambda tx: agents.request_state(tx, "anna", "break"))
    stays, learned, leaves = [
        await alone.caller(number=number)
        for number in ("13900000001", "13900000002", "13900000003")
    ]
    ids = {
        leg: str((await alone.in_state(leg, "waiting"))["id"]) for leg in (stays, learned, leaves)
    }
    await alone.run(lambda tx: agents.request_state(tx, "anna", "ready"))
    read: list[set[str]] = []
    rows_of = calls.waiting_in_places

    async def counted(tx: Tx, places: Collection[UUID]) -> list[dict[str, Any]]:
        rows = await rows_of(tx, places)
        read.append({str(row["contact_id"]) for row in rows})
        return rows

    monkeypatch.setattr(calls, "waiting_in_places", counted)
    floor = Floor(alone.house.clock)

    async def look() -> None:
        async with alone.house.db.reading() as tx:
            assert await floor.look(tx)

    await look()
    assert read.pop(0) == set(ids.values())
    while read or not await alone.run(_all_greeted):  # which is written into their rows
        read.clear()
        await look()
    changed = sa.update(contact_table).where(contact_table.c.id == UUID(ids[learned]))
    await alone.run(lambda tx: tx.execute(changed.values(tier="gold")))
    alone.pbx.caller_hangs_up(leaves)
    await alone.in_state(leaves, "ended")
    await look()
    assert read == [{ids[learned]}]
    assert {id_: call.tier for id_, call in floor.calls.items()} == {
        ids[stays]: "", ids[learned]: "gold"
    }  # fmt: skip
    [made] = floor.decide()
    assert made.call == ids[learned]
    floor.taken(made.call)
    await look()  # the offer was never written: the caller is still there, unchanged
    assert read[1:] == [{ids[learned]}]
