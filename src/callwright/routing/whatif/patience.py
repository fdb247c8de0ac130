"""How long callers wait before they give up, from a log in which most were answered first. Pure.

Who abandoned tells their patience; of who was answered (or sent away) only a lower bound is known.
Kaplan and Meier's estimate uses both. Beyond the last abandonment nobody can tell: there it goes on
at the mean rate (abandonments by seconds waited, the estimate for exponential patience).
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FEWEST = 20  # abandonments; a queue with fewer borrows the estimate of all queues


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. `staying[i]` = share of callers whose patience is longer than `times[i]`."""

    times: tuple[float, ...]
    staying: tuple[float, ...]
    rate: float
    abandoned: int = 0
    censored: int = 0

    def survival(self, seconds: float) -> float:
        """The share that waits longer than this."""
        if not self.times or seconds < self.times[0]:
            return 1.0 if self.times else math.exp(-self.rate * seconds)
        if seconds > self.times[-1]:
            return self.staying[-1] * math.exp(-self.rate * (seconds - self.times[-1]))
        at = bisect_left(self.times, seconds)
        return self.staying[at] if self.times[at] == seconds else self.staying[at - 1]

    def draw(self, u: float, beyond: float = 0.0) -> float:
        """The patience of somebody who stayed longer than `beyond`; 0 < u < 1, infinite = never.

        A step of the estimate stands for the stretch before it: the answer is spread over it.
        """
        at = self.survival(beyond)
        target = u * at
        first = bisect_right(self.times, beyond)
        found = bisect_left(self.staying, -target, lo=first, key=lambda share: -share)
        before = beyond
        if found > first:
            before, at = self.times[found - 1], self.staying[found - 1]
        if found < len(self.times):
            left = self.staying[found]
            share = (at - target) / (at - left) if at > left else 1.0
            return before + share * (self.times[found] - before)
        if self.rate <= 0 or target <= 0:
            return math.inf
        return before + math.log(max(at / target, 1.0)) / self.rate


def estimate(waits: Iterable[tuple[float, bool]]) -> Patience:
    """From (seconds waited, whether the caller gave up)."""
    rows = sorted((seconds, not gave_up) for seconds, gave_up in waits if seconds >= 0)
    left, staying = len(rows), 1.0
    times: list[float] = []
    shares: list[float] = []
    for seconds, was_served in rows:
        if not was_served:
            staying *= 1 - 1 / left
            if times and times[-1] == seconds:
                shares[-1] = staying
            else:
                times.append(seconds)
                shares.append(staying)
        left -= 1
    gone = sum(not served for _, served in rows)
    whole = sum(seconds for seconds, _ in rows)
    rate = gone / whole if whole > 0 else 0.0
    return Patience(tuple(times), tuple(shares), rate, gone, len(rows) - gone)


def by_queue(waits: Sequence[tuple[str, float, bool]]) -> dict[str, Patience]:
    """An estimate for each queue; "" = all together, which small queues share."""
    together = estimate((seconds, gave_up) for _, seconds, gave_up in waits)
    found = {"": together}
    for queue in sorted({queue for queue, _, _ in waits}):
        own = estimate((seconds, gave_up) for key, seconds, gave_up in waits if key == queue)
        found[queue] = own if own.abandoned >= FEWEST else together
    return found
