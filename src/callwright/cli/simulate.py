"""`callwright simulate`: a day of traffic through the router's own decision, days side by side."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import orjson
import typer

app = typer.Typer()


@app.command()
def simulate(
    *,
    trace: Annotated[
        Path | None, typer.Option(help="CSV of calls; columns: docs/reference/simulate.md")
    ] = None,
    agents: Annotated[
        Path | None, typer.Option(help="CSV of the agents of --trace; else who answered")
    ] = None,
    world: Annotated[Path | None, typer.Option(help="YAML of a made-up call centre")] = None,
    size: Annotated[int | None, typer.Option(help="a made-up one: 15, 80 or 500 agents")] = None,
    policy: Annotated[
        Path | None, typer.Option(help="YAML of a routing policy; default: as it comes")
    ] = None,
    against: Annotated[
        Path | None, typer.Option(help="YAML of another policy, on the same days")
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, max=10_000, help="days to draw")] = 20,
    first_seed: Annotated[int, typer.Option(min=0)] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Play days through the router and print what callers and agents would have met."""
    from callwright.cli._simulate import report
    from callwright.cli._simulate.source import day_source, load_policy
    from callwright.routing.pool import Pool
    from callwright.routing.simulation.compare import run_days

    make_day = day_source(trace, agents, world, size)
    numbers = range(first_seed, first_seed + seeds)
    policies = [load_policy(policy), *([load_policy(against)] if against else [])]
    figures = run_days(make_day, numbers, [partial(Pool, one) for one in policies])
    notes = make_day(first_seed).notes
    document = report.document(*figures, seeds=numbers, notes=notes)
    typer.echo(orjson.dumps(document).decode() if as_json else report.table(document))
