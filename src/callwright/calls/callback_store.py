"""The tables of callbacks, and the line of everybody who waits."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from callwright.calls.callback_model import Callback, CallbackState, callback_of
from callwright.calls.store import WAITING, c, contact_table, v, visit_table
from callwright.kit.db import Tx, metadata

callback_table = sa.Table(
    "callback",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("contact_id", sa.Uuid, nullable=False, unique=True),  # in which it was asked for
    sa.Column("caller", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("customer_id", sa.Uuid),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("queue", sa.Text, nullable=False),
    sa.Column("line", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("first", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("aged_from", sa.DateTime(timezone=True), nullable=False),
    sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("most_tries", sa.Integer, nullable=False),
    sa.Column("retry_min", sa.Integer, nullable=False),
    sa.Column("done_at", sa.DateTime(timezone=True)),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("by", sa.Text, nullable=False, server_default=""),
    sa.Column("blended", sa.Boolean, nullable=False, server_default="false"),
    sa.Column("expires_at", sa.DateTime(timezone=True)),
    sa.Index("callback_requested_at_idx", "requested_at"),
    # nobody has two promises: this index is what makes a second callback impossible
    sa.Index(
        "callback_one_open_idx", "caller", unique=True, postgresql_where=sa.text("done_at IS NULL")
    ),
    sa.Index("callback_waiting_idx", "not_before", postgresql_where=sa.text("state = 'waiting'")),
)
attempt_table = sa.Table(
    "callback_attempt",
    metadata,
    sa.Column("contact_id", sa.Uuid, primary_key=True),  # the call out
    sa.Column("callback_id", sa.Uuid, nullable=False, index=True),
    sa.Column("agent_id", sa.Uuid),
    sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("ended_at", sa.DateTime(timezone=True)),
    sa.Column("result", sa.Text),
    # and this one a second dial for one promise
    sa.Index(
        "callback_attempt_one_open_idx",
        "callback_id",
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    ),
)
b, a = callback_table.c, attempt_table.c

# As `store.WAITING` has its rows, so that both stand in one line: the contact is the first call.
_DUE = (
    sa.select(
        b.id.label("visit_id"), b.queue, b.aged_from.label("entered_at"), c.id.label("contact_id"),
        c.tier, b.customer_id, c.caller_leg, b.site,
        sa.cast(b.number, sa.Text).label("e164"), c.from_number, c.language,
        sa.literal("callback"), b.blended,
    )
    .join(contact_table, c.id == b.contact_id)
    .where(
        b.state == CallbackState.WAITING.value, b.first == "agent",
        b.not_before <= sa.bindparam("now"),
        sa.or_(b.expires_at.is_(None), b.expires_at > sa.bindparam("now")),
    )
)  # fmt: skip
_WAITING = WAITING.union_all(_DUE).order_by("entered_at", "visit_id")


def _version_of(*tables: sa.Table) -> sa.Label[str]:
    """Text that differs after any change of these rows: PostgreSQL's own mark of who wrote them."""
    marks = [sa.literal_column(f"{table.name}.xmin::text", sa.Text) for table in tables]
    return sa.func.concat_ws(".", *marks).label("version")


_THESE: sa.BindParameter[Any] = sa.bindparam("these", expanding=True)
_SOME = WAITING.where(v.id.in_(_THESE)).union_all(_DUE.where(b.id.in_(_THESE)))
_PLACES = WAITING.with_only_columns(v.id, _version_of(visit_table, contact_table)).union_all(
    _DUE.with_only_columns(b.id, _version_of(callback_table, contact_table))
)


async def waiting(tx: Tx) -> list[dict[str, Any]]:
    """Everybody whom an agent could be given now, callers and callbacks, the oldest first.

    `entered_at` = since when the wait counts: the first queue of a transferred caller. `visit_id`
    of a row whose `kind` is callback is the callback's id, `contact_id` the call that asked for it.
    `blended` = nobody asked: it must delay no caller.
    """
    return await tx.rows(_WAITING.params(now=tx.clock.now()))


async def waiting_in_places(tx: Tx, places: Collection[UUID]) -> list[dict[str, Any]]:
    """Those of `waiting` whose `visit_id` is among the places, in any order."""
    return await tx.rows(_SOME.params(now=tx.clock.now(), these=list(places)))


async def places(tx: Tx) -> dict[UUID, str]:
    """The `visit_id` of everybody in `waiting`, and what changes whenever their rows do: a fifth
    of the cost of the rows themselves."""
    found = await tx.execute(_PLACES.params(now=tx.clock.now()))
    return {row.id: row.version for row in found}


