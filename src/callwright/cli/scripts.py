"""`callwright scripts`: ready replies out of a file and into a file."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from callwright.cli._tx import transaction
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.settings import load_settings
from callwright.scripts import exchange
from callwright.scripts.files import format_of

app = typer.Typer(help="Ready replies: import, export.", no_args_is_help=True)
AUTHOR = "local"
T = TypeVar("T")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A .csv, .yaml or .yml file.", exists=True)],
    dry_run: Annotated[bool, typer.Option(help="Say what would be done.")] = False,
    publish: Annotated[bool, typer.Option(help="Into use at once, without a review.")] = False,
) -> None:
    """Write a file's replies; with one row refused, none."""
    zone = load_settings().company.zone
    report = _run(
        lambda tx: exchange.import_file(
            tx, file.read_bytes(), format_of(file.name), AUTHOR,
            zone=zone, dry_run=dry_run, in_use=publish,
        )
    )  # fmt: skip
    for refusal in report["refused"]:
        typer.echo(f"row {refusal['row']}: {refusal['field']}: {refusal['why']}", err=True)
    kinds = ("created", "updated", "unchanged")
    figures = ", ".join(f"{report[kind]} {kind}" for kind in kinds)
    typer.echo(figures if report["written"] else f"nothing written; would be: {figures}")
    if report["refused"]:
        raise CallwrightError("invalid", field="file", rows=len(report["refused"]))


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="Where to: a .csv, .yaml or .yml file.")],
) -> None:
    """Write all replies that are not retired into a file."""
    content = _run(lambda tx: exchange.export_file(tx, format_of(file.name)))
    file.write_bytes(content)
    typer.echo(str(file))


def _run(work: Callable[[Tx], Awaitable[T]]) -> T:
    from callwright.bootstrap import database_url
    from callwright.migrations.run import migrate

    url = database_url(load_settings())
    migrate(url)

    async def inside() -> T:
        async with transaction(url) as tx:
            return await work(tx)

    return asyncio.run(inside())
