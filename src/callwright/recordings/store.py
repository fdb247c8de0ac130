"""The recording table and its SQL."""

from __future__ import annotations

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
r = recording_table.c


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
