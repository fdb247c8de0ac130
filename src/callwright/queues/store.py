"""Tables and SQL of queues and lines."""

from __future__ import annotations

import dataclasses

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert

from callwright.kit.db import Tx, metadata
from callwright.queues.model import Line, Queue, queue_of_row

queue_table = sa.Table(
    "queue",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("department", sa.Text, nullable=False),
    sa.Column("skills", JSONB, nullable=False),
    sa.Column("ring_s", sa.Integer, nullable=False),
    sa.Column("max_wait_s", sa.Integer, nullable=False),
    sa.Column("wrap_up_s", sa.Integer, nullable=False),
    sa.Column("calendar", sa.Text, nullable=False, server_default=""),
    sa.Column("greeting", sa.Text, nullable=False, server_default="queue_greeting"),
    sa.Column("music", sa.Text, nullable=False, server_default=""),
    sa.Column("max_waiting", sa.Integer),
    sa.Column("announce", JSONB, nullable=False, server_default="{}"),
    sa.Column("overflow", JSONB, nullable=False, server_default="{}"),
)
line_table = sa.Table(
    "line",
    metadata,
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("ivr", sa.Text, nullable=False),
    sa.Column("calendar", sa.Text, nullable=False),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("area_code", sa.Text, nullable=False),
    sa.Column("trunk", sa.Text, nullable=False, server_default=""),
)


async def save_queue(tx: Tx, queue: Queue) -> None:
    """Write or replace a queue."""
    values = dataclasses.asdict(queue)
    await tx.execute(
        insert(queue_table)
        .values(**values)
        .on_conflict_do_update(index_elements=[queue_table.c.key], set_=values)
    )


async def lock_queues(tx: Tx) -> None:
    """One change of the queues at a time, until the commit: they are checked against each other."""
    await tx.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext("queues"))))


async def save_line(tx: Tx, line: Line) -> None:
    """Write or replace a line."""
    values = dataclasses.asdict(line)
    await tx.execute(
        insert(line_table)
        .values(**values)
        .on_conflict_do_update(index_elements=[line_table.c.number], set_=values)
    )


async def queues(tx: Tx) -> list[Queue]:
    """All queues by key."""
    rows = await tx.rows(sa.select(queue_table).order_by(queue_table.c.key))
    return [queue_of_row(row) for row in rows]


async def queue_of(tx: Tx, key: str) -> Queue | None:
    """One queue."""
    row = await tx.row(sa.select(queue_table).where(queue_table.c.key == key))
    return queue_of_row(row) if row else None


async def line_of(tx: Tx, number: str) -> Line | None:
    """The line of a dialled number."""
    row = await tx.row(sa.select(line_table).where(line_table.c.number == number))
    return Line(**row) if row else None


async def lines(tx: Tx) -> list[Line]:
    """All lines by number."""
    query = sa.select(line_table).order_by(line_table.c.number)
    return [Line(**row) for row in await tx.rows(query)]


async def lines_out(tx: Tx) -> list[Line]:
    """The lines that calls can go out by, by number."""
    query = sa.select(line_table).where(line_table.c.trunk != "")
    return [Line(**row) for row in await tx.rows(query.order_by(line_table.c.number))]


async def first_line(tx: Tx) -> Line | None:
    """The line that answers numbers nobody configured."""
    row = await tx.row(sa.select(line_table).order_by(line_table.c.number).limit(1))
    return Line(**row) if row else None
