"""Timers: a table of due moments, and a loop on the Clock that turns due ones into jobs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.exc import DBAPIError

from callwright.kit.clock import Clock
from callwright.kit.db import Database, Tx, is_disconnect, metadata
from callwright.kit.jobs import Jobs

log = logging.getLogger(__name__)

SIGNAL = "timers"
LONGEST_SLEEP_S = 30.0
BATCH = 200

timer_table = sa.Table(
    "timer",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("due_at", sa.DateTime(timezone=True), nullable=False, index=True),
    sa.Column("body", JSONB, nullable=False),
)

TimerHandler = Callable[[dict[str, Any], Any], Awaitable[None]]  # (body, house)
_HANDLERS: dict[str, TimerHandler] = {}


def on_timer(name: str) -> Callable[[TimerHandler], TimerHandler]:
    """Do this when a timer called `name` is due. It may run twice: be idempotent."""

    def wrap(handler: TimerHandler) -> TimerHandler:
        if name in _HANDLERS:
            raise ValueError(f"timer {name!r} has two handlers")
        _HANDLERS[name] = handler
        return handler

    return wrap


def timer_handler(name: str) -> TimerHandler | None:
    """The handler of a timer name."""
    return _HANDLERS.get(name)


async def set_timer(
    tx: Tx, key: str, name: str, due_at: datetime, body: dict[str, Any], *, move: bool = True
) -> None:
    """Set timer `key` (unique), or move it; with `move` false one that is set stays as it is."""
    values = {"name": name, "due_at": due_at, "body": body}
    query = insert(timer_table).values(key=key, **values)
    same = [timer_table.c.key]
    await tx.execute(
        query.on_conflict_do_update(index_elements=same, set_=values)
        if move
        else query.on_conflict_do_nothing(index_elements=same)
    )
    tx.after_commit(lambda: tx.signals.wake(SIGNAL))


async def cancel_timer(tx: Tx, key: str) -> None:
    """Forget timer `key`; no matter if it is not set."""
    await tx.execute(sa.delete(timer_table).where(timer_table.c.key == key))


class Timers:
    """The loop that fires timers."""

    def __init__(self, db: Database, clock: Clock, jobs: Jobs) -> None:
        self._db, self._clock, self._jobs = db, clock, jobs

    async def run(self) -> None:
        """Fire timers until cancelled."""
        while True:
            try:
                pause = await self._fire_due()
            except (DBAPIError, OSError) as error:
                if not is_disconnect(error):
                    raise
                log.warning("timers: database away, trying again")
                pause = 1.0
            await self._sleep(pause)

    async def _fire_due(self) -> float:
        """Turn due timers into jobs; return seconds until the next one."""
        now = self._clock.now()
        t = timer_table.c
        due = sa.select(t.key).where(t.due_at <= now).order_by(t.due_at).limit(BATCH)
        async with self._db.begin() as tx:
            fired = await tx.rows(
                sa.delete(timer_table)
                .where(t.key.in_(due.with_for_update(skip_locked=True).scalar_subquery()))
                .returning(t.name, t.body)
            )
            for row in fired:
                await self._jobs.defer(tx.conn, "timer", timer=row["name"], body=row["body"])
            following = await tx.value(sa.select(sa.func.min(t.due_at)))
        if following is None:
            return LONGEST_SLEEP_S
        return float(min(max((following - self._clock.now()).total_seconds(), 0), LONGEST_SLEEP_S))

    async def _sleep(self, seconds: float) -> None:
        """Sleep on the clock, or until a timer was set."""
        tasks = {
            asyncio.ensure_future(self._clock.sleep(seconds)),
            asyncio.ensure_future(self._db.signals.wait(SIGNAL, LONGEST_SLEEP_S)),
        }
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
