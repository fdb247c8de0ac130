"""`callwright migrate`: bring the database to the newest schema."""

from __future__ import annotations

import typer

from callwright.kit.settings import load_settings

app = typer.Typer()


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema (also done at every start)."""
    from callwright.bootstrap import database_url
    from callwright.migrations.run import migrate as upgrade

    revision = upgrade(database_url(load_settings()))
    typer.echo(f"database is at {revision}")
