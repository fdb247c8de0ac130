"""The outbox and the opt-outs, with their SQL."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from callwright.kit.db import Tx, metadata
from callwright.messages.model import Message, MessageState

message_table = sa.Table(
    "message",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("contact_id", sa.Uuid, nullable=False),
    sa.Column("customer_id", sa.Uuid, index=True),
    sa.Column("script_id", sa.Uuid),
    sa.Column("to", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("gateway_ref", sa.Text, nullable=False, server_default=""),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("sent_at", sa.DateTime(timezone=True)),
    sa.UniqueConstraint("contact_id", "key"),
)
opt_out_table = sa.Table(
    "message_opt_out",
    metadata,
    sa.Column("e164", sa.Text, primary_key=True),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("by", sa.Text, nullable=False),
)
m, o = message_table.c, opt_out_table.c


async def insert_message(tx: Tx, message: Message) -> bool:
    """Write a message; False when this key was used for this contact before."""
    values = {name: getattr(message, name) for name in Message.__dataclass_fields__}
    query = insert(message_table).values(**values).on_conflict_do_nothing().returning(m.id)
    return await tx.value(query) is not None


async def message(tx: Tx, message_id: UUID) -> Message | None:
    """One message."""
    row = await tx.row(sa.select(message_table).where(m.id == message_id))
    return _message(row) if row else None


async def message_of_key(tx: Tx, contact_id: UUID, key: str) -> Message | None:
    """The message that was written with a key."""
    query = sa.select(message_table).where(m.contact_id == contact_id, m.key == key)
    row = await tx.row(query)
    return _message(row) if row else None


async def messages_of(tx: Tx, contact_id: UUID) -> list[Message]:
    """A contact's messages, oldest first."""
    query = sa.select(message_table).where(m.contact_id == contact_id).order_by(m.id)
    return [_message(row) for row in await tx.rows(query)]


async def update_message(tx: Tx, message_id: UUID, **values: Any) -> bool:
    """Change a message that still waits; False when it does no longer."""
    query = sa.update(message_table).where(m.id == message_id, m.state == "queued")
    return bool((await tx.execute(query.values(**values))).rowcount)


async def opt_out(tx: Tx, e164: str, by: str) -> None:
    """No more messages to this number."""
    values = {"at": tx.clock.now(), "by": by}
    await tx.execute(insert(opt_out_table).values(e164=e164, **values).on_conflict_do_nothing())


async def opt_in(tx: Tx, e164: str) -> None:
    """Messages to this number are welcome again."""
    await tx.execute(sa.delete(opt_out_table).where(o.e164 == e164))


async def has_opted_out(tx: Tx, e164: str) -> bool:
    """Whether somebody at this number wants no messages."""
    return await tx.value(sa.select(o.e164).where(o.e164 == e164)) is not None


def _message(row: dict[str, Any]) -> Message:
    values = {name: row[name] for name in Message.__dataclass_fields__}
    return Message(**{**values, "state": MessageState(row["state"])})
