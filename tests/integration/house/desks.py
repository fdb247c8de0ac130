"""An agent at the desk: signed in over HTTP, with the live topic open."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from tests.house import TestHouse
from tests.pbx_server import free_base

from callwright.accounts import service as accounts
from callwright.kit.settings import Ports
from callwright.web.app import make_app
from callwright.web.server import serve

PATIENCE_S = 30.0
PASSWORD = "correct horse"


@dataclass
class Desk:
    """One agent's browser, without the browser."""

    session: aiohttp.ClientSession
    socket: aiohttp.ClientWebSocketResponse
    snapshot: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)

    async def get(self, path: str) -> Any:
        """A resource."""
        async with self.session.get(f"/api/v1{path}") as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def send(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """A change: status and answer."""
        async with self.session.request(method, f"/api/v1{path}", json=body) as answer:
            return answer.status, await answer.json()

    async def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next event like this; those before it are kept in `events`."""
        while True:
            frame = await self.socket.receive_json(timeout=PATIENCE_S)
            assert frame["seq"] == len(self.events) + 2
            self.events.append(frame["event"])
            if wanted(frame["event"]):
                return dict(frame["event"])

    async def read(self, name: str) -> Any:
        """The content of the next event of a name."""
        return (await self.until(lambda event: name in event))[name]


@asynccontextmanager
async def served(house: TestHouse) -> AsyncIterator[str]:
    """The house on a port; yields its address."""
    chosen = house.house.settings.model_copy(update={"ports": Ports(base=free_base())})
    async with serve(make_app(house.house, "token-of-this-test"), chosen) as serving:
        yield serving.url


@asynccontextmanager
async def at_desk(house: TestHouse, url: str, login: str) -> AsyncIterator[Desk]:
    """Sign in and open the desk; the account is made when it is missing."""
    await house.run(
        lambda tx: accounts.add_user(
            tx, login=login, name=login.title(), role="agent", password=PASSWORD
        )
    )
    async with aiohttp.ClientSession(url, headers={"X-Callwright": "1"}) as session:
        await session.post("/api/v1/session", json={"login": login, "password": PASSWORD})
        async with session.ws_connect("/live") as socket:
            await socket.send_json({"subscribe": [f"desk:{login}"]})
            first = await socket.receive_json()
            yield Desk(session, socket, first["snapshot"])
