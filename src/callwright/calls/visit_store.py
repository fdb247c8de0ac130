"""What is asked about stays in queues."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from callwright.calls.model import Visit
from callwright.calls.store import STILL_WAITING, c, contact_table, s, segment_table, v, visit_table
from callwright.kit.db import Tx


async def visits_of(tx: Tx, contact_id: UUID) -> list[Visit]:
    """All stays of a contact, in order."""
    query = sa.select(visit_table).where(v.contact_id == contact_id)
    return [Visit(**row) for row in await tx.rows(query.order_by(v.entered_at, v.id))]


async def queue_figures(tx: Tx) -> dict[str, tuple[int, datetime]]:
    """Queue -> (callers waiting or being offered, since when the first waits)."""
    query = (
        sa.select(v.queue, sa.func.count().label("n"), sa.func.min(v.entered_at).label("first"))
        .where(v.left_at.is_(None))
        .group_by(v.queue)
    )
    return {row["queue"]: (row["n"], row["first"]) for row in await tx.rows(query)}


async def ahead_of(tx: Tx, visit: Visit) -> int:
    """Callers who entered the same queue earlier and are still in it, ringing ones too."""
    earlier = sa.tuple_(v.entered_at, v.id) < sa.tuple_(
        sa.literal(visit.entered_at), sa.literal(visit.id)
    )
    query = sa.select(sa.func.count()).where(v.queue == visit.queue, v.left_at.is_(None), earlier)
    return int(await tx.value(query) or 0)


async def was_here_before(tx: Tx, visit: Visit) -> bool:
    """Whether the contact has been in this queue before this stay."""
    same = (v.contact_id == visit.contact_id, v.queue == visit.queue, v.id != visit.id)
    return await tx.value(sa.select(v.id).where(*same).limit(1)) is not None


async def waiting_in(tx: Tx, queue: str) -> list[dict[str, Any]]:
    """Who is in a queue, first come first: contact_id, visit_id."""
    query = sa.select(v.contact_id, v.id.label("visit_id"))
    query = query.where(v.queue == queue, v.left_at.is_(None))
    return await tx.rows(query.order_by(v.entered_at, v.id))


async def listening(tx: Tx, queues: Sequence[str]) -> list[dict[str, Any]]:
    """Who hears music in these queues and has been greeted, who is spoken to next first.

    visit_id, contact_id, queue, leg, language, site, speak_at.
    """
    query = (
        sa.select(
            v.id.label("visit_id"), v.contact_id, v.queue, c.caller_leg.label("leg"), c.language,
            c.site, v.speak_at,
        )
        .join(contact_table, c.id == v.contact_id)
        .where(v.left_at.is_(None), v.queue.in_(queues), v.speak_at.is_not(None))
        .where(STILL_WAITING)
    )  # fmt: skip
    return await tx.rows(query.order_by(v.speak_at, v.id))


async def speak_next(tx: Tx, visit_id: UUID, before: datetime | None, at: datetime) -> bool:
    """Something is said now and the next thing `at`; False when somebody else speaks (`before` is
    not what stands there), or the stay is over."""
    mine = v.speak_at.is_not_distinct_from(before)
    query = sa.update(visit_table).where(v.id == visit_id, v.left_at.is_(None), mine)
    return bool((await tx.execute(query.values(speak_at=at))).rowcount)


async def note_wrapped(tx: Tx, agent_id: UUID, at: datetime) -> None:
    """An agent's wrap-up is over: it belongs to their last talk."""
    last = (
        sa.select(s.id)
        .where(s.agent_id == agent_id, s.started_at <= at)
        .order_by(s.started_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = sa.update(segment_table).where(s.id == last, s.wrapped_at.is_(None))
    await tx.execute(query.values(wrapped_at=at))


async def handled_since(tx: Tx, since: datetime) -> dict[str, tuple[int, float]]:
    """Queue -> talks of its callers that are over, and their mean seconds, wrap-up included."""
    seconds = sa.extract("epoch", s.wrapped_at - s.started_at)
    query = (
        sa.select(c.queue, sa.func.count().label("n"), sa.func.avg(seconds).label("mean"))
        .join(contact_table, c.id == s.contact_id)
        .where(s.wrapped_at >= since, c.queue.is_not(None))
        .group_by(c.queue)
    )
    return {row["queue"]: (row["n"], float(row["mean"])) for row in await tx.rows(query)}


async def ends_of(tx: Tx, visits: Sequence[UUID]) -> dict[UUID, tuple[datetime, str]]:
    """When and how these stays ended; those that go on are left out."""
    among = v.id == sa.any_(sa.literal(visits, sa.ARRAY(sa.Uuid)))
    query = sa.select(v.id, v.left_at, v.exit).where(among, v.left_at.is_not(None))
    return {row["id"]: (row["left_at"], row["exit"]) for row in await tx.rows(query)}
