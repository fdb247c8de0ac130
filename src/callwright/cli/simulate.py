"""`callwright simulate`: a day of traffic through the router's own decision, days side by side."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import orjson
import typer

from callwright.kit.errors import invalid

if TYPE_CHECKING:
    from callwright.routing.simulation.day import Day

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
    day: Annotated[str | None, typer.Option(help="a past day of this home's database")] = None,
    policy: Annotated[
        Path | None, typer.Option(help="YAML of a routing policy; default: as it comes")
    ] = None,
    against: Annotated[
        Path | None, typer.Option(help="YAML of another policy, on the same days")
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, max=10_000, help="days to draw")] = 20,
    first_seed: Annotated[int, typer.Option(min=0)] = 1,
    advice: Annotated[bool, typer.Option(help="who should learn which skill")] = False,
    staffing: Annotated[bool, typer.Option(help="agents needed per half hour")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Play days through the router and print what callers and agents would have met."""
    from callwright.cli._simulate import report, whatif
    from callwright.cli._simulate.source import load_policy
    from callwright.routing.pool import Pool
    from callwright.routing.simulation.compare import run_days

    make_day = _days(trace, agents, world, size, day)
    numbers = range(first_seed, first_seed + seeds)
    policies = [load_policy(policy), *([load_policy(against)] if against else [])]
    figures = run_days(make_day, numbers, [partial(Pool, one) for one in policies])
    notes = make_day(first_seed).notes
    document = report.document(*figures, seeds=numbers, notes=notes)
    more = whatif.more(make_day, policies[0], advice=advice, staffing=staffing)
    shown = "\n".join([report.table(document), *whatif.lines(more)])
    typer.echo(orjson.dumps(document | more).decode() if as_json else shown)


def _days(
    trace: Path | None, agents: Path | None, world: Path | None, size: int | None, day: str | None
) -> Callable[[int], Day]:
    """From the one source that was named."""
    from callwright.cli._simulate import whatif
    from callwright.cli._simulate.source import day_source

    if day is None:
        return day_source(trace, agents, world, size)
    if any(other is not None for other in (trace, agents, world, size)):
        raise invalid("--day", "give one of --trace, --world, --size, --day")
    return whatif.past_day(day)
