"""One transaction at a time: state, events and durable jobs are written together or not at all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, Protocol, TypeVar, cast

from sqlalchemy import CursorResult, Executable, MetaData, RowMapping, func, literal, select
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.sql.dml import UpdateBase

from callwright.kit.bus import Bus
from callwright.kit.clock import Clock
from callwright.kit.errors import CallwrightError
from callwright.kit.event import Event
from callwright.kit.hub import Signals

log = logging.getLogger(__name__)
T = TypeVar("T")

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    }
)


class EventSink(Protocol):
    """Writes events and their durable jobs inside a transaction."""

    async def write(self, conn: AsyncConnection, events: Sequence[Event]) -> None: ...


class Tx:
    """An open transaction. Verbs take it first; the caller opened it and commits it."""

    def __init__(self, conn: AsyncConnection, clock: Clock, signals: Signals) -> None:
        self.conn = conn
        self.clock = clock
        self.signals = signals
        self.events: list[Event] = []
        self.afterwards: list[Callable[[], None]] = []

    async def execute(self, statement: Executable, values: Any = None) -> CursorResult[Any]:
        """Run a statement."""
        return cast("CursorResult[Any]", await self.conn.execute(statement, values))

    async def rows(self, statement: Executable) -> list[dict[str, Any]]:
        """All rows as dictionaries."""
        return [_plain(row) for row in (await self.conn.execute(statement)).mappings()]

    async def row(self, statement: Executable) -> dict[str, Any] | None:
        """The first row as a dictionary, or None."""
        found = (await self.conn.execute(statement)).mappings().first()
        return _plain(found) if found is not None else None

    async def value(self, statement: Executable) -> Any:
        """The first column of the first row, or None."""
        return (await self.conn.execute(statement)).scalar()

    async def together(self, changes: tuple[UpdateBase, ...], values: Mapping[str, Any]) -> bool:
        """Make changes that stand alone in one round trip; whether each touched exactly one row.

        None sees what another did. On False the caller must raise: some may have happened.
        `changes` are constants with named parameters, put together once.
        """
        counts = (await self.conn.execute(_in_one(changes), dict(values))).one()
        return all(count == 1 for count in counts)

    def publish(self, event: Event) -> None:
        """Say what happened; written with the commit, dispatched after it."""
        self.events.append(event)

    def after_commit(self, call: Callable[[], None]) -> None:
        """Do something in memory once the commit is sure."""
        self.afterwards.append(call)


@cache
def _in_one(changes: tuple[UpdateBase, ...]) -> Executable:
    parts = [
        change.returning(literal(1).label("touched")).cte(f"change_{number}")
        for number, change in enumerate(changes)
    ]
    return select(*(select(func.count()).select_from(part).scalar_subquery() for part in parts))


def _plain(row: RowMapping) -> dict[str, Any]:
    """Names as plain text: SQLAlchemy's own kind of it is refused by JSON encoders."""
    return {str(name): value for name, value in row.items()}


class Database:
    """The connection pool and the unit of work."""

    def __init__(self, url: str, clock: Clock, bus: Bus, *, pool_size: int = 20) -> None:
        self.url = url
        self.clock = clock
        self.bus = bus
        self.signals = Signals()
        self.sink: EventSink | None = None
        self.engine: AsyncEngine = create_async_engine(
            sqlalchemy_url(url), pool_size=pool_size, max_overflow=10, pool_pre_ping=False
        )
        self._autocommit = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Tx]:
        """Open a transaction; commit at the end, then dispatch what was published."""
        async with self.engine.begin() as conn:
            tx = Tx(conn, self.clock, self.signals)
            yield tx
            if tx.events:
                if self.sink is None:
                    raise RuntimeError("no event sink: the house was not put together")
                await self.sink.write(conn, tx.events)
        for call in tx.afterwards:
            call()
        self.bus.dispatch(tx.events)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Tx]:
        """For queries alone, where each sees what is committed by then: nothing to commit."""
        async with self._autocommit.connect() as conn:
            yield Tx(conn, self.clock, self.signals)

    async def run(self, verb: Callable[[Tx], Awaitable[T]], *, patience_s: float = 60.0) -> T:
        """Run a verb in a transaction of its own, again while the database is away.

        For work that must not be lost when PostgreSQL restarts under it. Gives up with
        `database_unreachable` after `patience_s` seconds.
        """
        waited, pause = 0.0, 0.1
        while True:
            try:
                async with self.begin() as tx:
                    return await verb(tx)
            except (OperationalError, DBAPIError, OSError) as error:
                if not is_disconnect(error) or waited >= patience_s:
                    raise
                log.warning("database away, trying again in %.1f s", pause)
            await asyncio.sleep(pause)
            waited += pause
            pause = min(pause * 2, 2.0)

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


def is_disconnect(error: Exception) -> bool:
    """Whether the fault is a lost or refused connection and not the statement's."""
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None)
        gone = state is None or str(state).startswith(("08", "57P"))
        return bool(error.connection_invalidated) or (isinstance(error, OperationalError) and gone)
    return isinstance(error, OSError)


def sqlalchemy_url(url: str) -> str:
    """The URL with the driver we use; other databases are refused."""
    scheme, _, rest = url.partition("://")
    if scheme not in {"postgresql", "postgres", "postgresql+psycopg"}:
        raise CallwrightError("invalid", field="database_url", why="must begin with postgresql://")
    return f"postgresql+psycopg://{rest}"


def psycopg_url(url: str) -> str:
    """The same URL for plain psycopg."""
    return f"postgresql://{url.partition('://')[2]}"
