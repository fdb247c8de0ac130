"""A furnished house for each test, and a browser's way into it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest
from tests.house import TestHouse, open_house
from tests.pbx_server import free_base

from callwright.accounts import service as accounts
from callwright.kit.settings import Ports
from callwright.web.app import make_app
from callwright.web.server import serve

TOKEN = "token-of-this-test"
PASSWORD = "correct horse"
SignIn = Callable[..., Awaitable[aiohttp.ClientSession]]


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[TestHouse]:
    """Running, with two queues, one line and no agents."""
    async with open_house(database_url, tmp_path) as opened:
        yield opened


@pytest.fixture
async def client(house: TestHouse) -> AsyncIterator[aiohttp.ClientSession]:
    """A real server, and a session with the local tools' token."""
    chosen = house.house.settings.model_copy(update={"ports": Ports(base=free_base())})
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with (
        serve(make_app(house.house, TOKEN), chosen) as serving,
        aiohttp.ClientSession(serving.url, headers=headers) as session,
    ):
        yield session


@pytest.fixture
async def sign_in(house: TestHouse, client: aiohttp.ClientSession) -> AsyncIterator[SignIn]:
    """`await sign_in("anna", role="qa")`: a browser in which a new user is signed in."""
    async with AsyncExitStack() as opened:

        async def enter(login: str, role: str = "agent") -> aiohttp.ClientSession:
            await house.run(
                lambda tx: accounts.add_user(
                    tx, login=login, name=login.title(), role=role, password=PASSWORD
                )
            )
            browser = aiohttp.ClientSession(str(client._base_url), headers={"X-Callwright": "1"})
            await opened.enter_async_context(browser)
            body = {"login": login, "password": PASSWORD}
            assert (await browser.post("/api/v1/session", json=body)).ok
            return browser

        yield enter
