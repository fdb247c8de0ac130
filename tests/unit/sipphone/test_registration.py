"""REGISTER: proving who we are, keeping it up, taking it back."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import pytest
from tests.phones import QUICK, Registrar, until

from callwright.integrations.sipphone import Phone
from callwright.kit.clock import VirtualClock
from callwright.kit.errors import CallwrightError

CHALLENGE = 'Digest realm="callwright", nonce="abc", algorithm=MD5, qop="auth"'


async def test_a_challenge_is_answered_once() -> None:
    async with (
        Registrar.open(challenge=CHALLENGE) as registrar,
        Phone("li", server=registrar.address, password="secret", timers=QUICK) as phone,
    ):
        await phone.register()
        assert phone.registered
        first, second = registrar.requests
        assert not first.headers.get("Authorization")
        assert 'username="li"' in second.headers.get("Authorization")
        assert second.headers.sequence[0] == first.headers.sequence[0] + 1
        assert second.headers.get("Call-ID") == first.headers.get("Call-ID")


async def test_without_a_password_it_fails_with_the_status() -> None:
    async with (
        Registrar.open(challenge=CHALLENGE) as registrar,
        Phone("li", server=registrar.address, timers=QUICK) as phone,
    ):
        with pytest.raises(CallwrightError) as caught:
            await phone.register()
        assert caught.value.params["status"] == 401
        assert not phone.registered


async def test_a_longer_time_is_taken_when_the_server_wants_it() -> None:
    async with (
        Registrar.open(expires_s=600, least_s=120) as registrar,
        Phone("li", server=registrar.address, timers=QUICK) as phone,
    ):
        await phone.register(expires_s=30)
        assert [request.headers.get("Expires") for request in registrar.requests] == ["30", "120"]


async def test_it_is_refreshed_before_it_ends_and_taken_back() -> None:
    clock = VirtualClock(datetime(2026, 1, 1, tzinfo=UTC))
    async with (
        Registrar.open(expires_s=60) as registrar,
        Phone("li", server=registrar.address, timers=QUICK, clock=clock) as phone,
    ):
        await phone.register()

        def refreshed(count: int) -> bool:
            return len(registrar.requests) == count and clock.next_due is not None

        for wanted in (2, 3):
            await clock.advance(49)
            await until(partial(refreshed, wanted))
        await phone.unregister()
        assert not phone.registered
        assert registrar.requests[-1].headers.get("Expires") == "0"


async def test_nobody_answers() -> None:
    async with Phone("li", server=("127.0.0.1", 9), timers=QUICK) as phone:
        with pytest.raises(CallwrightError) as caught:
            await phone.register()
        assert caught.value.params["status"] == 408
