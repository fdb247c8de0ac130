"""A day from a table of calls. What the table does not say is drawn, for each caller alone. Pure.

Rules where a row has holes: docs/reference/simulate.md.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from callwright.routing.simulation.day import (
    OWN_LEVEL,
    Caller,
    Day,
    Effects,
    Seat,
    in_order,
    level_of,
)
from callwright.routing.simulation.staff import BREAK_S, Answered, Roster, seats_from, seats_of
from callwright.routing.simulation.table import Axis, Row, Rows

COLUMNS = (
    "id", "queued_at", "queue", "tier", "type", "skills", "answered_at", "left_at", "agent",
    "talk_s", "wrap_s", "patience_s",
)  # fmt: skip
_NEEDED = ("queued_at", "queue")


@dataclass(frozen=True, slots=True)
class Record:
    """A row, understood. Seconds on the trace's axis; None = the row does not say."""

    row: Row
    id: str
    at: float
    queue: str
    tier: str
    type: str
    skills: Mapping[str, int]
    waited_s: float | None
    answered: bool
    agent: str
    talk_s: float | None
    wrap_s: float
    patience_s: float | None


@dataclass(frozen=True)
class Trace:
    """All calls of a table and its agents; `day(seed)` fills the holes."""

    records: tuple[Record, ...]
    seats: tuple[Seat, ...]
    effects: Effects = field(default_factory=Effects)
    notes: tuple[str, ...] = ()

    @cached_property
    def _talks(self) -> Mapping[str, Sequence[float]]:
        """Talks that the table tells: all, by queue, by type."""
        talks: dict[str, list[float]] = {}
        for record in self.records:
            if record.talk_s is not None:
                for key in ("", "queue " + record.queue, "type " + record.type):
                    talks.setdefault(key, []).append(record.talk_s)
        return talks

    @cached_property
    def _mean_patience(self) -> float:
        """All waiting / those who gave up: the likeliest mean, as most waits ended otherwise."""
        gave_up = sum(r.waited_s is not None and not r.answered for r in self.records)
        waited = math.fsum(r.waited_s or 0.0 for r in self.records)
        return waited / gave_up if gave_up else math.inf

    def day(self, seed: int) -> Day:
        """The day of this seed: the same callers, their unknown traits drawn anew."""
        end = max(record.at + (record.waited_s or 0.0) for record in self.records)
        callers = in_order(self._caller(record, seed) for record in self.records)
        return Day(callers, self.seats, self.effects, end, self.notes)

    def _caller(self, record: Record, seed: int) -> Caller:
        chance = random.Random(f"{seed} {record.id}")
        pick, luck, wish = chance.random(), chance.random(), chance.random()
        talk = record.talk_s if record.talk_s is not None else self._talk(record, pick)
        return Caller(
            record.id, record.at, record.queue, talk, self._patience_of(record, wish),
            record.tier, record.type, record.skills, record.wrap_s, luck=luck,
        )  # fmt: skip

    def _talk(self, record: Record, pick: float) -> float:
        for key in ("type " + record.type, "queue " + record.queue, ""):
            if found := self._talks.get(key):
                return found[int(pick * len(found))]
        raise record.row.fault("talk_s", "no row of the trace says how long a talk was")

    def _patience_of(self, record: Record, wish: float) -> float:
        """Known where the caller gave up; else exponential beyond the wait that was borne."""
        if record.patience_s is not None:
            return record.patience_s
        if not record.answered and record.waited_s is not None:
            return record.waited_s
        mean = self._mean_patience
        if mean == math.inf:
            return math.inf
        return (record.waited_s or 0.0) - mean * math.log(1.0 - wish)


def read_trace(rows: Rows, roster: Roster | None = None, break_s: float = BREAK_S) -> Trace:
    """The trace of a table; `invalid` names file, row and field.

    `break_s`: without a roster, so long without a call was a break.
    """
    rows.check(_NEEDED)
    first = rows.rows[0]
    moment = first.moment("queued_at")
    if moment is None:
        raise first.fault("queued_at", "is empty")
    axis = Axis.from_first(moment)
    records = tuple(_record(row, axis, roster) for row in rows.rows)
    _unique(records)
    seats = _seats(rows, records, axis, roster, break_s)
    by_id = {seat.id: seat for seat in seats}
    records = tuple(_with_own_talk(record, by_id, Effects()) for record in records)
    return Trace(records, seats, notes=_notes(rows, records, seats, roster))


