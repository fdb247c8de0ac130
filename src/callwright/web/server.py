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
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from callwright.kit.clock import SystemClock
from callwright.kit.errors import CallwrightError
from callwright.kit.settings import Settings
from callwright.web.tls import CertificateFiles, ensure_certificate, is_loopback, names_of_this_host

STOP_S = 5
PING_EVERY_S, PONG_WITHIN_S = 4.0, 5.0  # a browser that died is known in less than ten seconds
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, never bound


class WatchedSocket(WebSocketsSansIOProtocol):
    """A WebSocket whose far end must answer pings, else it is cut off at once."""

    def keepalive_timeout(self) -> None:
        """A mere close would wait for a far end that is not there."""
        super().keepalive_timeout()
        self.transport.abort()


@dataclass(frozen=True, slots=True)
class Serving:
    """Where the console is: for people, and for this machine's own tools with what they trust."""

    url: str
    local_url: str
    authority: Path | None


def _name_of(bind: str) -> str:
    """What people type: the address itself, or the machine's name when all are served."""
    return socket.gethostname() if bind in EVERYWHERE else bind


def _reached_here(settings: Settings, host: str, *, ours: bool) -> str:
    """What this machine's tools connect to: a name that is served and that the certificate has."""
    if not ours:
        return host  # the owner's certificate has the owner's name
    everywhere = is_loopback(settings.bind) or settings.bind in EVERYWHERE
    return "localhost" if everywhere else settings.bind


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
        ws=WatchedSocket,
        ws_ping_interval=PING_EVERY_S,
        ws_ping_timeout=PONG_WITHIN_S,
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
        local = _reached_here(settings, host, ours=certificate is None or authority is not None)
        yield Serving(f"{scheme}://{host}:{port}", f"{scheme}://{local}:{port}", authority)
    finally:
        server.should_exit = True
        await task
