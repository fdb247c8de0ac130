"""`callwright pbx`: get Asterisk, run it, look at it, end it."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import orjson
import typer

from callwright.integrations.pbx.install import install
from callwright.integrations.pbx.keeper import keep_pbx
from callwright.integrations.pbx.status import read_status
from callwright.integrations.pbx.supervisor import PbxServer
from callwright.kit.debian import Source
from callwright.kit.settings import Settings, load_settings

NOT_RUNNING = 3  # exit status of `pbx status`, as service scripts have it

app = typer.Typer(help="The PBX: install, run, status, stop.", no_args_is_help=True)

AsteriskOption = Annotated[
    Path | None,
    typer.Option("--asterisk", help="A system Asterisk, 22 or newer, instead of the fetched one."),
]


@app.command("install")
def install_pbx(
    mirror: Annotated[
        str, typer.Option(help="Address of a Debian archive; default: as apt's sources say.")
    ] = "",
    suite: Annotated[str, typer.Option(help="Debian suite to take it from.")] = "",
) -> None:
    """Fetch Asterisk from Debian, signature and hashes checked. Needs no root. Once is enough."""
    settings = load_settings()
    server = PbxServer(settings)
    source = Source(mirror=mirror or settings.pbx.mirror, say=typer.echo)
    versions = install(server.paths.tree, suite or settings.pbx.suite, source)
    typer.echo(f"asterisk {versions['asterisk']} in {server.paths.tree}")


@app.command("run")
def run_pbx(
    asterisk: AsteriskOption = None,
    detach: Annotated[bool, typer.Option(help="Start it and return; nobody restarts it.")] = False,
) -> None:
    """Start the PBX, or adopt the running one, and start it again when it dies."""
    server = PbxServer(_chosen(asterisk))
    running = server.ensure()
    typer.echo(
        f"Asterisk {running.version}, pid {running.pid}, user {running.user}: "
        f"SIP on {running.sip_host}:{running.sip_port}, ARI on {running.ari_url}"
    )
    if detach:
        return
    try:
        asyncio.run(keep_pbx(server))
    except KeyboardInterrupt:
        typer.echo("no longer watched; calls go on. `callwright pbx stop` ends the PBX")


@app.command("status")
def show_status(
    json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Version, process, user, ports, and what to do when something is amiss."""
    status = read_status(load_settings())
    if json:
        typer.echo(orjson.dumps(asdict(status)).decode())
    else:
        for name, value in asdict(status).items():
            typer.echo(f"{name:<9} {value if value not in (None, '') else '-'}")
    if not status.answers:
        raise typer.Exit(NOT_RUNNING)


@app.command("stop")
def stop_pbx() -> None:
    """End the PBX, and with it every call."""
    typer.echo("stopped" if PbxServer(load_settings()).stop() else "was not running")


def _chosen(asterisk: Path | None) -> Settings:
    settings = load_settings()
    if asterisk is None:
        return settings
    pbx = settings.pbx.model_copy(update={"asterisk": asterisk})
    return settings.model_copy(update={"pbx": pbx})