async def line_up(tx: Tx) -> list[dict[str, Any]]:
    """Everybody with a place in the queues, due or not: id, queue, aged_from; who is on the line
    counts once, who did not ask to be called back not at all."""
    callers = sa.select(
        v.id, v.queue, sa.func.coalesce(v.aged_from, v.entered_at).label("aged_from")
    ).where(v.left_at.is_(None))
    # a customer who was called back and waits again stands there as a caller
    back = sa.exists().where(
        a.callback_id == b.id, v.contact_id == a.contact_id, v.left_at.is_(None)
    )
    promised = sa.select(b.id, b.queue, b.aged_from).where(b.done_at.is_(None), ~back, ~b.blended)
    return await tx.rows(callers.union_all(promised))


async def insert_callback(tx: Tx, values: dict[str, Any]) -> bool:
    """Write a promise; False when there is one for this number."""
    query = insert(callback_table).values(**values).on_conflict_do_nothing()
    return await tx.value(query.returning(b.id)) is not None


async def callback(tx: Tx, callback_id: UUID, *, lock: bool = False) -> Callback | None:
    """One callback, locked until the commit when it is to be changed."""
    query = sa.select(callback_table).where(b.id == callback_id)
    row = await tx.row(query.with_for_update() if lock else query)
    return callback_of(row) if row else None


async def open_of(tx: Tx, caller: str) -> Callback | None:
    """The open callback of a number, locked."""
    query = sa.select(callback_table).where(b.caller == caller, b.done_at.is_(None))
    row = await tx.row(query.with_for_update())
    return callback_of(row) if row else None


async def of_contact(tx: Tx, contact_id: UUID) -> Callback | None:
    """The callback that a call asked for, or that it is an attempt of."""
    attempt = sa.select(a.callback_id).where(a.contact_id == contact_id).scalar_subquery()
    row = await tx.row(
        sa.select(callback_table).where(sa.or_(b.contact_id == contact_id, b.id == attempt))
    )
    return callback_of(row) if row else None


async def callbacks(tx: Tx, *, open_: bool, limit: int) -> list[Callback]:
    """Open ones by age, or those that are over, the latest first."""
    query = sa.select(callback_table).limit(limit)
    if open_:
        query = query.where(b.done_at.is_(None)).order_by(b.aged_from, b.id)
    else:
        query = query.where(b.done_at.is_not(None)).order_by(b.done_at.desc(), b.id)
    return [callback_of(row) for row in await tx.rows(query)]


async def customer_first(tx: Tx) -> list[Callback]:
    """Callbacks that are due and begin with the customer's phone, the oldest first."""
    due = (b.state == CallbackState.WAITING.value, b.not_before <= tx.clock.now())
    query = sa.select(callback_table).where(*due, b.first == "customer")
    return [callback_of(row) for row in await tx.rows(query.order_by(b.aged_from, b.id))]


async def change(tx: Tx, callback_id: UUID, before: CallbackState, **values: Any) -> bool:
    """Change columns; False when the state is another one by now."""
    query = sa.update(callback_table).where(b.id == callback_id, b.state == before.value)
    return bool((await tx.execute(query.values(**values))).rowcount)


async def insert_attempt(
    tx: Tx, callback_id: UUID, contact_id: UUID, agent_id: UUID | None
) -> None:
    """Write an attempt; the unique index refuses a second open one."""
    values = {"contact_id": contact_id, "callback_id": callback_id, "agent_id": agent_id}
    await tx.execute(sa.insert(attempt_table).values(**values, made_at=tx.clock.now()))


async def end_attempt(tx: Tx, contact_id: UUID, at: datetime, result: str) -> UUID | None:
    """Close the attempt that a call out is; its callback, None when it is none or was closed."""
    query = sa.update(attempt_table).where(a.contact_id == contact_id, a.ended_at.is_(None))
    found: UUID | None = await tx.value(
        query.values(ended_at=at, result=result).returning(a.callback_id)
    )
    return found


async def attempts_of(tx: Tx, callback_id: UUID) -> list[dict[str, Any]]:
    """All attempts in order: contact_id, agent_id, made_at, ended_at, result."""
    query = sa.select(attempt_table).where(a.callback_id == callback_id)
    return await tx.rows(query.order_by(a.made_at, a.contact_id))


async def in_a_call(tx: Tx, number: str, besides: UUID) -> bool:
    """Whether somebody with this number is in a call with us now."""
    same = sa.or_(c.e164 == number, c.from_number == number)
    query = sa.select(c.id).where(same, c.state != "ended", c.id != besides).limit(1)
    return await tx.value(query) is not None


async def on_the_line(tx: Tx, callback_id: UUID) -> bool:
    """Whether the customer has answered the call out that is under way."""
    query = sa.select(a.contact_id).join(contact_table, c.id == a.contact_id)
    open_ = (a.callback_id == callback_id, a.ended_at.is_(None), c.answered_at.is_not(None))
    return await tx.value(query.where(*open_).limit(1)) is not None
