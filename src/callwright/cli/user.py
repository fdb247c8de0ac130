"""`callwright user`: make users."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from callwright.kit.settings import load_settings

app = typer.Typer(help="Users: add.", no_args_is_help=True)


@app.callback()
def users() -> None:
    """Users of this installation."""


@app.command()
def add(
    login: str,
    role: Annotated[str, typer.Option(help="agent, supervisor, qa, manager or admin")] = "agent",
    name: Annotated[str, typer.Option(help="the person's name; default: the login")] = "",
    password: Annotated[str, typer.Option(prompt=True, hide_input=True)] = "",
) -> None:
    """Make a user who can sign in to the console."""
    from callwright.accounts import service
    from callwright.bootstrap import database_url
    from callwright.kit.bus import Bus
    from callwright.kit.clock import SystemClock
    from callwright.kit.db import Database

    async def make() -> None:
        db = Database(database_url(load_settings()), SystemClock(), Bus(), pool_size=1)
        async with db.begin() as tx:
            await service.add_user(
                tx, login=login, name=name or login, role=role, password=password
            )
        await db.close()

    asyncio.run(make())
    typer.echo(f"user {login} ({role}) can sign in")
