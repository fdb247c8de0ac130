"""Ways to route at 15, 80 and 500 agents: ours beside seven others and the pooled bound.

Every way meets the same callers on the same made-up days. The rules of the others stand in
`bench/dispatch/peers.py`, each checked by a test. Ours was tuned on other days (TUNED_ON) than
those that are reported (REPORTED).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from bench.dispatch.peers import PEERS, BlindFifo, Fifo
from bench.table import write_table
from callwright.routing.policy import Gate, Policy
from callwright.routing.pool import Pool
from callwright.routing.simulation.compare import DayFigures, MakeDispatcher
from callwright.routing.simulation.day import TOP_LEVEL, Day
from callwright.routing.simulation.engine import simulate
from callwright.routing.simulation.measures import Interval, interval, measure
from callwright.routing.simulation.world import SIZES, generate

TUNED_ON, REPORTED = range(0, 120), range(7001, 7101)
OURS, BOUND, BLIND, APP_QUEUE = "Callwright", "bound: all skills", "no skills", "Asterisk app_queue"


@dataclass(frozen=True, slots=True)
class Goal:
    """Days, hours of a day, the greatest share of app_queue's wait, and our policy."""

    days: int
    hours: float
    wait_share: float
    policy: Policy


def _policy(gate: Gate) -> Policy:
    """Own trade first; a VIP overtakes ordinary callers of up to 500 s, a gold one of 250 s."""
    return Policy(
        tier_value={"vip": 3.0, "gold": 2.0}, type_value={}, repeat_value=1.0,
        open_ticket_value=1.0, guarantee_s=900.0, own_first_s=400.0, gate=gate,
    )  # fmt: skip


# a small team cannot afford to keep a second trade waiting; a large one gains by it
GOALS: Mapping[int, Goal] = {
    15: Goal(100, 10.0, 0.90, _policy(Gate(share=0.0))),
    80: Goal(30, 10.0, 0.80, _policy(Gate(share=0.1, after_s=40.0))),
    500: Goal(20, 3.0, 0.65, _policy(Gate(share=0.1, after_s=40.0))),
}
MATCH_POINTS = 0.10
# figure -> whether less is better
COMPARED = {
    "mean_wait_s": True, "p90_wait_s": True, "mean_wait_s.vip": True, "match": False,
    "longest_ordinary_wait_s": True,
}  # fmt: skip
COLUMNS = {
    "mean s": "mean_wait_s", "P90 s": "p90_wait_s", "VIP s": "mean_wait_s.vip",
    "ordinary s": "mean_wait_s.normal", "longest ordinary s": "longest_ordinary_wait_s",
    "match %": "match", "right first time %": "right_first_time", "in 20 s %": "service_level_20",
    "gave up %": "abandoned", "passed on %": "transfers", "occupancy %": "occupancy",
    "spread %": "occupancy_spread",
}  # fmt: skip


def ways(agents: int) -> dict[str, MakeDispatcher]:
    """All ways of routing at one size, ours first."""
    ours: dict[str, MakeDispatcher] = {OURS: partial(Pool, GOALS[agents].policy)}
    return {**ours, **PEERS, BLIND: BlindFifo, BOUND: Fifo}


def everybody_knows_all(day: Day) -> Day:
    """The day as the bound has it: each agent knows each matter best."""
    skills = {skill: TOP_LEVEL for seat in day.seats for skill in seat.skills}
    return replace(day, seats=tuple(replace(seat, skills=skills) for seat in day.seats))


def one_day(agents: int, seed: int) -> dict[str, DayFigures]:
    """The figures of one day under every way."""
    world = SIZES[agents].model_copy(update={"hours": GOALS[agents].hours})
    day = generate(world, seed)
    pooled = everybody_knows_all(day)
    return {
        name: measure(simulate(pooled if name == BOUND else day, make()))
        for name, make in ways(agents).items()
    }


Days = Sequence[dict[str, DayFigures]]


