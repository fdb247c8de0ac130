"""The table of messages that callers left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from callwright.kit.db import Tx, metadata

voicemail_table = sa.Table(
    "voicemail",
    metadata,
    sa.Column("contact_id", sa.Uuid, primary_key=True),
    sa.Column("queue", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),  # prompt, recording, left, discarded
    sa.Column("least_s", sa.Float, nullable=False),
    sa.Column("started_at", sa.DateTime(timezone=True)),
    sa.Column("ended_at", sa.DateTime(timezone=True)),
    sa.Column("how", sa.Text, nullable=False, server_default=""),
)
m = voicemail_table.c


async def insert_voicemail(tx: Tx, values: dict[str, Any]) -> None:
    """Write a message that is about to be left; a second beginning changes nothing."""
    await tx.execute(insert(voicemail_table).values(**values).on_conflict_do_nothing())


async def voicemail_of(tx: Tx, contact_id: UUID) -> dict[str, Any] | None:
    """The message of a contact, in whatever state."""
    return await tx.row(sa.select(voicemail_table).where(m.contact_id == contact_id))


async def update_voicemail(tx: Tx, contact_id: UUID, before: str, **values: Any) -> bool:
    """Change columns; False when the state is another one by now."""
    query = sa.update(voicemail_table).where(m.contact_id == contact_id, m.state == before)
    return bool((await tx.execute(query.values(**values))).rowcount)


async def left_by(tx: Tx, ids: Sequence[UUID]) -> set[UUID]:
    """Which of these contacts have a message."""
    query = sa.select(m.contact_id).where(m.contact_id.in_(ids), m.state == "left")
    return {row["contact_id"] for row in await tx.rows(query)}
