"""One agent at a real SIP phone, for the length of one call."""

from __future__ import annotations

import asyncio

from callwright.cli._call.platform import Platform
from callwright.cli._call.script import Script
from callwright.integrations.sipphone import IncomingCall, Phone
from callwright.kit.errors import CallwrightError

STATE_TRIES = 25
STATE_RETRY_S = 0.2


class Seat:
    """Signs an agent in at a phone of ours and answers as the script says.

    `answers_after_s` None = the phone rings and nobody takes it.
    """

    def __init__(self, platform: Platform, login: str, answers_after_s: float | None) -> None:
        self.login = login
        self.rang = asyncio.Event()
        self._platform = platform
        self._answers_after_s = answers_after_s
        self._phone: Phone | None = None

    async def sign_in(self) -> None:
        """Register the phone; returns when the platform knows it."""
        login = await self._platform.phone_login(self.login)
        self._phone = Phone(login.username, server=login.server, password=login.password)
        await self._phone.open()
        await self._phone.register()
        await self._platform.wait_reachable(self.login)

    async def go_ready(self) -> None:
        """From now on calls may come."""
        await self._set_state("ready")

    async def take_call(self) -> IncomingCall:
        """The first call that was answered; those that rang in vain are let go."""
        if self._phone is None:
            raise CallwrightError("wrong_state", what="seat", why="not signed in")
        while True:
            call = await self._phone.wait_call(None)
            self.rang.set()
            if self._answers_after_s is None:
                await call.ended.wait()
                continue
            await self._platform.sleep(self._answers_after_s)
            if call.state != "ended":
                await call.answer()
                return call

    async def sign_out(self) -> None:
        """Offline again, and the phone away."""
        if self._phone is not None:
            try:
                await self._set_state("offline")
            finally:
                await self._phone.close()

    async def _set_state(self, state: str) -> None:
        """Ask until the platform has taken in the end of the last call."""
        for attempt in range(STATE_TRIES):
            try:
                await self._platform.set_state(self.login, state)
            except CallwrightError as error:
                if error.code != "wrong_state" or attempt == STATE_TRIES - 1:
                    raise
                await self._platform.sleep(STATE_RETRY_S)
            else:
                return


def seats_of(script: Script, platform: Platform) -> list[Seat]:
    """The agents that a script names, in the order in which their phones should ring."""
    seats = []
    if script.agent is not None:
        seats.append(Seat(platform, script.agent, script.agent_answers_after_s))
    if script.second_agent is not None:
        second = script.second_agent
        seats.append(Seat(platform, second.login, second.answers_after_s))
    return seats
