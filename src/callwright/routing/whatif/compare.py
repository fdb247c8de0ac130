"""The running policy and a draft over the same days: figures, paired differences, a word each."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from callwright.routing.policy import Policy
from callwright.routing.pool import Pool
from callwright.routing.simulation.day import Day
from callwright.routing.simulation.engine import End, Fate, Outcome, simulate
from callwright.routing.simulation.measures import (
    SERVICE_LEVEL_S,
    Figures,
    Interval,
    measure,
    paired,
    quantile,
    summary,
)

Verdict = Literal["better", "worse", "none"]
Days = Callable[[int], Day]

# figure -> whether less of it is better; the others are told without a word
LESS_IS_BETTER: Mapping[str, bool] = {
    "mean_wait_s": True, "p90_wait_s": True, "service_level_20": False, "abandoned": True,
    "match": False, "longest_ordinary_wait_s": True, "right_first_time": False,
}  # fmt: skip
TOLD = (
    "mean_wait_s", "p90_wait_s", "service_level_20", "abandoned", "match",
    "longest_ordinary_wait_s", "right_first_time", "occupancy", "occupancy_spread",
)  # fmt: skip
BY_GROUP = ("mean_wait_s", "p90_wait_s", "service_level_20")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: under both policies, their difference (draft minus running), and the word."""

    measure: str
    group: str  # "all", "tier" or "queue"
    key: str
    running: Interval
    draft: Interval | None
    difference: Interval | None
    verdict: Verdict | None


def figures_of(outcome: Outcome) -> dict[str, float | None]:
    """All measures of a day, by tier, and by queue as `mean_wait_s@QUEUE`."""
    figures = dict(measure(outcome))
    for queue in sorted({fate.caller.queue for fate in outcome.fates}):
        figures |= _of_queue([f for f in outcome.fates if f.caller.queue == queue], queue)
    return figures


def _of_queue(fates: Sequence[Fate], queue: str) -> dict[str, float | None]:
    waits = sorted(fate.wait_s for fate in fates)
    in_time = sum(f.end is End.ANSWERED and f.wait_s <= SERVICE_LEVEL_S for f in fates)
    return {
        f"mean_wait_s@{queue}": math.fsum(waits) / len(waits),
        f"p90_wait_s@{queue}": quantile(waits, 0.9),
        f"service_level_20@{queue}": in_time / len(fates),
    }


def run(day: Day, policy: Policy) -> dict[str, float | None]:
    """The figures of one day under one policy."""
    return figures_of(simulate(day, Pool(policy)))


def compare(
    days: Days,
    seeds: Iterable[int],
    running: Policy,
    draft: Policy | None,
    tell: Callable[[float], None] = lambda share: None,
) -> list[Row]:
    """Every seed's day under both policies; `tell` hears the share that is done."""
    numbers = list(seeds)
    ours: list[Figures] = []
    theirs: list[Figures] = []
    for done, seed in enumerate(numbers, start=1):
        day = days(seed)
        ours.append(run(day, running))
        if draft is not None:
            theirs.append(run(day, draft))
        tell(done / len(numbers))
    return rows_of(ours, theirs)


def rows_of(ours: Sequence[Figures], theirs: Sequence[Figures]) -> list[Row]:
    """Rows in the order of reading: all callers, tiers, queues."""
    before = summary(ours)
    after = summary(theirs) if theirs else {}
    change = paired(theirs, ours) if theirs else {}
    names = [name for name in TOLD if name in before]
    for group in (".", "@"):
        keys = sorted({n.partition(group)[2] for n in before if group in n})
        names += [f"{m}{group}{k}" for k in keys for m in BY_GROUP if f"{m}{group}{k}" in before]
    return [_row(name, before[name], after.get(name), change.get(name)) for name in names]


def _row(name: str, before: Interval, after: Interval | None, change: Interval | None) -> Row:
    figure, group, key = _place(name)
    return Row(figure, group, key, before, after, change, verdict(figure, change))


def _place(name: str) -> tuple[str, str, str]:
    for sign, group in (("@", "queue"), (".", "tier")):
        figure, found, key = name.partition(sign)
        if found:
            return figure, group, key
    return name, "all", ""


def verdict(figure: str, change: Interval | None) -> Verdict | None:
    """Better or worse only where the whole interval says so; None for figures without a side."""
    if figure not in LESS_IS_BETTER or change is None:
        return None
    if change.low is None or change.high is None or change.low <= 0 <= change.high:
        return "none"
    return "better" if (change.high < 0) == LESS_IS_BETTER[figure] else "worse"


def plain(row: Row) -> dict[str, Any]:
    """A row as JSON."""
    return asdict(row)
