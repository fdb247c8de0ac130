"""One Chromium for the folder, whose microphone speaks; seats that must stay free of faults."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from playwright.async_api import Browser

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
    """`await take_seat(login, ready=True, …)`: somebody at the desk; faults in it fail the test."""
    seats: list[Seat] = []

    async def take(login: str, *, ready: bool = True, **context: object) -> Seat:
        seat = await open_seat(speaking, platform, **context)  # type: ignore[arg-type]
        seats.append(seat)
        await seat.sign_in(login)
        if ready:
            await seat.go_ready()
        return seat

    yield take
    for seat in seats:
        await seat.close()
