"""Tables and SQL of contacts, legs, queue visits and segments."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert

from callwright.calls.model import (
    Consult,
    Contact,
    ContactState,
    Segment,
    Visit,
    after,
    consult_of,
    contact_of,
)
from callwright.kit.db import Tx, metadata
from callwright.kit.errors import CallwrightError
from callwright.kit.find import number_pieces

contact_table = sa.Table(
    "contact",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("caller_leg", sa.Text, nullable=False, unique=True),
    sa.Column("from_number", sa.Text, nullable=False),
    sa.Column("e164", sa.Text, index=True),
    sa.Column("number_kind", sa.Text, nullable=False),
    sa.Column("to_number", sa.Text, nullable=False),
    sa.Column("customer_id", sa.Uuid, index=True),
    sa.Column("tier", sa.Text, nullable=False),
    sa.Column("started_at", sa.DateTime(timezone=True), nullable=False, index=True),
    sa.Column("answered_at", sa.DateTime(timezone=True)),
    sa.Column("ended_at", sa.DateTime(timezone=True)),
    sa.Column("end_reason", sa.Text),
    sa.Column("queue", sa.Text),
    sa.Column("agent_id", sa.Uuid),
    sa.Column("ivr", sa.Text, nullable=False),
    sa.Column("ivr_version", sa.Integer),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("matches", JSONB, nullable=False),
    sa.Column("pieces", ARRAY(sa.Text), nullable=False, server_default="{}"),  # of the number
    sa.Column("direction", sa.Text, nullable=False, server_default="in"),
    sa.Index("contact_pieces_idx", "pieces", postgresql_using="gin"),
    sa.Index("contact_agent_id_id_idx", "agent_id", "id"),
    sa.Index("contact_queue_id_idx", "queue", "id"),
    sa.Index("contact_from_number_idx", "from_number"),
)
leg_table = sa.Table(
    "leg",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("contact_id", sa.Uuid, nullable=False, index=True),
    sa.Column("agent_id", sa.Uuid),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("answered_at", sa.DateTime(timezone=True)),
    sa.Column("ended_at", sa.DateTime(timezone=True)),
    sa.Column("cause", sa.Text),
)
visit_table = sa.Table(
    "queue_visit",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("contact_id", sa.Uuid, nullable=False, index=True),
    sa.Column("queue", sa.Text, nullable=False),
    sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("left_at", sa.DateTime(timezone=True)),
    sa.Column("exit", sa.Text),
    sa.Column("aged_from", sa.DateTime(timezone=True)),
    sa.Column("speak_at", sa.DateTime(timezone=True)),
    sa.Index("queue_visit_entered_at_idx", "entered_at"),
    sa.Index("queue_visit_open_idx", "entered_at", postgresql_where=sa.text("left_at IS NULL")),
    sa.Index(
        "queue_visit_one_open_idx",
        "contact_id",
        unique=True,
        postgresql_where=sa.text("left_at IS NULL"),
    ),
)
segment_table = sa.Table(
    "segment",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("contact_id", sa.Uuid, nullable=False, index=True),
    sa.Column("agent_id", sa.Uuid, nullable=False),
    sa.Column("leg", sa.Text, nullable=False),
    sa.Column("bridge", sa.Text, nullable=False),
    sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("ended_at", sa.DateTime(timezone=True)),
    sa.Column("wrapped_at", sa.DateTime(timezone=True)),
    sa.Index("segment_wrapped_at_idx", "wrapped_at"),
    sa.Index("segment_agent_id_started_at_idx", "agent_id", "started_at"),
)
hold_table = sa.Table(
    "hold",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("contact_id", sa.Uuid, nullable=False, index=True),
    sa.Column("agent_id", sa.Uuid, nullable=False),
    sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("ended_at", sa.DateTime(timezone=True)),
    sa.Index(
        "hold_one_open_idx",
        "contact_id",
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    ),
)
consult_table = sa.Table(
    "consult",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("contact_id", sa.Uuid, nullable=False, index=True),
    sa.Column("agent_id", sa.Uuid, nullable=False),
    sa.Column("leg", sa.Text, nullable=False),
    sa.Column("bridge", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("target_agent_id", sa.Uuid),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("answered_at", sa.DateTime(timezone=True)),
    sa.Column("closed_at", sa.DateTime(timezone=True)),
    sa.Column("result", sa.Text),
    sa.Index(
        "consult_one_open_idx",
        "contact_id",
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    ),
)
c, g, v, s = contact_table.c, leg_table.c, visit_table.c, segment_table.c
h, k = hold_table.c, consult_table.c

# For the offer of a call, where each millisecond counts: made once, run together with others.
OFFER = (
    sa.update(contact_table)
    .where(c.id == sa.bindparam("for_contact"), c.state == ContactState.WAITING.value)
    .values(state=after(ContactState.WAITING, "offer").value)
)
ADD_LEG = sa.insert(leg_table).values(
    id=sa.bindparam("new_leg"),
    contact_id=sa.bindparam("for_contact"),
    agent_id=sa.bindparam("for_agent"),
    created_at=sa.bindparam("now"),
)
# Not to be found by the index of states: the planner, whose figures are of an hour when nobody
# waited, would then compare everybody who waits with everybody.
STILL_WAITING = (c.state == ContactState.WAITING.value).is_(True)
_SINCE = sa.func.coalesce(v.aged_from, v.entered_at).label("entered_at")
WAITING = (
    sa.select(
        v.id.label("visit_id"), v.queue, _SINCE, c.id.label("contact_id"), c.tier,
        c.customer_id, c.caller_leg, c.site, c.e164, c.from_number, c.language,
        sa.literal("call").label("kind"), sa.literal(False).label("blended"),
    )
    .join(contact_table, c.id == v.contact_id)
    .where(v.left_at.is_(None), STILL_WAITING)
)  # fmt: skip


async def insert_contact(tx: Tx, values: dict[str, Any], *, leg: bool = True) -> bool:
    """Write a contact and its caller's leg; False when the leg is already known."""
    found_by = number_pieces(values["e164"] or values["from_number"])
    query = insert(contact_table).values(**values, pieces=found_by).on_conflict_do_nothing()
    if await tx.value(query.returning(c.id)) is None:
        return False
    if leg:
        await insert_leg(tx, values["caller_leg"], values["id"], None)
    return True


