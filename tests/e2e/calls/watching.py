"""What a signed-in browser gets over the live socket, and what the database holds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import orjson
import psycopg
from psycopg.rows import dict_row
from tests.platform_process import PlatformProcess

from callwright.cli._call.platform import Place

TOPICS = ("contacts", "agents", "queues")


@asynccontextmanager
async def watched(place: Place, *desks: str) -> AsyncIterator[list[dict[str, Any]]]:
    """Every frame while the block runs: the lists, these agents' desks, each contact's page."""
    frames: list[dict[str, Any]] = []
    headers = {"Authorization": f"Bearer {place.token}"}
    async with (
        aiohttp.ClientSession(place.url, headers=headers) as session,
        session.ws_connect("/live") as socket,
    ):
        await socket.send_json({"subscribe": [*TOPICS, *(f"desk:{login}" for login in desks)]})
        reader = asyncio.create_task(_read(socket, frames))
        try:
            yield frames
        finally:
            reader.cancel()


async def _read(socket: aiohttp.ClientWebSocketResponse, frames: list[dict[str, Any]]) -> None:
    """Contacts that turn up in the list are watched too."""
    known: set[str] = set()
    async for message in socket:
        frame = orjson.loads(message.data)
        frames.append(frame)
        event = frame.get("event")
        if frame["topic"] == "contacts" and event and event["id"] not in known:
            known.add(event["id"])
            await socket.send_json({"subscribe": [f"contact:{event['id']}"]})


def rows(platform: PlatformProcess, query: str, *values: object) -> list[dict[str, Any]]:
    """Ask the platform's database itself."""
    with psycopg.connect(platform.database_url, row_factory=dict_row) as connection:
        return connection.execute(query, values).fetchall()
