"""Tables and SQL of notes, edited drafts and wrap-ups."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert

from callwright.kit.db import Tx, metadata

note_table = sa.Table(
    "contact_note",
    metadata,
    sa.Column("contact_id", sa.Uuid, primary_key=True),
    sa.Column("agent_id", sa.Uuid, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
)
draft_table = sa.Table(
    "ticket_draft",
    metadata,
    sa.Column("contact_id", sa.Uuid, primary_key=True),
    sa.Column("edited", JSONB, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
)
wrap_table = sa.Table(
    "wrap_up",
    metadata,
    sa.Column("contact_id", sa.Uuid, primary_key=True),
    sa.Column("agent_id", sa.Uuid, primary_key=True),
    sa.Column("extended", sa.Integer, nullable=False, server_default="0"),
    sa.Column("disposition", sa.Text),
    sa.Column("summary", sa.Text),
    sa.Column("ticket_wanted", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("ticket", JSONB, nullable=False, server_default="{}"),
    sa.Column("key", sa.Text, nullable=False, server_default=""),
    sa.Column("by_timer", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("finished_at", sa.DateTime(timezone=True)),
)
n, d, w = note_table.c, draft_table.c, wrap_table.c


async def save_note(tx: Tx, contact_id: UUID, agent_id: UUID, text: str) -> None:
    """Write or replace an agent's note."""
    values = {"text": text, "at": tx.clock.now()}
    query = insert(note_table).values(contact_id=contact_id, agent_id=agent_id, **values)
    await tx.execute(
        query.on_conflict_do_update(index_elements=[n.contact_id, n.agent_id], set_=values)
    )


async def notes_of(tx: Tx, contact_id: UUID) -> list[dict[str, Any]]:
    """Every agent's note of a contact, oldest first."""
    query = sa.select(note_table).where(n.contact_id == contact_id)
    return await tx.rows(query.order_by(n.at, n.agent_id))


async def save_edits(tx: Tx, contact_id: UUID, edited: dict[str, Any]) -> None:
    """Add to what agents have written into the draft; the last writer of a field wins."""
    now = tx.clock.now()
    query = insert(draft_table).values(contact_id=contact_id, edited=edited, at=now)
    await tx.execute(
        query.on_conflict_do_update(
            index_elements=[d.contact_id],
            set_={"edited": d.edited.op("||")(query.excluded.edited), "at": now},
        )
    )


async def edits_of(tx: Tx, contact_id: UUID) -> dict[str, Any]:
    """What agents have written into the draft, by field."""
    query = sa.select(d.edited).where(d.contact_id == contact_id)
    return dict(await tx.value(query) or {})


async def wrap_of(tx: Tx, contact_id: UUID, agent_id: UUID) -> dict[str, Any] | None:
    """An agent's wrap-up of a contact."""
    query = sa.select(wrap_table).where(w.contact_id == contact_id, w.agent_id == agent_id)
    return await tx.row(query)


async def wrap_for_update(tx: Tx, contact_id: UUID, agent_id: UUID) -> dict[str, Any]:
    """The same, made when missing, locked until the commit: one press at a time."""
    made = insert(wrap_table).values(contact_id=contact_id, agent_id=agent_id)
    await tx.execute(made.on_conflict_do_nothing())
    query = sa.select(wrap_table).where(w.contact_id == contact_id, w.agent_id == agent_id)
    [row] = await tx.rows(query.with_for_update())
    return row


async def update_wrap(tx: Tx, contact_id: UUID, agent_id: UUID, **values: Any) -> None:
    """Change columns of a wrap-up."""
    query = sa.update(wrap_table).where(w.contact_id == contact_id, w.agent_id == agent_id)
    await tx.execute(query.values(**values))