def _record(row: Row, axis: Axis, roster: Roster | None) -> Record:
    at = axis.place(row, "queued_at")
    if at is None:
        raise row.fault("queued_at", "is empty")
    answered, left = axis.place(row, "answered_at"), axis.place(row, "left_at")
    if answered is not None and answered < at:
        raise row.fault("answered_at", "is before queued_at")
    if left is not None and left < (at if answered is None else answered):
        raise row.fault(
            "left_at", f"is before {'queued_at' if answered is None else 'answered_at'}"
        )
    agent, talk = row.text("agent"), row.seconds("talk_s")
    if agent and roster is not None and agent not in roster.ids:
        raise row.fault("agent", f"{agent!r} is not in {roster.rows.file}")
    if talk is None and answered is not None and left is not None:
        talk = left - answered
    waited_until = answered if answered is not None else left
    return Record(
        row=row, id=row.text("id") or f"row {row.number}", at=at, queue=row.needed("queue"),
        tier=row.text("tier"), type=row.text("type"), skills=row.skills("skills"),
        waited_s=None if waited_until is None else waited_until - at,
        answered=answered is not None, agent=agent, talk_s=talk,
        wrap_s=row.seconds("wrap_s") or 0.0, patience_s=row.seconds("patience_s"),
    )  # fmt: skip


def _unique(records: Sequence[Record]) -> None:
    seen: dict[str, int] = {}
    for record in records:
        if record.id in seen:
            why = f"{record.id!r} is in row {seen[record.id]} too"
            raise record.row.fault("id", why)
        seen[record.id] = record.row.number


def _seats(
    rows: Rows, records: Sequence[Record], axis: Axis, roster: Roster | None, break_s: float
) -> tuple[Seat, ...]:
    start = min(record.at for record in records)
    end = max(_over(record) for record in records)
    if roster is not None:
        return seats_of(roster, axis, start, end)
    found = seats_from(
        (
            Answered(r.agent, r.queue, r.skills, r.at + (r.waited_s or 0.0), _over(r))
            for r in records
            if r.agent and r.answered
        ),
        OWN_LEVEL,
        break_s,
    )
    if not found:
        raise rows.rows[0].fault("agent", "no row names who answered, and no table of agents")
    return found


def _over(record: Record) -> float:
    return record.at + (record.waited_s or 0.0) + (record.talk_s or 0.0) + record.wrap_s


def _with_own_talk(record: Record, seats: Mapping[str, Seat], effects: Effects) -> Record:
    """A talk with an agent of a lower level was longer than with one who knows the matter."""
    seat = seats.get(record.agent)
    if seat is None or record.talk_s is None or not record.skills:
        return record
    factor = effects.talk_factor(level_of(record.skills, seat))
    return replace(record, talk_s=record.talk_s / factor)


def _notes(
    rows: Rows, records: Sequence[Record], seats: Sequence[Seat], roster: Roster | None
) -> tuple[str, ...]:
    notes = []
    if unknown := [c for c in rows.columns if c and c not in COLUMNS]:
        notes.append(f"columns not used: {', '.join(unknown)}")
    if roster is None:
        notes.append("agents, their hours and skills are taken from the calls they answered")
    if holes := sum(r.waited_s is None for r in records):
        notes.append(f"{holes} calls do not say when they were answered or left: patience drawn")
    if holes := sum(r.talk_s is None for r in records):
        notes.append(f"{holes} calls do not say how long the talk was: drawn from the others")
    if not any(r.waited_s is not None and not r.answered for r in records) and not any(
        r.patience_s is not None for r in records
    ):
        notes.append("nobody gave up in this trace, so nobody does in the simulation")
    notes += _nobody_can(records, seats)
    return tuple(notes)


def _nobody_can(records: Sequence[Record], seats: Sequence[Seat]) -> list[str]:
    """Calls that no agent can take: they wait until they give up, and the reader is told."""
    kinds: dict[tuple[str, tuple[tuple[str, int], ...]], list[Record]] = {}
    for record in records:
        kinds.setdefault((record.queue, tuple(sorted(record.skills.items()))), []).append(record)
    notes = []
    for (queue, skills), calls in kinds.items():
        if not any(
            (not seat.queues or queue in seat.queues)
            and all(seat.skills.get(skill, 0) >= least for skill, least in skills)
            for seat in seats
        ):
            asked = ", ".join(f"{skill}:{least}" for skill, least in skills) or "no skill"
            notes.append(
                f"no agent can take {len(calls)} calls of queue {queue} ({asked}), first in row "
                f"{calls[0].row.number}: they wait until they give up"
            )
    return notes
