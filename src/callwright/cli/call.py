"""`callwright call`: places real SIP calls with real speech and reports what came of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import orjson
import typer

from callwright.cli._call.platform import Place, Platform, find_platform
from callwright.cli._call.report import CallReport
from callwright.cli._call.runner import run_script
from callwright.cli._call.script import Script, read_script
from callwright.cli._call.show import lines_of
from callwright.cli._call.sound import Line, load_lines
from callwright.kit.settings import load_settings

EXIT_WENT_WRONG = 1
app = typer.Typer()


@app.command()
def call(
    scripts: Annotated[list[Path], typer.Argument(help="Call scripts, played one after another.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object per call, nothing else.")
    ] = False,
    caller_only: Annotated[
        bool, typer.Option("--caller-only", help="Play no agent: whoever is signed in answers.")
    ] = False,
    say: Annotated[
        list[Path] | None,
        typer.Option(help="WAV file that the customer says instead; repeat for several turns."),
    ] = None,
) -> None:
    """Play caller and agent as real SIP phones against the running platform."""
    read = [read_script(path) for path in scripts]
    played = [(script, load_lines(script, say or ())) for script in read]
    place = find_platform(load_settings().home)
    if not asyncio.run(_play_all(played, place, as_json=as_json, caller_only=caller_only)):
        raise typer.Exit(EXIT_WENT_WRONG)


async def _play_all(
    played: Sequence[tuple[Script, list[Line]]], place: Place, *, as_json: bool, caller_only: bool
) -> bool:
    """Whether every call went as its script says."""
    good = True
    async with Platform(place) as platform:
        for script, lines in played:
            report = await run_script(
                script,
                platform,
                lines=lines,
                caller_only=caller_only,
                tell=_quiet if as_json else _tell,
            )
            _print(report, as_json=as_json)
            good = good and report.ok
    return good


def _print(report: CallReport, *, as_json: bool) -> None:
    if as_json:
        typer.echo(orjson.dumps(report.document).decode())
        return
    for line in lines_of(report.document):
        typer.echo(line)


def _tell(line: str) -> None:
    typer.echo(f"… {line}", err=True)


def _quiet(_: str) -> None:
    """`--json` prints the document only."""
