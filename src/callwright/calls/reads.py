"""Lists of contacts for people: filtered, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from callwright.calls.model import Contact
from callwright.calls.store import c, contact_table, has_digits, s, v
from callwright.kit.db import Tx


@dataclass(frozen=True, slots=True)
class ContactFilter:
    """What to look for; None = any. `ids`, `customers`, `agents` were found by a typed word."""

    state: str | None = None
    direction: str | None = None
    from_number: str | None = None
    digits: str | None = None
    agent_id: UUID | None = None
    queue: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    ids: Sequence[UUID] | None = None
    customers: Sequence[UUID] | None = None
    agents: Sequence[UUID] | None = None


async def contacts(
    tx: Tx, wanted: ContactFilter, *, before: UUID | None, limit: int
) -> list[dict[str, Any]]:
    """Rows of contacts with `wait_s` and `talk_s`, newest first."""
    wait = (
        sa.select(sa.func.sum(_seconds(v.entered_at, v.left_at)))
        .where(v.contact_id == c.id)
        .scalar_subquery()
    )
    talk = (
        sa.select(sa.func.sum(_seconds(s.started_at, s.ended_at)))
        .where(s.contact_id == c.id)
        .scalar_subquery()
    )
    query = sa.select(contact_table, wait.label("wait_s"), talk.label("talk_s"))
    must = [*_must(wanted), *([c.id < before] if before else [])]
    query = query.where(*must).order_by(c.id.desc()).limit(limit)
    hits = _hits(wanted)
    if hits:
        # each way to hit is read by its own index; an OR of them would read the whole table
        found = sa.union(
            *(sa.select(c.id).where(hit, *must).order_by(c.id.desc()).limit(limit) for hit in hits)
        ).subquery()
        query = query.where(c.id.in_(sa.select(found.c.id)))
    return await tx.rows(query)


def _seconds(start: Any, end: Any) -> Any:
    """Closed stretches only; a running one is counted by the viewer's clock."""
    return sa.func.coalesce(sa.extract("epoch", end - start), 0)


def _must(wanted: ContactFilter) -> list[sa.ColumnElement[bool]]:
    """Everything that must hold."""
    must = (
        (wanted.state, lambda value: c.state == value),
        (wanted.direction, lambda value: c.direction == value),
        (wanted.from_number, lambda value: sa.or_(c.from_number == value, c.e164 == value)),
        (wanted.agent_id, lambda value: c.agent_id == value),
        (wanted.queue, lambda value: c.queue == value),
        (wanted.since, lambda value: c.started_at >= value),
        (wanted.until, lambda value: c.started_at < value),
    )
    return [make(value) for value, make in must if value]


def _hits(wanted: ContactFilter) -> list[sa.ColumnElement[bool]]:
    """The ways in which the typed word may have hit."""
    hits = (
        (wanted.digits, lambda value: has_digits(str(value))),
        (wanted.ids, c.id.in_),
        (wanted.customers, c.customer_id.in_),
        (wanted.agents, c.agent_id.in_),
    )
    return [make(value) for value, make in hits if value is not None]


async def contact_row(tx: Tx, contact_id: UUID) -> dict[str, Any] | None:
    """One contact as in the list."""
    rows = await contacts(tx, ContactFilter(ids=[contact_id]), before=None, limit=1)
    return rows[0] if rows else None


async def last_contacts(tx: Tx, customer_id: UUID, limit: int = 5) -> list[dict[str, Any]]:
    """A customer's last contacts: when, which queue, how it ended."""
    query = (
        sa.select(c.id, c.started_at, c.queue, c.agent_id, c.end_reason)
        .where(c.customer_id == customer_id, c.state == "ended")
        .order_by(c.started_at.desc())
        .limit(limit)
    )
    return await tx.rows(query)


async def earlier_contacts(
    tx: Tx, contact: Contact, since: datetime, limit: int = 50
) -> list[dict[str, Any]]:
    """Calls that are over, of the same customer or from the same number: id, when, how it ended."""
    same = [c.customer_id == contact.customer_id] if contact.customer_id else []
    same += [c.e164 == contact.e164] if contact.e164 else []
    if not same:
        return []
    query = (
        sa.select(c.id, c.started_at, c.end_reason)
        .where(sa.or_(*same), c.started_at >= since, c.state == "ended", c.id != contact.id)
        .order_by(c.started_at.desc())
        .limit(limit)
    )
    return await tx.rows(query)


