"""`callwright run`: the whole platform in one process."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import secrets
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from callwright.integrations.pbx.supervisor import PbxServer
from callwright.kit.errors import CallwrightError
from callwright.kit.process import PidFile
from callwright.kit.settings import PORT_STEP, Settings, load_settings
from callwright.web.server import Serving, serve

app = typer.Typer()

PORT_TRIES = 20


@app.command()
def run(
    demo: Annotated[
        bool, typer.Option(help="load the demo company when the database is empty")
    ] = True,
    log_level: Annotated[str, typer.Option(help="DEBUG, INFO, WARNING")] = "INFO",
) -> None:
    """Start database, PBX and platform; print the address."""
    import uvloop

    from callwright.kit.log import configure_logging

    configure_logging(level=log_level)
    settings = load_settings()
    settings.home.mkdir(parents=True, exist_ok=True)
    with _only_one(settings.home):
        uvloop.run(_serve(with_free_ports(settings), demo))


def with_free_ports(settings: Settings) -> Settings:
    """The ports of this home's running PBX, else the configured ones or the next that are free."""
    base = _base_of_pbx(settings) or _free_base(settings)
    if base != settings.ports.base:
        typer.echo(f"port {settings.ports.base} is in use; taking {base}", err=True)
    ports = settings.ports.model_copy(update={"base": base})
    return settings.model_copy(update={"ports": ports})


def _base_of_pbx(settings: Settings) -> int | None:
    """Where this home's PBX runs on since an earlier start: its calls need the same ports."""
    pbx = PbxServer(settings).adopted()
    if pbx is None:
        return None
    base = pbx.sip_port - (settings.ports.sip - settings.ports.base)
    if not _free(settings.bind, base):
        remedy = "free the port, or end the calls with `callwright pbx stop`"
        raise CallwrightError("port_in_use", port=base, remedy=remedy)
    return base


def _free_base(settings: Settings) -> int:
    """The first base from the configured one whose web and PBX ports nobody has."""
    first = settings.ports.base
    for base in range(first, first + PORT_TRIES * PORT_STEP, PORT_STEP):
        if _free(settings.bind, base) and _free("127.0.0.1", base + 1):
            return base
    raise CallwrightError("port_in_use", port=first, tried=PORT_TRIES)


def _free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


async def _serve(settings: Settings, demo: bool) -> None:
    from callwright import bootstrap
    from callwright.cli._demo.load import load_demo
    from callwright.cli.demo import CHECKOUT_DEMO
    from callwright.web.app import make_app

    house = await asyncio.to_thread(bootstrap.house_from, settings)
    if demo and not settings.database_url and CHECKOUT_DEMO.exists():
        await load_demo(settings, house.db.url, CHECKOUT_DEMO)
    token = _local_token(settings.home)
    async with bootstrap.running(house), serve(make_app(house, token), settings) as server:
        watcher = asyncio.create_task(bootstrap.watch_servers(settings, house.clock))
        note = settings.home / "run.json"
        note.write_text(json.dumps(_facts(settings, server)))
        _greet(settings, server.url)
        _settle_memory()
        try:
            await _until_told_to_stop()
        finally:
            note.unlink(missing_ok=True)
            watcher.cancel()


def _settle_memory() -> None:
    """What is loaded now stays: looking through it again and again would stop the loop."""
    gc.collect()
    gc.freeze()


async def _until_told_to_stop() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


@contextlib.contextmanager
def _only_one(home: Path) -> Iterator[None]:
    pid_file = PidFile(home / "platform.pid")
    running = pid_file.read()
    if running is not None:
        raise CallwrightError("wrong_state", what="platform", why=f"it runs already, pid {running}")
    pid_file.write(os.getpid())
    try:
        yield
    finally:
        pid_file.remove()


def _local_token(home: Path) -> str:
    """A fresh token for this machine's own tools at every start."""
    from callwright.accounts.guard import local_token_file
    from callwright.kit.files import write_whole

    token = secrets.token_urlsafe(32)
    file = local_token_file(home)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(file, token.encode())
    return token


def _facts(settings: Settings, server: Serving) -> dict[str, object]:
    """What this machine's own tools need to know."""
    return {
        "url": server.local_url,
        "authority": str(server.authority or ""),
        "pid": os.getpid(),
        "sip_host": settings.pbx.bind,
        "sip_port": settings.ports.sip,
        "recordings": str(settings.home / "recordings"),
    }


def _greet(settings: Settings, url: str) -> None:
    """The few lines a person needs."""
    from callwright.cli._demo.load import password_file

    typer.echo(f"\nCallwright is ready: {url}")
    if password_file(settings.home).exists():
        password = password_file(settings.home).read_text()
        typer.echo(f"  sign in as admin, supervisor or lin.xiao with the password {password}")
    sip = f"sip:4008001234@{settings.pbx.bind}:{settings.ports.sip}"
    typer.echo(f"  place a real call: callwright call demo/calls/refund.yaml  (or dial {sip})\n")
