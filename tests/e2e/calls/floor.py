"""Agents and callers with tones instead of voices, on real SIP phones against one platform."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self

from tests.phones import tone
from tests.platform_process import PlatformProcess

from callwright.cli._call.platform import Document, Platform
from callwright.integrations.sipphone import Call, IncomingCall, OutgoingCall, Phone
from callwright.integrations.sipphone.hearing import tone_level
from callwright.kit.errors import CallwrightError

LIMIT_S = 60.0
POLL_S = 0.1
RATE = 8000
LOUD, QUIET = 2000, 300  # amplitude of a tone that is there, and of one that is not
LINE = "4008001234"


@dataclass
class Agent:
    """Somebody at a phone who takes every call and hums one tone (0 Hz = nothing).

    `taken` = calls, oldest first; `rung` = also those that were not answered.
    """

    login: str
    phone: Phone
    hertz: float
    answers: bool = True
    taken: list[IncomingCall] = field(default_factory=list)
    rung: list[IncomingCall] = field(default_factory=list)

    async def work(self) -> None:
        """Take calls for ever."""
        while True:
            call = await self.phone.wait_call(None)
            self.rung.append(call)
            if self.answers:
                await self.take(call)

    async def take(self, call: IncomingCall) -> None:
        """Answer, unless the caller was quicker to leave."""
        try:
            await call.answer()
        except CallwrightError:
            return
        call.behind(tone(self.hertz) if self.hertz else None)
        self.taken.append(call)

    @property
    def call(self) -> IncomingCall:
        """The latest call."""
        return self.taken[-1]


@dataclass
class Caller:
    """Somebody who dials our number and hums one tone (0 Hz = nothing)."""

    number: str
    hertz: float
    phone: Phone
    call: OutgoingCall
    contact_id: str = ""


class Floor:
    """Everybody in one test; closed at its end."""

    def __init__(self, platform: PlatformProcess) -> None:
        self.platform = platform
        self.agents: list[Agent] = []
        self._stack = AsyncExitStack()
        self._api: Platform | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        await self.reconnect()
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._sign_off()
        await self._stack.aclose()

    @property
    def api(self) -> Platform:
        """The platform's API as its local tools use it."""
        assert self._api is not None
        return self._api

    async def reconnect(self) -> None:
        """After a restart the token is another one."""
        self._api = await self._stack.enter_async_context(Platform(self.platform.place))

    async def agent(self, login: str, hertz: float = 440.0, *, answers: bool = True) -> Agent:
        """Sign somebody in, ready for calls."""
        login_data = await self.api.phone_login(login)
        phone = Phone(login_data.username, server=login_data.server, password=login_data.password)
        await self._stack.enter_async_context(phone)
        await phone.register()
        await self.api.wait_reachable(login)
        await self.api.set_state(login, "ready")
        agent = Agent(login, phone, hertz, answers)
        self.agents.append(agent)
        self._tasks.append(asyncio.create_task(agent.work()))
        return agent

    async def caller(self, number: str, hertz: float = 700.0, *, keys: str = "1") -> Caller:
        """Dial, go through the menu, and return when the caller is in the queue."""
        caller = await self.dial(number, hertz)
        await self.find(caller)
        await self.until_event(caller, "menu.entered")
        await caller.call.press(keys)
        await self.until_event(caller, "call.queued")
        return caller

    async def dial(self, number: str, hertz: float = 700.0) -> Caller:
        """Dial and return when the call is answered."""
        phone = await self._stack.enter_async_context(
            Phone("caller", server=self.platform.place.sip)
        )
        call = await phone.start_call(LINE, from_number=number)
        await call.wait_answer(LIMIT_S)
        call.behind(tone(hertz) if hertz else None)
        return Caller(number, hertz, phone, call)

    async def find(self, caller: Caller) -> str:
        """The contact of a caller."""
        since = self.api.now() - timedelta(minutes=5)
        async for _ in trying(f"the contact of {caller.number}"):
            found = await self.api.find_contact(caller.number, since)
            if found:
                caller.contact_id = found
                break
        return caller.contact_id

    async def page(self, caller: Caller) -> Document:
        """The caller's contact."""
        return await self.api.contact(caller.contact_id)

    async def names(self, caller: Caller) -> list[str]:
        """What happened to the caller, in order."""
        return [event["name"] for event in (await self.page(caller))["events"]]

    async def until_event(self, caller: Caller, name: str) -> None:
        """Return when something has happened to a caller."""
        async for _ in trying(f"{name} of {caller.number}"):
            if name in await self.names(caller):
                return

    async def until_menu_again(self, caller: Caller) -> None:
        """Return when the menu speaks to a caller who was taken over by a new platform."""
        async for _ in trying(f"the menu for {caller.number}"):
            _, adopted, later = "\n".join(await self.names(caller)).partition("call.adopted")
            if adopted and "menu.entered" in later:
                return

    async def until_talking(self, caller: Caller) -> Agent:
        """Return when an agent talks with the caller, and who it is."""
        with_whom = f"/contacts/{caller.contact_id}/routing"
        try:
            async for _ in trying(f"an agent for {caller.number}"):
                page = await self.page(caller)
                if page["state"] == "talking" and page["agent"]:
                    login = page["agent"]["login"]
                    return next(agent for agent in self.agents if agent.login == login)
        except AssertionError as error:
            why_not = await self.api.request("GET", with_whom)
            raise AssertionError(f"{error}; {why_not}") from error
        raise AssertionError

    async def until_state(self, login: str, *states: str) -> Document:
        """Return when an agent is in one of these states."""
        async for _ in trying(f"{login} being {' or '.join(states)}"):
            listed: list[Document] = await self.api.request("GET", "/agents")
            row = next(row for row in listed if row["login"] == login)
            if row["state"] in states:
                return row
        raise AssertionError

    async def until_phone(self, login: str, kind: str | None) -> None:
        """Return when this kind of phone is the one that would ring."""
        async for _ in trying(f"{login}'s phone being {kind}"):
            listed: list[Document] = await self.api.request("GET", "/agents")
            if next(row for row in listed if row["login"] == login)["phone"] == kind:
                return

    async def _sign_off(self) -> None:
        for agent in self.agents:
            for call in agent.phone.calls:
                await call.hang_up()
        for agent in self.agents:
            await self.until_state(agent.login, "ready", "wrap", "break", "offline")
            await self.api.set_state(agent.login, "offline")


