"""The table of simulations: what was asked, how far it is, what came out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from callwright.kit.db import Tx, metadata

KEPT = 100
OPEN = ("requested", "running")

simulation_table = sa.Table(
    "routing_simulation",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False, index=True),
    sa.Column("finished_at", sa.DateTime(timezone=True)),
    sa.Column("wish", JSONB, nullable=False),
    sa.Column("running_version", sa.Integer, nullable=False),
    sa.Column("running", JSONB, nullable=False),
    sa.Column("stage", sa.Text, nullable=False, server_default=""),
    sa.Column("progress", sa.Float, nullable=False, server_default="0"),
    sa.Column("result", JSONB),
    sa.Column("error", JSONB),
)
m = simulation_table.c
_HEAD = (
    m.id, m.state, m.author, m.requested_at, m.finished_at, m.wish, m.running_version, m.stage,
    m.progress, m.error,
)  # fmt: skip


async def lock(tx: Tx) -> None:
    """One request at a time until the commit."""
    await tx.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(m.id.table.name))))


async def open_one(tx: Tx) -> UUID | None:
    """The simulation that is not over yet."""
    found: UUID | None = await tx.value(sa.select(m.id).where(m.state.in_(OPEN)).limit(1))
    return found


async def insert(tx: Tx, values: dict[str, Any]) -> None:
    """Write a request; of all that are over the newest `KEPT` stay."""
    await tx.execute(sa.insert(simulation_table).values(**values))
    newest = sa.select(m.id).order_by(m.requested_at.desc(), m.id.desc()).limit(KEPT)
    await tx.execute(sa.delete(simulation_table).where(m.id.not_in(newest), m.state.not_in(OPEN)))


async def begin(tx: Tx, simulation_id: UUID) -> dict[str, Any] | None:
    """Mark it as running, again after a death of the platform; None when it is over."""
    return await tx.row(
        sa.update(simulation_table)
        .where(m.id == simulation_id, m.state.in_(OPEN))
        .values(state="running", progress=0, stage="reading")
        .returning(simulation_table)
    )


async def advance(tx: Tx, simulation_id: UUID, stage: str, progress: float) -> bool:
    """How far it is; False when somebody ended it."""
    query = sa.update(simulation_table).where(m.id == simulation_id, m.state == "running")
    done = await tx.execute(query.values(stage=stage, progress=progress))
    return bool(done.rowcount)


async def finish(
    tx: Tx, simulation_id: UUID, state: str, *, result: Any = None, error: Any = None
) -> bool:
    """Write the end down; False when it was over already."""
    query = sa.update(simulation_table).where(m.id == simulation_id, m.state.in_(OPEN))
    values = {"state": state, "result": result, "error": error, "finished_at": tx.clock.now()}
    if state == "done":
        values["progress"] = 1.0
    return bool((await tx.execute(query.values(**values))).rowcount)


async def heads(tx: Tx, limit: int) -> list[dict[str, Any]]:
    """The newest simulations without their results."""
    query = sa.select(*_HEAD).order_by(m.requested_at.desc(), m.id.desc()).limit(limit)
    return await tx.rows(query)


async def one(tx: Tx, simulation_id: UUID) -> dict[str, Any] | None:
    """A simulation with its result."""
    return await tx.row(sa.select(simulation_table).where(m.id == simulation_id))
