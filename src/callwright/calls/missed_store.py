"""The table of missed callers and its SQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from callwright.calls.callback_store import b, callback_table
from callwright.calls.store import c, contact_table
from callwright.kit.db import Tx, metadata

missed_table = sa.Table(
    "missed_call",
    metadata,
    sa.Column("contact_id", sa.Uuid, primary_key=True),  # the first call that was missed
    sa.Column("last_contact_id", sa.Uuid, nullable=False),
    sa.Column("caller", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("times", sa.Integer, nullable=False, server_default="1"),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("queue", sa.Text),
    sa.Column("waited_s", sa.Float, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("last_try_at", sa.DateTime(timezone=True)),
    sa.Column("done_at", sa.DateTime(timezone=True)),
    sa.Column("done_by", sa.Text),
    sa.Column("done_how", sa.Text),
    sa.Column("done_text", sa.Text, nullable=False, server_default=""),
    sa.Index("missed_call_at_idx", "at"),
    sa.Index(
        "missed_call_one_open_idx",
        "caller",
        unique=True,
        postgresql_where=sa.text("done_at IS NULL"),
    ),
    sa.Index("missed_call_open_idx", "at", postgresql_where=sa.text("done_at IS NULL")),
)
m = missed_table.c


async def insert_or_repeat(tx: Tx, contact_id: UUID, caller: str, latest: dict[str, Any]) -> None:
    """A new entry for the caller, or their open one with what happened last."""
    query = insert(missed_table).values(contact_id=contact_id, caller=caller, **latest)
    await tx.execute(
        query.on_conflict_do_update(
            index_elements=[m.caller],
            index_where=m.done_at.is_(None),
            set_={**latest, "times": m.times + 1},
        )
    )


async def count_try(tx: Tx, caller: str) -> None:
    """One more call to a caller whose entry is open."""
    query = sa.update(missed_table).where(m.caller == caller, m.done_at.is_(None))
    await tx.execute(query.values(tries=m.tries + 1, last_try_at=tx.clock.now()))


async def open_of(tx: Tx, caller: str) -> dict[str, Any] | None:
    """A caller's open entry, locked until the commit."""
    query = sa.select(missed_table).where(m.caller == caller, m.done_at.is_(None))
    return await tx.row(query.with_for_update())


async def missed_for_update(tx: Tx, contact_id: UUID) -> dict[str, Any] | None:
    """An entry by its first contact, locked until the commit."""
    query = sa.select(missed_table).where(m.contact_id == contact_id)
    return await tx.row(query.with_for_update())


async def update_missed(tx: Tx, contact_id: UUID, **values: Any) -> None:
    """Change columns of an entry."""
    await tx.execute(sa.update(missed_table).where(m.contact_id == contact_id).values(**values))


async def missed(
    tx: Tx,
    *,
    done: bool | None = None,
    queue: str | None = None,
    contact_id: UUID | None = None,
    by_hand: bool = False,
    before: datetime | None = None,
    limit: int = 50,
) -> list[dict[str, Any]]:
    """Entries with their caller's number and customer, the latest miss first.

    `callback_*` = the callback of that number that is under way, None without; `by_hand` = only
    callers who have none: somebody has to call them.
    """
    number = (c.from_number, c.e164, c.number_kind, c.customer_id)
    promise = (b.id.label("callback_id"), b.state.label("callback_state"), b.not_before, b.blended)
    open_ = sa.and_(b.caller == m.caller, b.done_at.is_(None), m.done_at.is_(None))
    query = sa.select(missed_table, *number, *promise)
    query = query.join(contact_table, c.id == m.last_contact_id).outerjoin(callback_table, open_)
    if by_hand:
        query = query.where(b.id.is_(None))
    query = query.order_by(m.at.desc(), m.contact_id.desc()).limit(limit)
    if done is not None:
        query = query.where(m.done_at.is_not(None) if done else m.done_at.is_(None))
    for column, value in ((m.queue, queue), (m.contact_id, contact_id)):
        if value is not None:
            query = query.where(column == value)
    return await tx.rows(query.where(m.at < before) if before else query)


async def count_open(tx: Tx) -> int:
    """How many callers wait to be called back."""
    query = sa.select(sa.func.count()).select_from(missed_table)
    return int(await tx.value(query.where(m.done_at.is_(None))))
