"""The ticket tables and the SQL that writes them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert

from callwright.kit.db import Tx, metadata
from callwright.kit.ids import new_id
from callwright.tickets.model import UNSOLVED, Change

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
    sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("solved_at", sa.DateTime(timezone=True)),
    sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("agent_id", sa.Uuid),  # whose work it is
    sa.Column("source", sa.Text, nullable=False, server_default=""),  # call, voicemail, a person
    sa.Column("key", sa.Text, unique=True),  # the request that made it, when a person did
    sa.Column("words", sa.Text, nullable=False, server_default=""),
    sa.Column("search", ARRAY(sa.Text), nullable=False, server_default="{}"),
    sa.Index("ticket_search_idx", "search", postgresql_using="gin"),
    sa.Index("ticket_state_no_idx", "state", "no"),
    sa.Index("ticket_agent_id_no_idx", "agent_id", "no"),
    sa.Index("ticket_state_due_at_idx", "state", "due_at"),
)
verdict_table = sa.Table(
    "ticket_verdict",
    metadata,
    sa.Column("contact_id", sa.Uuid, primary_key=True),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
)
comment_table = sa.Table(
    "ticket_comment",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("ticket_id", sa.Uuid, sa.ForeignKey("ticket.id"), nullable=False, index=True),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("login", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)
change_table = sa.Table(
    "ticket_change",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("ticket_id", sa.Uuid, sa.ForeignKey("ticket.id"), nullable=False, index=True),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("login", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("before", sa.Text),
    sa.Column("after", sa.Text),
)
t, v = ticket_table.c, verdict_table.c
UNSOLVED_STATES = [state.value for state in UNSOLVED]


async def first_verdict(tx: Tx, contact_id: UUID, verdict: str, reason: str) -> bool:
    """Decide once per contact; False when it was decided before."""
    query = insert(verdict_table).values(
        contact_id=contact_id, verdict=verdict, reason=reason, at=tx.clock.now()
    )
    return await tx.value(query.on_conflict_do_nothing().returning(v.contact_id)) is not None


async def overrule_verdict(tx: Tx, contact_id: UUID, reason: str) -> None:
    """A person makes a ticket, whatever was decided or will be."""
    values = {"verdict": "ticket", "reason": reason, "at": tx.clock.now()}
    query = insert(verdict_table).values(contact_id=contact_id, **values)
    await tx.execute(query.on_conflict_do_update(index_elements=[v.contact_id], set_=values))


async def verdict_of(tx: Tx, contact_id: UUID) -> dict[str, Any] | None:
    """What was decided for a contact."""
    return await tx.row(sa.select(verdict_table).where(v.contact_id == contact_id))


async def verdicts_of(tx: Tx, ids: list[UUID]) -> set[UUID]:
    """Which of these contacts were decided."""
    rows = await tx.rows(sa.select(v.contact_id).where(v.contact_id.in_(ids)))
    return {row["contact_id"] for row in rows}


async def insert_ticket(tx: Tx, values: dict[str, Any]) -> int | None:
    """Write a ticket and return its number; None when its contact or key has one already."""
    query = insert(ticket_table).values(updated_at=values["created_at"], **values)
    no: int | None = await tx.value(query.on_conflict_do_nothing().returning(t.no))
    return no


async def update_ticket(tx: Tx, ticket_id: UUID, **values: Any) -> None:
    """Change columns of a ticket."""
    await tx.execute(sa.update(ticket_table).where(t.id == ticket_id).values(**values))


async def ticket_for_update(tx: Tx, no: int) -> dict[str, Any] | None:
    """A ticket by its number, locked until the commit."""
    return await tx.row(sa.select(ticket_table).where(t.no == no).with_for_update())


async def ticket_of(tx: Tx, contact_id: UUID) -> dict[str, Any] | None:
    """The ticket of a contact."""
    return await tx.row(sa.select(ticket_table).where(t.contact_id == contact_id))


async def ticket_of_key(tx: Tx, key: str) -> dict[str, Any] | None:
    """The ticket that a request with this key made."""
    return await tx.row(sa.select(ticket_table).where(t.key == key))


async def tickets_of_contacts(tx: Tx, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Tickets by contact."""
    rows = await tx.rows(sa.select(ticket_table).where(t.contact_id.in_(ids)))
    return {row["contact_id"]: row for row in rows}


async def open_tickets(tx: Tx, customer_id: UUID) -> list[dict[str, Any]]:
    """A customer's newest tickets that are not settled."""
    query = sa.select(ticket_table).where(t.customer_id == customer_id, _unsolved())
    return await tx.rows(query.order_by(t.no.desc()).limit(20))


async def count_open(tx: Tx, customer_id: UUID) -> int:
    """How many of a customer's tickets are not settled."""
    query = sa.select(sa.func.count()).select_from(ticket_table)
    return int(await tx.value(query.where(t.customer_id == customer_id, _unsolved())))


async def open_owner(tx: Tx, customer_id: UUID) -> dict[str, str | None]:
    """Department and agent (id) of a customer's newest open ticket; None where there is none."""
    query = sa.select(t.department, t.agent_id).where(t.customer_id == customer_id, _unsolved())
    row = await tx.row(query.order_by(t.no.desc()).limit(1)) or dict.fromkeys(
        ("department", "agent_id")
    )
    agent_id = row["agent_id"]
    return {"department": row["department"], "agent_id": str(agent_id) if agent_id else None}


def _unsolved() -> sa.ColumnElement[bool]:
    return t.state.in_(UNSOLVED_STATES)


async def insert_changes(tx: Tx, ticket_id: UUID, login: str, changes: list[Change]) -> None:
    """Write down who changed what, from what, to what."""
    rows = [
        {
            "id": new_id(), "ticket_id": ticket_id, "at": tx.clock.now(), "login": login,
            "what": change.what, "before": change.before, "after": change.after,
        }
        for change in changes
    ]  # fmt: skip
    await tx.execute(sa.insert(change_table), rows)


async def insert_comment(tx: Tx, comment_id: UUID, ticket_id: UUID, login: str, text: str) -> None:
    """Write a comment."""
    await tx.execute(
        sa.insert(comment_table).values(
            id=comment_id, ticket_id=ticket_id, at=tx.clock.now(), login=login, text=text
        )
    )


async def notes_of(tx: Tx, table: sa.Table, ticket_id: UUID) -> list[dict[str, Any]]:
    """All comments or all changes of a ticket in order."""
    query = sa.select(table).where(table.c.ticket_id == ticket_id)
    return await tx.rows(query.order_by(table.c.at, table.c.id))
