"""One Chromium for the folder, whose microphone speaks; seats that must stay free of faults."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Browser

from tests.e2e.desk.live_line import LiveLine
from tests.e2e.desk.seat import Seat, desk_browser, open_seat
from tests.platform_process import PlatformProcess

OpenSeat = Callable[..., Awaitable[Seat]]


@pytest.fixture(scope="session")
async def speaking(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    """The browser of every seat."""
    async with desk_browser(tmp_path_factory.mktemp("voice")) as browser:
        yield browser


@pytest.fixture
async def take_seat(speaking: Browser, platform: PlatformProcess) -> AsyncIterator[OpenSeat]:
    """`await take_seat(login)`: somebody at the desk; faults in it fail the test.

    None = nobody is signed in; `ready=False` = signed in only; `line` = through which its live
    socket goes; more for `open_seat`.
    """
    seats: list[Seat] = []

    async def take(
        login: str | None, *, ready: bool = True, line: LiveLine | None = None, **context: Any
    ) -> Seat:
        seat = await open_seat(speaking, platform, **context)
        seats.append(seat)
        if line is not None:
            await line.hold(seat.page)
        if login is not None:
            await seat.sign_in(login)
        if login is not None and ready:
            await seat.go_ready()
        return seat

    yield take
    for seat in seats:
        await seat.close()
