"""The offer table: its unique constraints are what makes a double offer impossible."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from callwright.kit.db import Tx, metadata

offer_table = sa.Table(
    "offer",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("contact_id", sa.Uuid, nullable=False, index=True),
    sa.Column("visit_id", sa.Uuid),
    sa.Column("agent_id", sa.Uuid, nullable=False),
    sa.Column("leg", sa.Text, nullable=False),
    sa.Column("ring_s", sa.Integer, nullable=False),
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("reasons", JSONB, nullable=False),
    sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("closed_at", sa.DateTime(timezone=True)),
    sa.Column("result", sa.Text),
    sa.Column("kind", sa.Text, nullable=False, server_default="queue"),
    sa.Column("from_agent_id", sa.Uuid),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    sa.Index(
        "offer_one_per_contact_idx",
        "contact_id",
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    ),
    sa.Index(
        "offer_one_per_agent_idx",
        "agent_id",
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    ),
)
o = offer_table.c

# Refused by the unique indexes when the contact or the agent has an open offer.
INSERT_OFFER = sa.insert(offer_table).values(
    id=sa.bindparam("new_offer"),
    contact_id=sa.bindparam("for_contact"),
    visit_id=sa.bindparam("for_visit"),
    agent_id=sa.bindparam("for_agent"),
    leg=sa.bindparam("new_leg"),
    ring_s=sa.bindparam("for_seconds"),
    score=sa.bindparam("with_score"),
    reasons=sa.bindparam("with_reasons"),
    made_at=sa.bindparam("now"),
)


async def insert_offer(tx: Tx, values: dict[str, Any]) -> None:
    """Write an offer; the unique indexes refuse a second open one."""
    await tx.execute(sa.insert(offer_table).values(**values))


async def close_offer(tx: Tx, offer_id: UUID, result: str) -> dict[str, Any] | None:
    """Close an open offer; None when it was closed before."""
    return await tx.row(
        sa.update(offer_table)
        .where(o.id == offer_id, o.closed_at.is_(None))
        .values(closed_at=tx.clock.now(), result=result)
        .returning(offer_table)
    )


async def open_offer(tx: Tx, contact_id: UUID) -> dict[str, Any] | None:
    """The open offer of a contact."""
    return await tx.row(
        sa.select(offer_table).where(o.contact_id == contact_id, o.closed_at.is_(None))
    )


async def open_offers(tx: Tx, kind: str) -> list[dict[str, Any]]:
    """All open offers of a kind."""
    return await tx.rows(sa.select(offer_table).where(o.kind == kind, o.closed_at.is_(None)))


async def offers_of(tx: Tx, contact_id: UUID) -> list[dict[str, Any]]:
    """All offers of a contact, in order."""
    query = sa.select(offer_table).where(o.contact_id == contact_id).order_by(o.made_at)
    return await tx.rows(query)
