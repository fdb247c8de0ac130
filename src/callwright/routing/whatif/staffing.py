"""How many agents a half hour needs: Erlang A where patience is known, Erlang C where it is not.

Assumed, and said with every answer: within a half hour arrivals are Poisson at a steady rate, each
half hour stands for itself, handling times and patience are exponential with the means given, all
agents counted can take all calls counted, and nobody is on a break (`present_share` adds those).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

SLOT_S = 1800.0
LOG_TINY = -32.0  # of the weight of the likeliest state: e**-32 is 1e-14
MOST_AGENTS = 20_000


@dataclass(frozen=True, slots=True)
class Target:
    """`share` of the callers answered `within_s` seconds; `present_share` of the paid are there."""

    share: float = 0.8
    within_s: float = 20.0
    present_share: float = 1.0


@dataclass(frozen=True, slots=True)
class Load:
    """Calls per second, mean handling and mean patience in seconds (None = nobody gives up)."""

    rate: float
    handling_s: float
    patience_s: float | None = None

    @property
    def erlangs(self) -> float:
        """Work offered: agents who would be busy all the time."""
        return self.rate * self.handling_s


@dataclass(frozen=True, slots=True)
class Service:
    """What so many agents give: shares of the callers, mean wait of all in seconds."""

    agents: int
    level: float
    abandoned: float
    mean_wait_s: float
    occupancy: float


@dataclass(frozen=True, slots=True)
class Need:
    """Agents for the target: at their desks, and to be paid when some are always away."""

    agents: int
    scheduled: int
    service: Service


def service(load: Load, agents: int, within_s: float) -> Service:
    """The steady state of M/M/n+M (Erlang A), of M/M/n (Erlang C) without patience."""
    if load.erlangs <= 0:
        return Service(agents, 1.0, 0.0, 0.0, 0.0)
    if agents == 0:
        return Service(0, 0.0, 1.0, load.patience_s or math.inf, 1.0)
    if load.patience_s is None:
        return _erlang_c(load, agents, within_s)
    return _erlang_a(load, agents, within_s, load.patience_s)


def need(load: Load, target: Target) -> Need:
    """The fewest agents whose service level reaches the target; more never serve worse."""
    low, high = 0, 1
    while service(load, high, target.within_s).level < target.share and high < MOST_AGENTS:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        if service(load, middle, target.within_s).level >= target.share:
            high = middle
        else:
            low = middle
    agents = 0 if load.erlangs <= 0 else high
    return Need(
        agents, math.ceil(agents / target.present_share - 1e-9),
        service(load, agents, target.within_s),
    )  # fmt: skip


def _erlang_c(load: Load, agents: int, within_s: float) -> Service:
    spare = agents - load.erlangs
    if spare <= 0:
        return Service(agents, 0.0, 0.0, math.inf, 1.0)
    blocked = 1.0  # Erlang B by its recursion, which never overflows
    for n in range(1, agents + 1):
        blocked = load.erlangs * blocked / (n + load.erlangs * blocked)
    waits = blocked / (1 - load.erlangs / agents * (1 - blocked))
    level = 1 - waits * math.exp(-spare * within_s / load.handling_s)
    mean = waits * load.handling_s / spare
    return Service(agents, level, 0.0, mean, load.erlangs / agents)


def _erlang_a(load: Load, agents: int, within_s: float, patience_s: float) -> Service:
    """A caller behind k others is served after k + 1 departures at rates n*mu + j*theta, j = k..0.

    With V that time, exp(-theta V) is Beta(n*mu/theta, k + 1): hence its share of served callers
    and of those served in time.
    """
    busy = agents * patience_s / load.handling_s  # n * mu / theta
    weight = {"no wait": 0.0, "in time": 0.0, "served": 0.0}
    whole = 0.0
    for probability, served, in_time, waits in _states(load, agents, patience_s, busy, within_s):
        whole += probability
        weight["no wait"] += 0.0 if waits else probability
        weight["in time"] += probability * in_time
        weight["served"] += probability * served
    at_once = weight["no wait"]
    level = (at_once + weight["in time"]) / whole
    abandoned = max(0.0, 1 - (at_once + weight["served"]) / whole)
    occupancy = min(1.0, load.erlangs * (1 - abandoned) / agents)
    return Service(agents, min(1.0, level), abandoned, abandoned * patience_s, occupancy)


def _states(
    load: Load, agents: int, patience_s: float, busy: float, within_s: float
) -> Iterator[tuple[float, float, float, bool]]:
    """(weight of the state, share served, share served in time, whether one waits in it)."""
    free, full = _log_weights(load, agents, patience_s, busy)
    top = max(*free, *full)
    for log_weight in free:
        yield math.exp(log_weight - top), 0.0, 0.0, False
    edge = math.exp(-within_s / patience_s)
    # 1 - I_edge(busy + 1, k + 1), by k: the incomplete Beta function's own recursion
    late = edge ** (busy + 1)
    step = late * (1 - edge) * (busy + 1)
    for k, log_weight in enumerate(full):
        served = busy / (busy + k + 1)
        yield math.exp(log_weight - top), served, served * max(0.0, 1 - late), True
        late += step
        step *= (1 - edge) * (busy + 2 + k) / (k + 2)


def _log_weights(
    load: Load, agents: int, patience_s: float, busy: float
) -> tuple[list[float], list[float]]:
    """Of the states with agents free (n - 1, n - 2, … busy) and with all busy and 0, 1, 2, …
    waiting, beside that of all busy and nobody waiting; cut where they no longer count."""
    free: list[float] = []
    log_weight = top = 0.0
    for n in range(agents, 0, -1):
        log_weight += math.log(n / load.erlangs)
        free.append(log_weight)
        top = max(top, log_weight)
        if n < load.erlangs and log_weight < top + LOG_TINY:
            break
    full = [0.0]
    arriving = load.rate * patience_s
    while True:
        ratio = arriving / (busy + len(full))
        following = full[-1] + math.log(ratio)
        if ratio < 1 and following < top + LOG_TINY:
            return free, full
        full.append(following)
        top = max(top, following)