async def contact_for_update(tx: Tx, contact_id: UUID) -> Contact:
    """One contact, locked until the commit."""
    row = await tx.row(sa.select(contact_table).where(c.id == contact_id).with_for_update())
    if row is None:
        raise CallwrightError("not_found", what="contact", id=str(contact_id))
    return contact_of(row)


async def contact(tx: Tx, contact_id: UUID) -> Contact | None:
    """One contact."""
    row = await tx.row(sa.select(contact_table).where(c.id == contact_id))
    return contact_of(row) if row else None


async def numbers_of(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The caller's number of each of these contacts, whole."""
    rows = await tx.rows(sa.select(c.id, c.e164, c.from_number).where(c.id.in_(ids)))
    return {row["id"]: row["e164"] or row["from_number"] for row in rows}


async def contacts_by_number(tx: Tx, digits: str, limit: int) -> list[UUID]:
    """The newest contacts whose number holds these digits (three or more)."""
    query = sa.select(c.id).where(has_digits(digits)).order_by(c.id.desc()).limit(limit)
    return [row["id"] for row in await tx.rows(query)]


def has_digits(digits: str) -> sa.ColumnElement[bool]:
    """The contact's number holds these digits; the index narrows, the comparison decides."""
    whole = sa.func.coalesce(c.e164, c.from_number)
    return c.pieces.contains(number_pieces(digits)) & whole.contains(digits)


async def update_contact(tx: Tx, contact_id: UUID, **values: Any) -> None:
    """Change columns of a contact."""
    await tx.execute(sa.update(contact_table).where(c.id == contact_id).values(**values))


async def live_contacts(tx: Tx) -> list[Contact]:
    """Every contact that has not ended."""
    query = sa.select(contact_table).where(c.state != "ended").order_by(c.started_at)
    return [contact_of(row) for row in await tx.rows(query)]


async def last_visit(tx: Tx, contact_id: UUID) -> Visit | None:
    """The newest queue visit of a contact, open or not."""
    query = sa.select(visit_table).where(v.contact_id == contact_id)
    row = await tx.row(query.order_by(v.entered_at.desc(), v.id.desc()).limit(1))
    return Visit(**row) if row else None


async def insert_leg(tx: Tx, leg: str, contact_id: UUID, agent_id: UUID | None) -> None:
    """Write a leg."""
    await tx.execute(
        sa.insert(leg_table).values(
            id=leg, contact_id=contact_id, agent_id=agent_id, created_at=tx.clock.now()
        )
    )


async def leg_of(tx: Tx, leg: str) -> dict[str, Any] | None:
    """A leg's row."""
    return await tx.row(sa.select(leg_table).where(g.id == leg))


async def legs_of(tx: Tx, contact_id: UUID) -> list[dict[str, Any]]:
    """All legs of a contact."""
    query = sa.select(leg_table).where(g.contact_id == contact_id).order_by(g.created_at)
    return await tx.rows(query)


async def rings_agent(tx: Tx, contact_id: UUID, agent_id: UUID) -> bool:
    """Whether a leg of the contact is on its way to the agent."""
    of_both = (g.contact_id == contact_id, g.agent_id == agent_id)
    query = sa.select(g.id).where(*of_both, g.answered_at.is_(None), g.ended_at.is_(None))
    return await tx.value(query.limit(1)) is not None


async def open_legs(tx: Tx) -> list[dict[str, Any]]:
    """Every leg that has not ended, with its contact's state."""
    query = sa.select(leg_table).where(g.ended_at.is_(None))
    return await tx.rows(query)


async def end_leg(tx: Tx, leg: str, at: datetime, cause: str) -> bool:
    """Note a leg's end; False when it was noted before or is not ours."""
    query = (
        sa.update(leg_table)
        .where(g.id == leg, g.ended_at.is_(None))
        .values(ended_at=at, cause=cause)
    )
    return bool((await tx.execute(query)).rowcount)


async def answer_leg(tx: Tx, leg: str, at: datetime) -> None:
    """Note that a leg was answered."""
    await tx.execute(sa.update(leg_table).where(g.id == leg).values(answered_at=at))


async def insert_visit(tx: Tx, visit: Visit) -> None:
    """Write a queue visit."""
    await tx.execute(
        sa.insert(visit_table).values(
            id=visit.id,
            contact_id=visit.contact_id,
            queue=visit.queue,
            entered_at=visit.entered_at,
            aged_from=visit.aged_from,
        )
    )


async def open_visit(tx: Tx, contact_id: UUID) -> Visit | None:
    """The queue visit a contact is in."""
    query = sa.select(visit_table).where(v.contact_id == contact_id, v.left_at.is_(None))
    row = await tx.row(query)
    return Visit(**row) if row else None


async def end_visit(tx: Tx, visit_id: UUID, at: datetime, exit_: str) -> None:
    """Close a queue visit with its reason."""
    query = sa.update(visit_table).where(v.id == visit_id, v.left_at.is_(None))
    await tx.execute(query.values(left_at=at, exit=exit_))


async def insert_segment(tx: Tx, segment: Segment) -> None:
    """Write a talk segment."""
    await tx.execute(
        sa.insert(segment_table).values(
            id=segment.id, contact_id=segment.contact_id, agent_id=segment.agent_id,
            leg=segment.leg, bridge=segment.bridge, started_at=segment.started_at,
        )
    )  # fmt: skip


async def segments_of(tx: Tx, contact_id: UUID) -> list[Segment]:
    """All talk segments of a contact, in order."""
    query = sa.select(segment_table).where(s.contact_id == contact_id).order_by(s.started_at)
    return [Segment(**row) for row in await tx.rows(query)]


async def change_leg(tx: Tx, before: str, leg: str) -> Segment | None:
    """Another leg for the talk that runs on one; the talk, None when there is none."""
    query = sa.update(segment_table).where(s.leg == before, s.ended_at.is_(None))
    rows = await tx.rows(query.values(leg=leg).returning(*segment_table.c))
    return Segment(**rows[0]) if rows else None


async def open_segments(tx: Tx, contact_id: UUID) -> tuple[Segment, ...]:
    """The talks that go on now."""
    query = sa.select(segment_table).where(s.contact_id == contact_id, s.ended_at.is_(None))
    return tuple(Segment(**row) for row in await tx.rows(query.order_by(s.started_at)))


async def end_segments(
    tx: Tx, contact_id: UUID, at: datetime, agent_id: UUID | None = None
) -> list[Segment]:
    """Close the open segments of a contact (of one agent) and return them."""
    query = sa.update(segment_table).where(s.contact_id == contact_id, s.ended_at.is_(None))
    if agent_id:
        query = query.where(s.agent_id == agent_id)
    ended = query.values(ended_at=at).returning(segment_table)
    return [Segment(**row) for row in await tx.rows(ended)]


async def begin_hold(tx: Tx, hold_id: UUID, contact_id: UUID, agent_id: UUID) -> None:
    """The caller hears music from now on."""
    await tx.execute(
        sa.insert(hold_table).values(
            id=hold_id, contact_id=contact_id, agent_id=agent_id, started_at=tx.clock.now()
        )
    )


async def end_hold(tx: Tx, contact_id: UUID, at: datetime) -> None:
    """The music is over; no matter if there was none."""
    query = sa.update(hold_table).where(h.contact_id == contact_id, h.ended_at.is_(None))
    await tx.execute(query.values(ended_at=at))


async def holds_of(tx: Tx, contact_id: UUID) -> list[dict[str, Any]]:
    """All stretches on hold: agent_id, started_at, ended_at (None = still), in order."""
    query = sa.select(hold_table).where(h.contact_id == contact_id).order_by(h.started_at)
    return await tx.rows(query)


async def insert_consult(tx: Tx, consult: Consult) -> None:
    """Write a consult; the unique index refuses a second open one."""
    await tx.execute(sa.insert(consult_table).values(**dataclasses.asdict(consult)))


async def open_consult(tx: Tx, contact_id: UUID) -> Consult | None:
    """The third party of a contact, if there is one."""
    query = sa.select(consult_table).where(k.contact_id == contact_id, k.closed_at.is_(None))
    row = await tx.row(query)
    return consult_of(row) if row else None


async def bridges_of(tx: Tx, contact_id: UUID) -> list[str]:
    """Every bridge that a contact ever had."""
    talks = sa.select(s.bridge).where(s.contact_id == contact_id)
    asides = sa.select(k.bridge).where(k.contact_id == contact_id)
    return [row["bridge"] for row in await tx.rows(talks.union(asides))]


async def update_consult(tx: Tx, consult_id: UUID, **values: Any) -> None:
    """Change columns of a consult."""
    await tx.execute(sa.update(consult_table).where(k.id == consult_id).values(**values))
