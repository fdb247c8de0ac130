"""Puts the commands together; every fault becomes one clear line and an exit code."""

from __future__ import annotations

import sys
from importlib import import_module

import typer

from callwright.kit.errors import CallwrightError

# command -> module with a typer `app`; a module with one command is that command itself
GROUPS = {
    "pbx": "pbx", "models": "models", "try": "try_", "demo": "demo", "user": "user",
    "scripts": "scripts",
}  # fmt: skip
COMMANDS = {
    "run": "run", "migrate": "migrate", "doctor": "doctor", "restore": "restore",
    "backup": "backup", "call": "call", "events": "events",
    "simulate": "simulate",
}  # fmt: skip

EXIT_BAD_INPUT = 2


def build(wanted: str | None = None) -> typer.Typer:
    """The whole command line, or only the part that `wanted` needs (starting up stays quick)."""
    app = typer.Typer(
        help="Callwright: automation for telephone customer service.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    names = {**GROUPS, **COMMANDS}
    chosen = [wanted] if wanted in names else sorted(names)
    for name in chosen:
        part: typer.Typer = import_module(f"callwright.cli.{names[name]}").app
        if name in GROUPS:
            app.add_typer(part, name=name)
        else:
            for command in part.registered_commands:
                app.registered_commands.append(command)
    app.callback()(lambda: None)
    return app


def main() -> None:
    """Entry point of `callwright`."""
    wanted = next((arg for arg in sys.argv[1:] if not arg.startswith("-")), None)
    try:
        build(wanted)()
    except CallwrightError as error:
        typer.echo(f"callwright: {error}", err=True)
        sys.exit(EXIT_BAD_INPUT)