async def trying(what: str, limit_s: float = LIMIT_S) -> AsyncIterator[int]:
    """Try again and again; fails, naming what did not come, after a generous time."""
    for attempt in range(round(limit_s / POLL_S)):
        yield attempt
        await asyncio.sleep(POLL_S)
    raise AssertionError(f"waited {limit_s:.0f} s in vain for {what}")


async def until(what: str, so: Callable[[], bool], limit_s: float = LIMIT_S) -> None:
    """Return when something is so."""
    async for _ in trying(what, limit_s):
        if so():
            return


async def hears(call: Call, hertz: float, *, seconds: float = 1.0) -> bool:
    """Whether a tone is in the next seconds of what a phone hears."""
    await asyncio.sleep(seconds + 0.2)
    heard = call.heard()[-round(seconds * RATE) :]
    return len(heard) > RATE / 2 and tone_level(heard, hertz) > LOUD


async def they_talk(caller: Caller, agent: Agent) -> bool:
    """Whether both hear each other, and nobody himself."""
    both = await asyncio.gather(
        hears(caller.call, agent.hertz),
        hears(agent.call, caller.hertz),
        hears(caller.call, caller.hertz),
        hears(agent.call, agent.hertz),
    )
    if list(both) != [True, True, False, False]:
        print(f"{caller.number} with {agent.login}: {both}; {agent.call}")
        return False
    return True


@asynccontextmanager
async def floor_of(platform: PlatformProcess) -> AsyncIterator[Floor]:
    """Open a floor on a platform."""
    async with Floor(platform) as floor:
        yield floor


def bodies(page: Document, name: str) -> list[dict[str, Any]]:
    """The bodies of all events of one name."""
    return [event["body"] for event in page["events"] if event["name"] == name]
