"""`callwright restore`: bring a backup back, or only prove that it could be."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from callwright.kit.settings import load_settings

app = typer.Typer()


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="a file that `callwright backup` wrote")],
    verify: Annotated[
        bool, typer.Option("--verify", help="change nothing; load it into a scratch database")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="replace the data that is there")] = False,
    keys_from: Annotated[
        Path | None, typer.Option("--keys-from", help="the key that --keys-to wrote")
    ] = None,
) -> None:
    """Bring a backup back whole, or leave everything as it was."""
    from callwright.bootstrap import database_url
    from callwright.cli._backup import bring_back as steps
    from callwright.kit.archive import read_manifest
    from callwright.kit.db import psycopg_url
    from callwright.migrations.run import migrate

    settings = load_settings()
    manifest = read_manifest(file)
    key = steps.read_key(keys_from, manifest) if keys_from else None
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    url = psycopg_url(database_url(settings))
    if verify:
        steps.verify(file, url, settings.home)
    else:
        steps.bring_back(file, settings.home, url, force=force)
        if key is not None:
            steps.bring_key_back(settings.home, key)
        migrate(url)
    rows = sum(manifest.about["rows"].values())
    done = "is good" if verify else "is back"
    made = manifest.about["made_at"]
    typer.echo(f"{file} of {made} {done}: {rows} rows, {len(manifest.parts) - 1} files")
    if not steps.key_is_there(settings.home, manifest):
        typer.echo("its recordings need their key: callwright restore … --keys-from FILE", err=True)