def over(days: Days, way: str, figure: str, against: str | None = None) -> Interval:
    """A figure of a way over the days; less that of another way, day by day."""
    return interval([_value(day, way, figure, against) for day in days])


def _value(day: dict[str, DayFigures], way: str, figure: str, against: str | None) -> float:
    value = day[way][figure] or 0.0
    return value - (day[against][figure] or 0.0) if against else value


def rows(days: Days, agents: int) -> list[dict[str, object]]:
    """The table of one size."""
    base = over(days, APP_QUEUE, "mean_wait_s").mean
    return [_row(days, way, base) for way in ways(agents)]


def _row(days: Days, way: str, base: float) -> dict[str, object]:
    cells: dict[str, object] = {"way": way}
    for column, figure in COLUMNS.items():
        found = over(days, way, figure)
        scale = 100 if column.endswith("%") else 1
        half = (found.high or found.mean) - found.mean
        cells[column] = f"{found.mean * scale:.1f} ± {half * scale:.1f}"
    less = over(days, way, "mean_wait_s", APP_QUEUE)
    half = (less.high or less.mean) - less.mean
    cells["wait / app_queue"] = f"{over(days, way, 'mean_wait_s').mean / base:.2f}"
    cells["wait - app_queue s"] = f"{less.mean:+.1f} ± {half:.1f}"
    return cells


def verdicts(days: Days, agents: int) -> list[dict[str, object]]:
    """Each goal of one size: reached, or by how much not."""
    found = [_beside_best(days, figure, less) for figure, less in COMPARED.items()]
    wait = over(days, OURS, "mean_wait_s").mean / over(days, APP_QUEUE, "mean_wait_s").mean
    match = over(days, OURS, "match", APP_QUEUE).mean
    goal = GOALS[agents].wait_share
    return [
        *({"agents": agents, **one} for one in found),
        {
            "agents": agents, "goal": f"mean wait <= {goal:.2f} x app_queue",
            "ours": f"{wait:.3f}", "beside": "-", "reached": _yes(wait <= goal),
        },
        {
            "agents": agents, "goal": "match >= app_queue + 10 points",
            "ours": f"{match * 100:+.1f}", "beside": "-", "reached": _yes(match >= MATCH_POINTS),
        },
    ]  # fmt: skip


def _beside_best(days: Days, figure: str, less: bool) -> dict[str, object]:
    """Ours beside the best peer in this one figure; worse only if the interval says so."""
    order: Callable[[str], float] = lambda way: over(days, way, figure).mean  # noqa: E731
    best = min(PEERS, key=order) if less else max(PEERS, key=order)
    gap = over(days, OURS, figure, best)
    edge = gap.low if less else gap.high
    never_worse = edge is not None and (edge <= 0 if less else edge >= 0)
    scale = 100 if figure == "match" else 1
    return {
        "goal": f"{figure}: not worse than {best}",
        "ours": f"{order(OURS) * scale:.1f}",
        "beside": f"{order(best) * scale:.1f}",
        "reached": _yes(never_worse),
    }


def _yes(reached: bool) -> str:
    return "yes" if reached else "NO"


def main(options: list[str]) -> int:
    """0 when every goal is reached at every size; `--quick`: few days, `--agents=N`: one size."""
    chosen = [int(o.partition("=")[2]) for o in options if o.startswith("--agents=")]
    worst: list[dict[str, object]] = []
    for agents in chosen or GOALS:
        count = 3 if "--quick" in options else GOALS[agents].days
        with ProcessPoolExecutor(min(2, os.cpu_count() or 1)) as workers:
            days = list(workers.map(partial(one_day, agents), REPORTED[:count]))
        title = f"Ways to route, {agents} agents, {count} days, mean ± 95 %"
        write_table(f"policies_{agents}", title, rows(days, agents))
        worst += verdicts(days, agents)
    write_table("policies", "Goals of routing", worst)
    return int(any(one["reached"] == "NO" for one in worst))
