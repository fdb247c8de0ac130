"""The bare peer of the live socket: `python -m bench.echo PORT`, Starlette on uvicorn, no more."""

from __future__ import annotations

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect


async def echo(socket: WebSocket) -> None:
    """Send back what comes."""
    await socket.accept()
    try:
        while True:
            await socket.send_text(await socket.receive_text())
    except WebSocketDisconnect:
        return


if __name__ == "__main__":
    uvicorn.run(
        Starlette(routes=[WebSocketRoute("/echo", echo)]),
        port=int(sys.argv[1]),
        ws="websockets-sansio",
        log_level="critical",
    )
