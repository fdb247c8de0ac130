"""Several days under one way of routing, or under two, side by side. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from callwright.routing.simulation.day import Day
from callwright.routing.simulation.engine import Dispatcher, simulate
from callwright.routing.simulation.measures import Interval, measure, paired, summary

MakeDispatcher = Callable[[], Dispatcher]
MakeDay = Callable[[int], Day]
DayFigures = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Figures of one way of routing, of another, and ours minus theirs on the same days."""

    ours: Mapping[str, Interval]
    theirs: Mapping[str, Interval]
    difference: Mapping[str, Interval]


def run_days(
    make_day: MakeDay, seeds: Iterable[int], dispatchers: Sequence[MakeDispatcher]
) -> list[list[DayFigures]]:
    """For each dispatcher the figures of each day; every dispatcher meets the same day."""
    figures: list[list[DayFigures]] = [[] for _ in dispatchers]
    for seed in seeds:
        day = make_day(seed)
        for found, make in zip(figures, dispatchers, strict=True):
            found.append(measure(simulate(day, make())))
    return figures


def compare(
    make_day: MakeDay, seeds: Iterable[int], ours: MakeDispatcher, theirs: MakeDispatcher
) -> Comparison:
    """Ours beside theirs over the days of these seeds."""
    a, b = run_days(make_day, seeds, [ours, theirs])
    return Comparison(summary(a), summary(b), paired(a, b))
