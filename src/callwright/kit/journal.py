"""The one append-only table `event`: journal, outbox and feed in one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from callwright.kit.bus import durable_handlers, handler_name
from callwright.kit.db import Tx, metadata
from callwright.kit.event import EVENTS, Event
from callwright.kit.jobs import Jobs

event_table = sa.Table(
    "event",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("contact_id", sa.Uuid),
    sa.Column("caused_by", sa.Uuid),
    sa.Column("subjects", JSONB, nullable=False),
    sa.Column("body", JSONB, nullable=False),
    sa.Column(
        "tx",
        sa.BigInteger,
        nullable=False,
        server_default=sa.text("(pg_current_xact_id()::text)::bigint"),
    ),
    sa.Index("event_contact_id_at_idx", "contact_id", "at"),
    sa.Index("event_name_at_idx", "name", "at"),
    sa.Index("event_tx_idx", "tx"),
    sa.Index("event_agent_at_idx", sa.text("(subjects ->> 'agent_id')"), "at"),
)


# One parameter for any number of events: nothing is compiled anew for a longer list.
_INSERT = sa.text(
    "INSERT INTO event (id, name, at, site, contact_id, caused_by, subjects, body) "
    "SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new (id uuid, name text, "
    "at timestamptz, site text, contact_id uuid, caused_by uuid, subjects jsonb, body jsonb)"
)


class Journal:
    """Writes events and defers the durable reactions in the same transaction."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    async def write(self, conn: AsyncConnection, events: Sequence[Event]) -> None:
        """Insert all events, then one job for each durable handler."""
        rows = orjson.dumps([_row(event) for event in events]).decode()
        await conn.execute(_INSERT, {"rows": rows})
        for event in events:
            for handler in durable_handlers(type(event)):
                await self._jobs.defer(
                    conn, "react", handler=handler_name(handler), event=str(event.id)
                )


def _row(event: Event) -> dict[str, Any]:
    subjects = event.subjects()
    return {
        "id": event.id,
        "name": event.NAME,
        "at": event.at,
        "site": event.site,
        "contact_id": event.contact_id,
        "caused_by": event.caused_by,
        "subjects": subjects,
        "body": event.body(),
    }


async def load_event(tx: Tx, event_id: UUID) -> Event | None:
    """The event of an id, as its class; None when it or its class is gone."""
    row = await tx.row(sa.select(event_table).where(event_table.c.id == event_id))
    if row is None or row["name"] not in EVENTS:
        return None
    fields = ("at", "id", "site", "caused_by", "subjects", "body")
    return EVENTS[row["name"]].load(**{name: row[name] for name in fields})


async def events_named(tx: Tx, contact_id: UUID, name: str) -> list[dict[str, Any]]:
    """The own fields of a contact's events of one name, in order."""
    t = event_table.c
    query = sa.select(t.body).where(t.contact_id == contact_id, t.name == name)
    return [row["body"] for row in await tx.rows(query.order_by(t.at, t.id))]


async def events_between(
    tx: Tx, name: str, since: datetime, until: datetime
) -> list[dict[str, Any]]:
    """All events of one name in a stretch of time, in order: {at, contact_id, subjects, body}."""
    t = event_table.c
    query = sa.select(t.at, t.contact_id, t.subjects, t.body)
    query = query.where(t.name == name, t.at >= since, t.at < until)
    return await tx.rows(query.order_by(t.at, t.id))


async def timeline(tx: Tx, contact_id: UUID) -> list[dict[str, Any]]:
    """All events of a contact in order: {id, name, at, subjects, body}."""
    t = event_table.c
    return await tx.rows(
        sa.select(t.id, t.name, t.at, t.subjects, t.body)
        .where(t.contact_id == contact_id)
        .order_by(t.at, t.id)
    )


async def edge_events(
    tx: Tx, name: str, subject: str, since: datetime, until: datetime, *, first: bool
) -> dict[str, dict[str, Any]]:
    """For each subject (such as `agent_id`) its first or last event of a name in a stretch:
    id -> {at, subjects, body}."""
    t = event_table.c
    whose = t.subjects[subject].astext
    order = (t.at, t.id) if first else (t.at.desc(), t.id.desc())
    place = sa.func.row_number().over(partition_by=whose, order_by=order).label("place")
    ranked = (
        sa.select(whose.label("subject"), t.at, t.subjects, t.body, place)
        .where(t.name == name, t.at >= since, t.at < until)
        .subquery()
    )
    rows = await tx.rows(sa.select(ranked).where(ranked.c.place == 1))
    return {row["subject"]: row for row in rows if row["subject"]}
