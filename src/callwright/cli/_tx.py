"""A transaction for commands that change the database without the platform."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from callwright.kit.bus import Bus
from callwright.kit.clock import SystemClock
from callwright.kit.db import Database, Tx
from callwright.kit.jobs import Jobs
from callwright.kit.journal import Journal


@asynccontextmanager
async def transaction(url: str) -> AsyncIterator[Tx]:
    """Open one on a connection of its own; events and jobs are written for the platform to do."""
    db = Database(url, SystemClock(), Bus(), pool_size=1)
    db.sink = Journal(Jobs(url))
    try:
        async with db.begin() as tx:
            yield tx
    finally:
        await db.close()
