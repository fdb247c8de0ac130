"""`callwright doctor`: what is well, what is not, and what to do about it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import orjson
import typer

from callwright.cli._doctor.findings import Finding, examine
from callwright.kit.settings import load_settings

app = typer.Typer()

_MARKS = {"ok": "ok  ", "warn": "warn", "bad": "BAD "}


@app.command()
def doctor(
    json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Look at everything and change nothing. Exit code 1 when something is bad."""
    findings = list(examine(load_settings()))
    for finding in findings:
        typer.echo(orjson.dumps(asdict(finding)).decode() if json else _line(finding))
    if any(finding.level == "bad" for finding in findings):
        raise typer.Exit(1)


def _line(finding: Finding) -> str:
    line = f"{_MARKS[finding.level]}  {finding.subject:<12} {finding.fact}"
    return f"{line}\n      -> {finding.remedy}" if finding.remedy else line
