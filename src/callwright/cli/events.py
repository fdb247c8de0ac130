"""`callwright events`: who publishes each event and who reacts to it."""

from __future__ import annotations

import typer

app = typer.Typer()


@app.command()
def events() -> None:
    """Print every event, the room that publishes it, and the reactions."""
    from callwright.bootstrap import load_handlers
    from callwright.kit.bus import reactions
    from callwright.kit.event import EVENTS

    load_handlers()
    table = reactions()
    for name in sorted(filter(None, EVENTS)):
        room = EVENTS[name].__module__.split(".")[1]
        typer.echo(f"{name}  (from {room})")
        for kind in ("on", "later"):
            for handler in table.get(name, {}).get(kind, []):
                typer.echo(f"    {kind:<5} {handler.removeprefix('callwright.')}")
