"""Tables and SQL of the guard: the list of numbers, and calls that a rule caught."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from callwright.calls.guard import Entry, prefixes
from callwright.calls.model import Contact, ContactState
from callwright.calls.store import contact_table
from callwright.kit.db import Tx, metadata

entry_table = sa.Table(
    "caller_entry",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False, index=True),
    sa.Column("prefix", sa.Boolean, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("expires_at", sa.DateTime(timezone=True)),
    sa.Column("removed_at", sa.DateTime(timezone=True)),
    sa.Column("removed_by", sa.Text),
)
caught_table = sa.Table(
    "guarded_call",
    metadata,
    sa.Column("contact_id", sa.Uuid, primary_key=True),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("reasons", ARRAY(sa.Text), nullable=False),
    sa.Column("late_s", sa.Integer, nullable=False),  # the wait counts so many seconds less
)
c, e, g = contact_table.c, entry_table.c, caught_table.c


async def entries_for(tx: Tx, keys: Sequence[str], at: datetime) -> list[Entry]:
    """The entries in force that hold for a number, in whatever form it is told."""
    holds = sa.or_(e.expires_at.is_(None), e.expires_at > at)
    begins = [begin for key in keys for begin in prefixes(key)]
    fits = sa.or_(e.number.in_(keys), sa.and_(e.prefix, e.number.in_(begins)))
    query = sa.select(e.kind, e.prefix, e.id).where(e.removed_at.is_(None), holds, fits)
    return [Entry(row["kind"], row["prefix"], str(row["id"])) for row in await tx.rows(query)]


async def counts(tx: Tx, contact: Contact, since: datetime) -> tuple[int, int]:
    """Calls of this caller since then, and those in progress; of hidden ones: to the same line."""
    same: tuple[sa.ColumnElement[bool], ...] = (c.from_number == contact.from_number,)
    if contact.number_kind == "hidden":
        same = (c.number_kind == "hidden", c.to_number == contact.to_number, c.started_at > since)
    elif contact.e164:
        same = (c.e164 == contact.e164,)
    query = sa.select(
        sa.func.count().filter(c.started_at > since).label("recent"),
        sa.func.count().filter(c.state != ContactState.ENDED.value).label("live"),
    ).where(*same, c.direction == "in")
    row = await tx.row(query)
    return (row["recent"], row["live"]) if row else (0, 0)


async def insert_caught(tx: Tx, values: dict[str, Any]) -> None:
    """Write down what a rule did with a call."""
    await tx.execute(sa.insert(caught_table).values(**values))


async def late_s(tx: Tx, contact_id: UUID) -> int:
    """How many seconds of waiting do not count for a call; 0 for nearly all."""
    return int(await tx.value(sa.select(g.late_s).where(g.contact_id == contact_id)) or 0)


async def action_on(tx: Tx, contact_id: UUID) -> str | None:
    """What a rule did with a call; None when none caught it."""
    found: str | None = await tx.value(sa.select(g.action).where(g.contact_id == contact_id))
    return found


async def insert_entry(tx: Tx, values: dict[str, Any]) -> None:
    """Write a line of the list."""
    await tx.execute(sa.insert(entry_table).values(**values))


async def remove(tx: Tx, by: str, *which: sa.ColumnElement[bool]) -> int:
    """Take lines off the list, keeping them as history; how many there were."""
    query = sa.update(entry_table).where(e.removed_at.is_(None), *which)
    done = await tx.execute(query.values(removed_at=tx.clock.now(), removed_by=by))
    return int(done.rowcount)


async def remove_entry(tx: Tx, entry_id: UUID, by: str) -> bool:
    """Take one line off; False when it is not there."""
    return bool(await remove(tx, by, e.id == entry_id))


async def replace(tx: Tx, number: str, prefix: bool, by: str) -> None:
    """A number stands in the list once: what it said before is history."""
    await remove(tx, by, e.number == number, e.prefix == prefix)


async def entries(tx: Tx, q: str, before: UUID | None, limit: int) -> list[dict[str, Any]]:
    """Lines of the list, newest first; `q` = a part of the number."""
    query = sa.select(entry_table).where(e.removed_at.is_(None))
    if q:
        query = query.where(e.number.contains(q, autoescape=True))
    if before:
        query = query.where(e.id < before)
    return await tx.rows(query.order_by(e.id.desc()).limit(limit))
