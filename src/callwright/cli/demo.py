"""`callwright demo`: the demo company, loaded into an empty embedded database."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Annotated

import typer

from callwright.cli._call.script import read_script
from callwright.cli._call.sound import load_lines
from callwright.cli._demo.load import load_demo, password_file
from callwright.kit.errors import CallwrightError
from callwright.kit.settings import load_settings

app = typer.Typer(help="The demo company: load, phone, clear.", no_args_is_help=True)

CHECKOUT_DEMO = Path(__file__).resolve().parents[3] / "demo"


@app.command()
def load(
    source: Annotated[Path, typer.Option("--from", help="folder with the company")] = CHECKOUT_DEMO,
) -> None:
    """Load the demo company; refused unless the database is our own and empty."""
    from callwright.bootstrap import database_url
    from callwright.migrations.run import migrate

    settings = load_settings()
    if settings.database_url:
        raise CallwrightError("not_allowed", why="the demo loads into the embedded database only")
    url = database_url(settings)
    migrate(url)
    counts = asyncio.run(load_demo(settings, url, source))
    if counts is None:
        raise CallwrightError("already_exists", what="data", why="the database is not empty")
    typer.echo(", ".join(f"{number} {what}" for what, number in counts.items()))
    typer.echo(f"password of all demo users: {password_file(settings.home).read_text().strip()}")


@app.command()
def phone(
    script: Annotated[
        Path, typer.Argument(help="call script whose customer answers")
    ] = CHECKOUT_DEMO / "calls" / "refund.yaml",
) -> None:
    """Be the customer's telephone: whoever an agent of the demo calls answers here and speaks."""
    from callwright.cli._demo.outside import answer_calls

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(answer_calls(load_settings(), load_lines(read_script(script)), typer.echo))


@app.command()
def clear(
    yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False,
) -> None:
    """Remove the demo company and everything that happened in it."""
    from callwright.bootstrap import database_url
    from callwright.cli._demo.clear import clear_demo

    settings = load_settings()
    if not password_file(settings.home).exists():
        raise CallwrightError("not_allowed", why="no demo company is loaded here")
    if not yes:
        typer.confirm("Delete every call, recording and ticket of this demo?", abort=True)
    clear_demo(settings, database_url(settings))
    typer.echo("the demo company is gone; `callwright demo load` brings a fresh one")
