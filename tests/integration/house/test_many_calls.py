"""Many calls on twenty agents: no double offer, nobody stuck, everything explained."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.house import NUMBER, TestHouse, open_house

from callwright.agents import service as agents
from callwright.calls.store import contact_table, leg_table, segment_table, visit_table
from callwright.integrations.pbx.simulator import PhoneBehaviour
from callwright.kit.db import Tx
from callwright.kit.journal import event_table
from callwright.routing.store import offer_table

AGENTS, AT_ONCE = 20, 40


@pytest.mark.timeout(900)
@pytest.mark.parametrize("calls", [150, pytest.param(1000, marks=pytest.mark.long)])
async def test_many_calls_on_twenty_agents(calls: int, database_url: str, tmp_path: Path) -> None:
    async with open_house(database_url, tmp_path, speed=12.0) as house:
        rng = random.Random(7)
        for number in range(AGENTS):
            phone = PhoneBehaviour(
                answers_after_s=None if number == 0 else rng.uniform(0.2, 2),
                hangs_up_after_s=rng.uniform(3, 9),
            )
            await house.add_agent(f"agent{number}", in_queues=("orders",), phone=phone)
        gate = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*(one_call(house, gate, rng, n) for n in range(calls)))
        await house.until(all_ended)
        await house.run(lambda tx: everything_is_explained(tx, calls))
        await house.until(nobody_is_stuck)


async def one_call(house: TestHouse, gate: asyncio.Semaphore, rng: random.Random, n: int) -> None:
    """A caller who waits, or gives up after a while; the agents end the talks."""
    async with gate:
        leg = house.pbx.call_in(f"139{n:08d}", NUMBER)
        patience = rng.uniform(5, 20) if n % 10 == 0 else None
        await house.clock.sleep(rng.uniform(2.0, 3.0))
        house.pbx.press(leg, "1")
        if patience:
            await house.clock.sleep(patience)
            house.pbx.caller_hangs_up(leg)
        while leg in house.pbx.pbx.legs:
            await house.clock.sleep(1.0)
            await away_agents_come_back(house)


async def away_agents_come_back(house: TestHouse) -> None:
    """A supervisor sends those who missed a call back, so that the day goes on."""

    async def back(tx: Tx) -> None:
        for agent in await agents.agents(tx):
            if agent.state == "break":
                await agents.request_state(tx, agent.login, "ready")

    if random.random() < 0.02:
        await house.run(back)


async def all_ended(tx: Tx) -> bool:
    """True as soon as the last end is written down."""
    return await count(tx, contact_table, contact_table.c.state != "ended") == 0


async def everything_is_explained(tx: Tx, calls: int) -> None:
    """Asserts on the stored rows of the whole day."""
    c, o, s, v = contact_table.c, offer_table.c, segment_table.c, visit_table.c
    assert await count(tx, contact_table) == calls
    assert await count(tx, contact_table, c.end_reason.is_(None)) == 0
    assert await count(tx, visit_table, v.left_at.is_(None)) == 0
    assert await count(tx, leg_table, leg_table.c.ended_at.is_(None)) == 0
    assert await overlaps(tx, o.agent_id, o.made_at, o.closed_at) == 0, "an agent offered twice"
    assert await overlaps(tx, o.contact_id, o.made_at, o.closed_at) == 0, "a call offered twice"
    assert await overlaps(tx, s.agent_id, s.started_at, s.ended_at) == 0, "an agent in two talks"
    talked = await count(tx, segment_table)
    answered = await count(tx, contact_table, c.end_reason == "completed")
    assert talked == answered > calls * 0.8
    assert await count(tx, event_table, event_table.c.name == "call.ended") == calls


async def count(tx: Tx, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
    """Rows that fit."""
    return int(await tx.value(sa.select(sa.func.count()).select_from(table).where(*where)) or 0)


async def overlaps(
    tx: Tx, who: sa.Column[object], start: sa.Column[object], end: sa.Column[object]
) -> int:
    """How often a stretch begins before the one before it of the same subject has ended."""
    before = sa.func.lag(end).over(partition_by=who, order_by=start)
    rows = sa.select(start.label("start"), before.label("before")).subquery()
    query = sa.select(sa.func.count()).where(rows.c.before > rows.c.start)
    return int(await tx.value(query) or 0)


async def nobody_is_stuck(tx: Tx) -> bool:
    """True as soon as no agent is in a state that belongs to a call."""
    busy = ("ringing", "talking", "hold", "wrap")
    return all(agent.state not in busy for agent in await agents.agents(tx))
