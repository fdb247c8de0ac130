"""Answers that menus gave, and outcomes of digits that nobody heard: tables and SQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from callwright.kit.db import Tx, metadata

answer_table = sa.Table(
    "ivr_answer",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("contact_id", sa.Uuid, nullable=False, index=True),
    sa.Column("tree", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("node", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
)
capture_table = sa.Table(
    "secure_capture",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("contact_id", sa.Uuid, nullable=False, index=True),
    sa.Column("node", sa.Text, nullable=False),
    sa.Column("sink", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("tail", sa.Text, nullable=False),  # the last four digits at most
    sa.Column("by", sa.Text, nullable=False),  # menu, or the agent's login
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Index("secure_capture_sink_at_idx", "sink", "at"),
)
a, k = answer_table.c, capture_table.c


async def insert_answer(tx: Tx, values: dict[str, Any]) -> None:
    """Write that a node answered."""
    await tx.execute(sa.insert(answer_table).values(**values))


async def last_answers(tx: Tx, contact_ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Contact -> its newest answer: tree, version, node, at."""
    query = (
        sa.select(answer_table)
        .where(a.contact_id.in_(contact_ids))
        .ext(distinct_on(a.contact_id))
        .order_by(a.contact_id, a.at.desc(), a.id.desc())
    )
    return {row["contact_id"]: row for row in await tx.rows(query)}


async def insert_capture(tx: Tx, values: dict[str, Any]) -> None:
    """Write what became of a request for digits."""
    await tx.execute(sa.insert(capture_table).values(**values))


async def captures_of(tx: Tx, contact_id: UUID) -> list[dict[str, Any]]:
    """What became of a contact's requests, in order: node, sink, outcome, tail, by, at."""
    query = sa.select(k.node, k.sink, k.outcome, k.tail, k.by, k.at)
    return await tx.rows(query.where(k.contact_id == contact_id).order_by(k.at, k.id))


async def captures_in(tx: Tx, sink: str, since: datetime, limit: int) -> list[dict[str, Any]]:
    """What a sink was given since a moment, oldest first."""
    query = sa.select(k.contact_id, k.node, k.outcome, k.tail, k.by, k.at)
    query = query.where(k.sink == sink, k.at >= since)
    return await tx.rows(query.order_by(k.at, k.id).limit(limit))
