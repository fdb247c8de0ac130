"""A talk to play with, and what must be so when it is over."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from tests.house import NUMBER, TestHouse

from callwright.accounts.model import User
from callwright.calls import service
from callwright.calls.store import consult_table, hold_table, leg_table, segment_table, visit_table
from callwright.kit.db import Tx
from callwright.kit.ids import new_id
from callwright.ports.telephony import Trunk
from callwright.queues import service as queues
from callwright.queues.model import Line
from callwright.routing.store import offer_table

OPEN = (
    (hold_table, hold_table.c.ended_at),
    (consult_table, consult_table.c.closed_at),
    (segment_table, segment_table.c.ended_at),
    (visit_table, visit_table.c.left_at),
    (offer_table, offer_table.c.closed_at),
    (leg_table, leg_table.c.ended_at),
)


async def talking(house: TestHouse) -> tuple[str, str, UUID]:
    """Anna talks with a caller: the legs of both, and the contact."""
    await house.add_agent("anna", in_queues=("orders",))
    leg = await house.caller()
    page = await house.in_state(leg, "talking")
    [segment] = await house.run(lambda tx: service.segments_of(tx, page["id"]))
    return leg, segment.leg, page["id"]


def user(login: str) -> User:
    """An agent who is signed in."""
    return User(new_id(), login, login, "agent", "zh-Hans")


async def trunk(house: TestHouse) -> None:
    """A line that calls can go out by."""
    await house.house.telephony.provision_trunk(Trunk("carrier", "192.0.2.1"))
    line = Line(NUMBER, "hotline", "main", "always", "main", "021", "carrier")
    await house.run(lambda tx: queues.save_line(tx, line))


async def until_hears(house: TestHouse, leg: str, *sources: str) -> None:
    """Return when a leg hears exactly these."""

    async def so(_: Tx) -> bool:
        return sorted(house.pbx.hears_now(leg)) == sorted(sources)

    await house.until(so)


async def all_free(house: TestHouse, *logins: str) -> None:
    """Nothing is open any more: no leg, no bridge, no row; the agents are ready or away."""

    async def settled(tx: Tx) -> bool:
        states = [await house.state(login) for login in logins]
        idle = not house.pbx.pbx.legs and not house.pbx.pbx.bridges
        return idle and all(state in ("ready", "break") for state in states)

    await house.until(settled)
    for table, end in OPEN:
        query = sa.select(sa.func.count()).select_from(table).where(end.is_(None))
        assert await house.run(lambda tx, query=query: tx.value(query)) == 0, table.name  # type: ignore[misc]
