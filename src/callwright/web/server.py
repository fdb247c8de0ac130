"""Runs the application on uvicorn inside our own loop."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from callwright.kit.clock import SystemClock
from callwright.kit.errors import CallwrightError
from callwright.kit.settings import Settings
from callwright.web.tls import CertificateFiles, ensure_certificate, is_loopback, names_of_this_host

STOP_S = 5
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, never bound


@dataclass(frozen=True, slots=True)
class Serving:
    """Where the console is: for people, and for this machine's own tools with what they trust."""

    url: str
    local_url: str
    authority: Path | None


def _name_of(bind: str) -> str:
    """What people type: the address itself, or the machine's name when all are served."""
    return socket.gethostname() if bind in EVERYWHERE else bind


@asynccontextmanager
async def serve(app: FastAPI, settings: Settings) -> AsyncIterator[Serving]:
    """Serve while the block runs: plain on loopback, HTTPS with our own CA anywhere else."""
    certificate: CertificateFiles | None = None
    scheme, host = "http", "localhost"
    port = settings.ports.web
    if not is_loopback(settings.bind):
        names = names_of_this_host(settings.bind, settings.public_name)
        certificate = ensure_certificate(settings.home, names, SystemClock())
        scheme, host = "https", settings.public_name or _name_of(settings.bind)
    config = uvicorn.Config(
        app,
        host=settings.bind,
        port=port,
        log_config=None,
        access_log=False,
        ws="websockets-sansio",
        http="httptools",
        loop="none",
        lifespan="off",
        timeout_graceful_shutdown=STOP_S,
        ssl_certfile=certificate.certificate if certificate else None,
        ssl_keyfile=certificate.key if certificate else None,
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve())
    while not server.started:
        if task.done():
            raise CallwrightError("port_in_use", port=port)
        await asyncio.sleep(0.01)
    try:
        authority = certificate.authority if certificate else None
        local = host if certificate and authority is None else "localhost"  # the owner's name
        yield Serving(f"{scheme}://{host}:{port}", f"{scheme}://{local}:{port}", authority)
    finally:
        server.should_exit = True
        await task
