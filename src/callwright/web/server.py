"""Runs the application on uvicorn inside our own loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI

from callwright.kit.clock import SystemClock
from callwright.kit.errors import CallwrightError
from callwright.kit.settings import Settings
from callwright.web.tls import CertificateFiles, ensure_certificate, is_loopback, names_of_this_host

STOP_S = 5


@dataclass(frozen=True, slots=True)
class Serving:
    """Where the console is."""

    url: str


@asynccontextmanager
async def serve(app: FastAPI, settings: Settings) -> AsyncIterator[Serving]:
    """Serve while the block runs: plain on loopback, HTTPS with our own CA anywhere else."""
    certificate: CertificateFiles | None = None
    scheme, host = "http", "localhost"
    if not is_loopback(settings.bind):
        names = names_of_this_host(settings.bind, settings.public_name)
        certificate = ensure_certificate(settings.home, names, SystemClock())
        scheme, host = "https", settings.public_name or settings.bind
    config = uvicorn.Config(
        app,
        host=settings.bind,
        port=settings.ports.web,
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
            raise CallwrightError("port_in_use", port=settings.ports.web)
        await asyncio.sleep(0.01)
    try:
        yield Serving(f"{scheme}://{host}:{settings.ports.web}")
    finally:
        server.should_exit = True
        await task
