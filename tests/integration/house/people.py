"""People at browsers: each signs in to a real server of the furnished house."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from tests.house import TestHouse
from tests.pbx_server import free_base

from callwright.accounts import service as accounts
from callwright.kit.settings import Ports
from callwright.web.app import make_app
from callwright.web.server import serve

PASSWORD = "correct horse"


@dataclass
class Answer:
    """Status and JSON of one request."""

    status: int
    body: Any

    @property
    def params(self) -> dict[str, Any]:
        """What a problem is about."""
        return dict(self.body["params"])


class Person:
    """Somebody who is signed in."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.session = session

    async def ask(self, method: str, path: str, **body: Any) -> Answer:
        """One request below /api/v1; `json=`, `data=`, `params=`."""
        async with self.session.request(method, f"/api/v1{path}", **body) as answer:
            is_json = "json" in answer.content_type
            return Answer(answer.status, await (answer.json() if is_json else answer.read()))

    async def get(self, path: str, **params: Any) -> Any:
        """What a successful GET brings."""
        answer = await self.ask("GET", path, params=params)
        assert answer.status == 200, answer
        return answer.body

    async def post(self, path: str, **json: Any) -> Answer:
        """A POST of a JSON object."""
        return await self.ask("POST", path, json=json)


class Office:
    """The server, and whoever comes in."""

    def __init__(self, house: TestHouse, url: str, stack: AsyncExitStack) -> None:
        self.house, self.url, self._stack = house, url, stack

    async def person(self, login: str, role: str = "agent") -> Person:
        """A new user signs in."""
        await self.house.run(
            lambda tx: accounts.add_user(tx, login=login, name=login, role=role, password=PASSWORD)
        )
        session = aiohttp.ClientSession(self.url, headers={"X-Callwright": "1"})
        await self._stack.enter_async_context(session)
        done = await session.post("/api/v1/session", json={"login": login, "password": PASSWORD})
        assert done.status == 200
        return Person(session)


@asynccontextmanager
async def office(house: TestHouse) -> AsyncIterator[Office]:
    """Serve a house to browsers."""
    chosen = house.house.settings.model_copy(update={"ports": Ports(base=free_base())})
    async with (
        serve(make_app(house.house, "nobody's"), chosen) as serving,
        AsyncExitStack() as stack,
    ):
        yield Office(house, serving.url, stack)
