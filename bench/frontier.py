"""What our policy's settings trade against each other, where no setting reaches every goal."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial

from bench.dispatch.peers import AppQueue
from bench.policies import APP_QUEUE, COLUMNS, GOALS, REPORTED, over
from bench.table import write_table
from callwright.routing.policy import Gate, Policy
from callwright.routing.pool import Pool
from callwright.routing.simulation.compare import DayFigures, MakeDispatcher
from callwright.routing.simulation.engine import simulate
from callwright.routing.simulation.measures import measure
from callwright.routing.simulation.world import SIZES, generate

DAYS: Mapping[int, int] = {15: 60, 80: 10, 500: 3}
SHOWN = (
    "mean s", "P90 s", "VIP s", "ordinary s", "longest ordinary s", "match %", "in 20 s %",
)  # fmt: skip
# own_first_s, guarantee_s, share of the gate, seconds after which it opens anyhow
SETTINGS = (
    (60, 300, 0.0, 0), (60, 300, 0.1, 40), (200, 300, 0.0, 0), (200, 300, 0.1, 40),
    (400, 900, 0.0, 0), (400, 900, 0.1, 40), (400, 900, 0.2, 60), (400, 900, 0.4, 60),
    (400, 900, 1.0, 60), (120, 180, 0.1, 40),
)  # fmt: skip


def ways(agents: int) -> dict[str, MakeDispatcher]:
    """app_queue and our settings."""
    base = GOALS[agents].policy
    found: dict[str, MakeDispatcher] = {APP_QUEUE: AppQueue}
    for setting in SETTINGS:
        own, guarantee, share, after = setting
        name = f"own first {own} s, guarantee {guarantee} s, gate {share:g}, {after} s"
        found[name] = partial(Pool, _set(base, own, guarantee, Gate(share=share, after_s=after)))
    return found


def _set(base: Policy, own: float, guarantee: float, gate: Gate) -> Policy:
    return replace(base, own_first_s=own, guarantee_s=guarantee, gate=gate)


def one_day(agents: int, seed: int) -> dict[str, DayFigures]:
    """The figures of one day under every setting."""
    world = SIZES[agents].model_copy(update={"hours": GOALS[agents].hours})
    day = generate(world, seed)
    return {name: measure(simulate(day, make())) for name, make in ways(agents).items()}


def main(options: list[str]) -> int:
    """Always 0: nothing here is a goal. `--quick`: few days."""
    rows: list[dict[str, object]] = []
    for agents, count in DAYS.items():
        seeds = REPORTED[: 2 if "--quick" in options else count]
        with ProcessPoolExecutor(2) as workers:
            days = list(workers.map(partial(one_day, agents), seeds))
        base = over(days, APP_QUEUE, "mean_wait_s").mean
        for name in ways(agents):
            cells: dict[str, object] = {"agents": agents, "setting": name}
            for column in SHOWN:
                scale = 100 if column.endswith("%") else 1
                cells[column] = f"{over(days, name, COLUMNS[column]).mean * scale:.1f}"
            wait = over(days, name, "mean_wait_s").mean
            rows.append({**cells, "wait / app_queue": f"{wait / base:.3f}"})
    write_table("frontier", "What the settings of a policy trade", rows)
    return 0
