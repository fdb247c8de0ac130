"""The ticket tables and their SQL."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert

from callwright.kit.db import Tx, metadata

ticket_table = sa.Table(
    "ticket",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("no", sa.BigInteger, sa.Identity(start=10001), nullable=False, unique=True),
    sa.Column("contact_id", sa.Uuid, unique=True),
    sa.Column("customer_id", sa.Uuid, index=True),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("type", sa.Text),
    sa.Column("priority", sa.Text, nullable=False),
    sa.Column("department", sa.Text),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("transcribed", sa.Boolean, nullable=False),
    sa.Column("evidence", JSONB, nullable=False),
    sa.Column("reasons", JSONB, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, index=True),
)
verdict_table = sa.Table(
    "ticket_verdict",
    metadata,
    sa.Column("contact_id", sa.Uuid, primary_key=True),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
)
t, v = ticket_table.c, verdict_table.c


async def first_verdict(tx: Tx, contact_id: UUID, verdict: str, reason: str) -> bool:
    """Decide once per contact; False when it was decided before."""
    query = insert(verdict_table).values(
        contact_id=contact_id, verdict=verdict, reason=reason, at=tx.clock.now()
    )
    return await tx.value(query.on_conflict_do_nothing().returning(v.contact_id)) is not None


async def verdict_of(tx: Tx, contact_id: UUID) -> dict[str, Any] | None:
    """What was decided for a contact."""
    return await tx.row(sa.select(verdict_table).where(v.contact_id == contact_id))


async def insert_ticket(tx: Tx, values: dict[str, Any]) -> int:
    """Write a ticket and return its number."""
    query = sa.insert(ticket_table).values(**values).returning(t.no)
    return int(await tx.value(query))


async def update_ticket(tx: Tx, ticket_id: UUID, **values: Any) -> None:
    """Change columns of a ticket."""
    await tx.execute(sa.update(ticket_table).where(t.id == ticket_id).values(**values))


async def ticket_of(tx: Tx, contact_id: UUID) -> dict[str, Any] | None:
    """The ticket of a contact."""
    return await tx.row(sa.select(ticket_table).where(t.contact_id == contact_id))


async def tickets_of_contacts(tx: Tx, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Tickets by contact."""
    rows = await tx.rows(sa.select(ticket_table).where(t.contact_id.in_(ids)))
    return {row["contact_id"]: row for row in rows}


async def verdicts_of(tx: Tx, ids: list[UUID]) -> set[UUID]:
    """Which of these contacts were decided."""
    rows = await tx.rows(sa.select(v.contact_id).where(v.contact_id.in_(ids)))
    return {row["contact_id"] for row in rows}


async def tickets(
    tx: Tx, *, state: str | None, before: int | None, limit: int
) -> list[dict[str, Any]]:
    """Newest tickets first, from a number downwards."""
    query = sa.select(ticket_table).order_by(t.no.desc()).limit(limit)
    if state:
        query = query.where(t.state == state)
    if before:
        query = query.where(t.no < before)
    return await tx.rows(query)


async def open_tickets(tx: Tx, customer_id: UUID) -> list[dict[str, Any]]:
    """A customer's tickets that are not closed, newest first."""
    query = sa.select(ticket_table).where(t.customer_id == customer_id, t.state == "open")
    return await tx.rows(query.order_by(t.no.desc()).limit(20))
