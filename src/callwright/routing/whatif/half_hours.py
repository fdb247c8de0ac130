"""The staffing hint: how many agents each half hour of a day needs, pooled and queue by queue."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from callwright.routing.simulation.day import Caller, Day
from callwright.routing.whatif.staffing import SLOT_S, Load, Need, Target, need, service

SLOTS = 48
DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class QueueNeed:
    """One queue by itself in one half hour, as if its agents did nothing else."""

    queue: str
    calls: float
    agents: int


@dataclass(frozen=True, slots=True)
class HalfHour:
    """`start` in seconds since midnight. `calls` expected; `on_duty` agents there were on average.

    `pooled`: everybody takes every call, the fewest that can do. `separate`: the sum of queues that
    share nobody, the most that are needed. The truth lies between, nearer to `pooled` the more
    skills agents share. `level_now`: the share in time with those on duty, pooled.
    """

    start: int
    calls: float
    handling_s: float
    on_duty: float
    pooled: Need
    separate: int
    queues: tuple[QueueNeed, ...]
    level_now: float | None


def half_hours(
    days: Sequence[Day], target: Target, *, midnight_s: float = 0.0, stretch_days: int = 1
) -> list[HalfHour]:
    """By time of day, on average over all days. `midnight_s`: where midnight lies in a day's time
    (0, or behind 0 when a stretch began in the middle of one); `stretch_days` that each covers."""
    count = len(days) * stretch_days
    slots: dict[int, list[Caller]] = defaultdict(list)
    for day in days:
        for caller in day.callers:
            slots[_slot(caller.at - midnight_s)].append(caller)
    patience = patience_of([caller for rows in slots.values() for caller in rows])
    shifts = [
        (since - midnight_s, min(to, day.end) - midnight_s)
        for day in days
        for seat in day.seats
        for since, to in seat.shifts
    ]
    stage = _Stage(shifts, count, patience, target)
    return [_half_hour(slot, slots[slot], stage) for slot in range(SLOTS) if slot in slots]


def patience_of(callers: Sequence[Caller]) -> float | None:
    """Mean patience as Erlang A wants it; None when nobody ever gives up.

    Half of all callers is a steadier measure than the mean, which a few patient ones decide:
    for exponential patience the mean is the median by log 2.
    """
    ordered = sorted(caller.patience_s for caller in callers)
    median = ordered[len(ordered) // 2] if ordered else math.inf
    return median / math.log(2) if median < math.inf and median > 0 else None


@dataclass(frozen=True, slots=True)
class _Stage:
    """What all half hours share."""

    shifts: Sequence[tuple[float, float]]  # seconds since the first midnight
    days: int
    patience: float | None
    target: Target


def _half_hour(slot: int, callers: Sequence[Caller], stage: _Stage) -> HalfHour:
    days, patience, target = stage.days, stage.patience, stage.target
    load = _load(callers, days, patience)
    by_queue: dict[str, list[Caller]] = defaultdict(list)
    for caller in callers:
        by_queue[caller.queue].append(caller)
    queues = tuple(
        QueueNeed(queue, len(rows) / days, need(_load(rows, days, patience), target).agents)
        for queue, rows in sorted(by_queue.items())
    )
    seconds = sum(_seconds(since, to, slot) for since, to in stage.shifts)
    on_duty = seconds / SLOT_S / days
    there = round(on_duty)
    return HalfHour(
        start=round(slot * SLOT_S), calls=len(callers) / days,
        handling_s=load.handling_s, on_duty=on_duty, pooled=need(load, target),
        separate=sum(queue.agents for queue in queues), queues=queues,
        level_now=service(load, there, target.within_s).level if there else None,
    )  # fmt: skip


def _load(callers: Sequence[Caller], days: int, patience: float | None) -> Load:
    handling = fmean(c.talk_s + c.wrap_s + c.ring_s for c in callers)
    return Load(len(callers) / days / SLOT_S, handling, patience)


def _slot(at: float) -> int:
    return int(at % DAY_S // SLOT_S)


def _seconds(since: float, to: float, slot: int) -> float:
    """Seconds on duty in this half hour of all days that a shift touches."""
    total, day = 0.0, math.floor(since / DAY_S)
    while day * DAY_S < to:
        begin = day * DAY_S + slot * SLOT_S
        total += max(0.0, min(to, begin + SLOT_S) - max(since, begin))
        day += 1
    return total