async def menu_calls(tx: Tx, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Inbound calls that came in then and that the menu took: id, ended_at, and `human` = they
    waited for an agent or talked with one. Blocked and closed calls were never in the menu."""
    asked = sa.or_(sa.exists().where(v.contact_id == c.id), sa.exists().where(s.contact_id == c.id))
    query = sa.select(c.id, c.ended_at, asked.label("human")).where(
        c.started_at >= since, c.started_at < until, c.direction == "in",
        c.answered_at.is_not(None),
        sa.or_(c.end_reason.is_(None), c.end_reason.not_in(("closed", "blocked"))),
    )  # fmt: skip
    return await tx.rows(query.order_by(c.started_at))


async def came_back(tx: Tx, ids: list[UUID]) -> dict[UUID, datetime]:
    """Contact -> when the same customer, or the same number, came in again after its end."""
    again = contact_table.alias("again")
    same = sa.or_(again.c.customer_id == c.customer_id, again.c.e164 == c.e164)
    query = (
        sa.select(c.id, sa.func.min(again.c.started_at).label("at"))
        .join(again, sa.and_(same, again.c.started_at > c.ended_at, again.c.direction == "in"))
        .where(c.id.in_(ids), again.c.id != c.id)
        .group_by(c.id)
    )
    return {row["id"]: row["at"] for row in await tx.rows(query)}


async def waited_s(tx: Tx, contact_id: UUID) -> float:
    """Seconds that a caller waited in queues so far, rings included."""
    until = sa.func.coalesce(v.left_at, sa.literal(tx.clock.now()))
    query = sa.select(sa.func.sum(sa.extract("epoch", until - v.entered_at)))
    return float(await tx.value(query.where(v.contact_id == contact_id)) or 0)


async def queues_of(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, str | None]:
    """The queue that each of these contacts came by; None for calls out."""
    query = sa.select(c.id, c.queue).where(c.id.in_(ids))
    return {row["id"]: row["queue"] for row in await tx.rows(query)}


async def visits_between(tx: Tx, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Queue visits that began in a stretch, in order: no number, no name of anybody."""
    query = (
        sa.select(
            v.id, v.contact_id, v.queue, v.entered_at, v.left_at, v.exit, c.tier, c.language,
            c.customer_id,
        )
        .join(contact_table, c.id == v.contact_id)
        .where(v.entered_at >= since, v.entered_at < until)
        .order_by(v.entered_at, v.id)
    )  # fmt: skip
    return await tx.rows(query)


async def talks_between(tx: Tx, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Talks of the contacts whose queue visits began in a stretch."""
    visited = sa.select(v.contact_id).where(v.entered_at >= since, v.entered_at < until)
    return await tx.rows(
        sa.select(s.contact_id, s.agent_id, s.started_at, s.ended_at).where(
            s.contact_id.in_(visited)
        )
    )


async def waiting_at(tx: Tx, at: datetime) -> list[dict[str, Any]]:
    """Who was in a queue at a moment, as `service.waiting` would have told it.

    Tier and language are those of today. Callers whose offer rang just then are among them.
    """
    since = sa.func.coalesce(v.aged_from, v.entered_at).label("entered_at")
    query = (
        sa.select(
            v.id.label("visit_id"), v.queue, since, c.id.label("contact_id"), c.tier,
            c.customer_id, c.language,
        )
        .join(contact_table, c.id == v.contact_id)
        .where(v.entered_at <= at, sa.or_(v.left_at.is_(None), v.left_at >= at))
        .order_by(since, v.id)
    )  # fmt: skip
    return await tx.rows(query)


async def count_visits(tx: Tx, since: datetime, until: datetime) -> int:
    """How many queue visits began in a stretch."""
    query = sa.select(sa.func.count()).where(v.entered_at >= since, v.entered_at < until)
    return int(await tx.value(query) or 0)
