"""Reads a stretch of the past from our own tables: ids, queues, tiers and times, nobody's data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from callwright.agents import service as agents
from callwright.agents.events import AgentStateChanged
from callwright.calls import reads as calls
from callwright.kit.db import Tx
from callwright.kit.errors import invalid
from callwright.kit.journal import edge_events, events_between
from callwright.routing import reads
from callwright.routing.whatif.past import Change, Past, Read, Taken, Visit, past_of

WEEK = timedelta(days=7)
LOOK_AROUND = timedelta(days=14)
SLACK = timedelta(hours=6)  # an offer or a wrap-up may follow the last arrival of a stretch


def stretch_of_day(day: date, zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime]:
    """A calendar day of the company's zone, until now if it is today; `invalid` in the future."""
    since = datetime.combine(day, time(), zone)
    until = datetime.combine(day + timedelta(days=1), time(), zone)
    if since >= now:
        raise invalid("source.date", "is in the future")
    return since, min(until, now)


def last_week(now: datetime) -> tuple[datetime, datetime]:
    """The seven days up to now."""
    return now - WEEK, now


async def read_past(tx: Tx, since: datetime, until: datetime) -> Past:
    """Everything that a replay needs of what happened between two moments."""

    def at(moment: datetime) -> float:
        return (moment - since).total_seconds()

    visits = await calls.visits_between(tx, since, until)
    offers = await reads.offers_between(tx, since - SLACK, until + SLACK)
    changes = await events_between(tx, AgentStateChanged.NAME, since, until + SLACK)
    people = await agents.agents(tx)
    read = Read(
        start=since.isoformat(),
        seconds=at(until),
        visits=[_visit(row, at) for row in visits],
        taken=[_taken(row, at) for row in offers if row["result"] == "accepted"],
        talks=_talks(await calls.talks_between(tx, since, until), at),
        changes=[_change(row, at) for row in changes],
        first_states=await _first_states(tx, since, people),
        offered=frozenset((str(row["agent_id"]), str(row["contact_id"])) for row in offers),
    )
    return past_of(read, [(str(a.id), a.login, a.skills, a.queues) for a in people])


async def _first_states(tx: Tx, since: datetime, people: list[Any]) -> dict[str, str]:
    """In which state everybody was at a moment: what they left first after it. Who changed nothing
    in `LOOK_AROUND` was as today if that lasts since then, else signed off."""
    left = await edge_events(
        tx, AgentStateChanged.NAME, "agent_id", since, since + LOOK_AROUND, first=True
    )
    found = {str(p.id): str(p.state.value) for p in people if p.state_since <= since}
    return found | {key: row["body"]["before"] for key, row in left.items()}


At = Callable[[datetime], float]


def _visit(row: dict[str, Any], at: At) -> Visit:
    return Visit(
        id=str(row["id"]), contact=str(row["contact_id"]), queue=row["queue"],
        entered=at(row["entered_at"]), left=at(row["left_at"]) if row["left_at"] else None,
        exit=row["exit"], tier=row["tier"], language=row["language"],
        customer=str(row["customer_id"] or ""),
    )  # fmt: skip


def _taken(row: dict[str, Any], at: At) -> Taken:
    return Taken(
        visit=str(row["visit_id"]), contact=str(row["contact_id"]), agent=str(row["agent_id"]),
        rang=at(row["made_at"]), answered=at(row["closed_at"]),
    )  # fmt: skip


def _talks(
    rows: list[dict[str, Any]], at: At
) -> dict[tuple[str, str], list[tuple[float, float | None]]]:
    found: dict[tuple[str, str], list[tuple[float, float | None]]] = {}
    for row in rows:
        over = at(row["ended_at"]) if row["ended_at"] else None
        key = (str(row["contact_id"]), str(row["agent_id"]))
        found.setdefault(key, []).append((at(row["started_at"]), over))
    return found


def _change(row: dict[str, Any], at: At) -> Change:
    subjects, body = row["subjects"], row["body"]
    return Change(
        agent=subjects.get("agent_id", ""), at=at(row["at"]), before=body["before"],
        state=body["state"], contact=subjects.get("contact_id", ""),
    )  # fmt: skip
