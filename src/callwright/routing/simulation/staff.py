"""The agents of a trace: from a table of their own, or from who answered what. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from typing import TypeVar

from callwright.routing.simulation.day import Seat
from callwright.routing.simulation.table import Axis, Row, Rows

DAY_S = 86_400.0
BREAK_S = 3600.0  # in a trace without agents' hours, so long without a call was a break
V = TypeVar("V")
Shift = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Roster:
    """The agents' table: one row a shift; an agent may have several."""

    rows: Rows
    ids: frozenset[str]


def read_roster(rows: Rows) -> Roster:
    """Columns: `id`; `skills`, `queues`, `from`, `to` (see docs/reference/simulate)."""
    rows.check(("id",))
    return Roster(rows, frozenset(row.needed("id") for row in rows.rows))


def seats_of(roster: Roster, axis: Axis, start: float, end: float) -> tuple[Seat, ...]:
    """Agents with their shifts within the trace. A shift like 22:00-06:00 ends on the next day."""
    skills: dict[str, Mapping[str, int]] = {}
    queues: dict[str, tuple[str, ...]] = {}
    shifts: dict[str, list[Shift]] = {}
    for row in roster.rows.rows:
        who = row.needed("id")
        _same(row, "skills", skills, who, row.skills("skills"))
        _same(row, "queues", queues, who, row.names("queues"))
        mine = shifts.setdefault(who, [])
        for shift in _shifts(row, axis, start, end):
            if any(a < shift[1] and shift[0] < b for a, b in mine):
                raise row.fault("from", f"overlaps another shift of {who!r}")
            mine.append(shift)
    return tuple(
        Seat(who, skills[who], queues[who], tuple(sorted(shifts[who]))) for who in sorted(shifts)
    )


def _same(row: Row, field: str, known: dict[str, V], who: str, found: V) -> None:
    """A further row of an agent may leave skills and queues empty, but not change them."""
    before = known.setdefault(who, found)
    if found and found != before:
        raise row.fault(field, f"differs from an earlier row of {who!r}")


def _shifts(row: Row, axis: Axis, start: float, end: float) -> Iterable[Shift]:
    begin, to = row.text("from"), row.text("to")
    if not begin and not to:
        return [(start, end)]
    if _is_clock(begin or to) or _is_clock(to or begin):
        return _daily(row, start, end)
    first, last = axis.place(row, "from"), axis.place(row, "to")
    first, last = start if first is None else first, end if last is None else last
    if last <= first:
        raise row.fault("to", "is not after from")
    return [(first, last)]


def _is_clock(text: str) -> bool:
    return ":" in text and "-" not in text and len(text) <= len("23:59:59")


def _daily(row: Row, start: float, end: float) -> list[Shift]:
    first, last = _clock(row, "from", 0.0), _clock(row, "to", DAY_S)
    if last <= first:
        last += DAY_S
    days = range(int(start // DAY_S) - 1, int(end // DAY_S) + 1)
    found = [(day * DAY_S + first, day * DAY_S + last) for day in days]
    return [(max(a, 0.0), b) for a, b in found if b > start and a < end]


def _clock(row: Row, field: str, empty: float) -> float:
    text = row.text(field)
    if not text:
        return empty
    if text in ("24:00", "24:00:00"):
        return DAY_S
    try:
        moment = time.fromisoformat(text)
    except ValueError as error:
        raise row.fault(field, f"{text!r} is no time of day like 08:30") from error
    return moment.hour * 3600.0 + moment.minute * 60.0 + moment.second


@dataclass(frozen=True, slots=True)
class Answered:
    """An agent's call in the trace, for who is told by the trace alone; seconds on its axis."""

    agent: str
    queue: str
    skills: Mapping[str, int]
    start: float
    end: float


def seats_from(
    answered: Iterable[Answered], level: int, break_s: float = BREAK_S
) -> tuple[Seat, ...]:
    """Agents on duty from their first answer to the end of their last call, with breaks of over
    `break_s` between; their queues and skills are those of the calls they took, at this level.
    """
    by_agent: dict[str, list[Answered]] = {}
    for call in answered:
        by_agent.setdefault(call.agent, []).append(call)
    seats = []
    for who, calls in sorted(by_agent.items()):
        skills = {skill: max(level, least) for c in calls for skill, least in c.skills.items()}
        queues = tuple(sorted({call.queue for call in calls}))
        seats.append(Seat(who, skills, queues, _spells(calls, break_s)))
    return tuple(seats)


def _spells(calls: list[Answered], break_s: float) -> tuple[Shift, ...]:
    spells: list[Shift] = []
    for call in sorted(calls, key=lambda one: one.start):
        end = max(call.end, call.start + 1.0)
        if spells and call.start - spells[-1][1] <= break_s:
            spells[-1] = (spells[-1][0], max(spells[-1][1], end))
        else:
            spells.append((call.start, end))
    return tuple(spells)
