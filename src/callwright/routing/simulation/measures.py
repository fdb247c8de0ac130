"""The figures of a day, and what several days say about them: intervals, paired differences."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from callwright.routing.simulation.day import OWN_LEVEL
from callwright.routing.simulation.engine import End, Fate, Outcome

SERVICE_LEVEL_S = 20.0
Figures = Mapping[str, float | None]

# name -> what it means; `None` where a day has nothing to divide by
MEASURES: Mapping[str, str] = {
    "calls": "callers who asked for a human",
    "mean_wait_s": "mean wait of all callers, abandoned ones too",
    "asa_s": "mean wait of answered callers, ringing included",
    "p50_wait_s": "half of all callers wait at most so long",
    "p90_wait_s": "nine of ten callers wait at most so long",
    "service_level_20": "answered within 20 s / all callers (convention A)",
    "abandoned": "callers who gave up / all callers",
    "match": "answered by an agent whose own skill it is / answered",
    "right_first_time": "settled by the first agent who knew the matter, unpassed / answered",
    "transfers": "times passed on from a wrong agent / all callers",
    "longest_ordinary_wait_s": "longest wait of a caller of no tier or the lowest",
    "occupancy": "busy seconds (ring, talk, wrap-up) / seconds on duty",
    "occupancy_spread": "standard deviation of the agents' occupancies",
}
ORDINARY_TIERS = frozenset({"", "normal"})
_MIN_DUTY_S = 600.0  # an agent on duty for less says nothing about how evenly work is spread


def measure(outcome: Outcome) -> dict[str, float | None]:
    """All of MEASURES, and `mean_wait_s.TIER`, `p90_wait_s.TIER`, `service_level_20.TIER`."""
    fates = outcome.fates
    figures: dict[str, float | None] = {
        "calls": float(len(fates)),
        **_waits(fates, ""),
        **_answers(fates),
        **_agents(outcome),
    }
    for tier in sorted({fate.caller.tier for fate in fates}):
        of_tier = [fate for fate in fates if fate.caller.tier == tier]
        figures |= _waits(of_tier, f".{tier or 'none'}")
    return figures


def _waits(fates: Sequence[Fate], suffix: str) -> dict[str, float | None]:
    waits = sorted(fate.wait_s for fate in fates)
    in_time = sum(f.end is End.ANSWERED and f.wait_s <= SERVICE_LEVEL_S for f in fates)
    return {
        f"mean_wait_s{suffix}": _share(math.fsum(waits), len(waits)),
        f"p50_wait_s{suffix}": quantile(waits, 0.5),
        f"p90_wait_s{suffix}": quantile(waits, 0.9),
        f"service_level_20{suffix}": _share(in_time, len(fates)),
    }


def _answers(fates: Sequence[Fate]) -> dict[str, float | None]:
    answered = [fate for fate in fates if fate.end is End.ANSWERED]
    ordinary = [fate.wait_s for fate in fates if fate.caller.tier in ORDINARY_TIERS]
    settled = sum(fate.settled and not fate.transfers for fate in answered)
    return {
        "asa_s": _share(math.fsum(fate.wait_s for fate in answered), len(answered)),
        "abandoned": _share(len(fates) - len(answered), len(fates)),
        "match": _share(sum(fate.level >= OWN_LEVEL for fate in answered), len(answered)),
        "right_first_time": _share(settled, len(answered)),
        "transfers": _share(sum(fate.transfers for fate in fates), len(fates)),
        "longest_ordinary_wait_s": max(ordinary, default=None),
    }


def _agents(outcome: Outcome) -> dict[str, float | None]:
    duty, busy = outcome.duty_s, outcome.busy_s
    each = [busy[who] / seconds for who, seconds in duty.items() if seconds >= _MIN_DUTY_S]
    return {
        "occupancy": _share(math.fsum(busy.values()), math.fsum(duty.values())),
        "occupancy_spread": statistics.pstdev(each) if each else None,
    }


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """Linear between neighbours, as numpy does; None for nothing."""
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over days with its 95 % interval (Student's t); both ends None for one day."""

    mean: float
    low: float | None
    high: float | None
    days: int


def interval(values: Sequence[float]) -> Interval:
    """The mean of independent days and its 95 % interval."""
    mean = statistics.fmean(values)
    if len(values) < 2:
        return Interval(mean, None, None, len(values))
    half = _t95(len(values) - 1) * statistics.stdev(values) / math.sqrt(len(values))
    return Interval(mean, mean - half, mean + half, len(values))


def summary(days: Sequence[Figures]) -> dict[str, Interval]:
    """Each figure over the days that have it."""
    return _over(days, lambda name: [day.get(name) for day in days])


def paired(ours: Sequence[Figures], theirs: Sequence[Figures]) -> dict[str, Interval]:
    """Ours minus theirs, day by day on the same callers; an interval without 0 is a difference."""
    return _over(
        ours,
        lambda name: [
            None if (a := one.get(name)) is None or (b := other.get(name)) is None else a - b
            for one, other in zip(ours, theirs, strict=True)
        ],
    )


def _over(
    days: Sequence[Figures], values: Callable[[str], Sequence[float | None]]
) -> dict[str, Interval]:
    names = dict.fromkeys(name for day in days for name in day)
    known = {name: [v for v in values(name) if v is not None] for name in names}
    return {name: interval(found) for name, found in known.items() if found}


# two-sided 95 % points of Student's t for 1, 2, … degrees of freedom
_T95 = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
    2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
)  # fmt: skip
_Z95 = 1.959964


def _t95(freedom: int) -> float:
    if freedom <= len(_T95):
        return _T95[freedom - 1]
    z = _Z95
    first, second = (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96
    return z + first / freedom + second / freedom**2
