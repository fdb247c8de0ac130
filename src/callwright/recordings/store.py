"""The recording table and its SQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert

from callwright.kit.db import Tx, metadata

recording_table = sa.Table(
    "recording",
    metadata,
    sa.Column("contact_id", sa.Uuid, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("leg", sa.Text, nullable=False),
    sa.Column("customer_file", sa.Text, nullable=False),
    sa.Column("heard_file", sa.Text, nullable=False),
    sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("seconds", sa.Float),
    sa.Column("path", sa.Text),
    sa.Column("sha256", sa.Text),
    sa.Column("masked", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("peaks", JSONB),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
)
gap_table = sa.Table(
    "recording_gap",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("contact_id", sa.Uuid, nullable=False, index=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("ended_at", sa.DateTime(timezone=True)),
)
r, gap = recording_table.c, gap_table.c


async def insert_recording(tx: Tx, values: dict[str, Any]) -> None:
    """Write a recording that has begun; once per contact."""
    await tx.execute(insert(recording_table).values(**values).on_conflict_do_nothing())


async def recording_of(tx: Tx, contact_id: UUID) -> dict[str, Any] | None:
    """A contact's recording."""
    return await tx.row(sa.select(recording_table).where(r.contact_id == contact_id))


async def update_recording(tx: Tx, contact_id: UUID, **values: Any) -> None:
    """Change columns of a recording."""
    query = sa.update(recording_table).where(r.contact_id == contact_id)
    await tx.execute(query.values(**values))


async def saved_paths(tx: Tx) -> dict[str, bool]:
    """Every saved file's relative path -> whether a masked copy belongs to it."""
    rows = await tx.rows(sa.select(r.path, r.masked).where(r.state == "saved"))
    return {row["path"]: row["masked"] for row in rows}


async def insert_gap(tx: Tx, gap_id: UUID, contact_id: UUID, reason: str, at: datetime) -> None:
    """Nothing is recorded from now on."""
    values = {"id": gap_id, "contact_id": contact_id, "reason": reason, "started_at": at}
    await tx.execute(sa.insert(gap_table).values(**values))


async def end_gaps(tx: Tx, contact_id: UUID, at: datetime, *reasons: str) -> int:
    """Recording goes on; how many gaps that closed."""
    query = sa.update(gap_table).where(
        gap.contact_id == contact_id, gap.ended_at.is_(None), gap.reason.in_(reasons)
    )
    return int((await tx.execute(query.values(ended_at=at))).rowcount)


async def gaps_of(tx: Tx, contact_id: UUID) -> list[dict[str, Any]]:
    """All gaps of a contact's recording in order: reason, started_at, ended_at."""
    query = sa.select(gap.reason, gap.started_at, gap.ended_at)
    return await tx.rows(query.where(gap.contact_id == contact_id).order_by(gap.started_at))
