"""`callwright backup`: database, recordings and settings in one checked file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from callwright.kit.settings import load_settings

app = typer.Typer()


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="file to write, or folder to write one into")],
    keys_to: Annotated[
        Path | None,
        typer.Option("--keys-to", help="also copy the recordings' key there; keep it elsewhere"),
    ] = None,
    check: Annotated[
        bool, typer.Option("--verify", help="load the new backup into a scratch database")
    ] = False,
) -> None:
    """Write a backup while calls go on. Keys are never in it."""
    from callwright.bootstrap import database_url
    from callwright.cli._backup.bring_back import verify
    from callwright.cli._backup.contents import key_file
    from callwright.cli._backup.write import target_file, write_backup, write_key
    from callwright.kit.clock import SystemClock
    from callwright.kit.db import psycopg_url

    settings, now = load_settings(), SystemClock().now()
    file = target_file(target, now)
    if keys_to is not None:
        write_key(settings.home, keys_to)
    url = psycopg_url(database_url(settings))
    manifest = write_backup(settings.home, url, file, now)
    size = sum(part.size for part in manifest.parts) / 2**20
    rows = sum(manifest.about["rows"].values())
    typer.echo(f"{file}: {rows} rows and {len(manifest.parts) - 1} files, {size:.1f} MB")
    if check:
        verify(file, url, file.parent)
        typer.echo("verified: every hash, and every table's rows in a scratch database")
    if keys_to is None and key_file(settings.home).exists():
        typer.echo(
            "the key of the recordings is not in it: keep a copy elsewhere by --keys-to FILE"
        )
