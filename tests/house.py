"""A whole house on a simulated PBX, a fast clock and a real database."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import numpy as np

from callwright.agents import service as agents
from callwright.bootstrap import build_house, running
from callwright.calendars import service as calendars
from callwright.calls import guarding, reads
from callwright.customers import service as customers
from callwright.desk import service as desk
from callwright.integrations.pbx.simulator import PhoneBehaviour, SimulatedTelephony
from callwright.ivr import service as ivr
from callwright.kit.db import Tx
from callwright.kit.settings import Settings, SpeechSettings
from callwright.migrations.run import migrate
from callwright.ports.house import House
from callwright.queues import service as queues
from callwright.queues.model import (
    PLACE_PROMPTS,
    WAIT_PROMPTS,
    WHOLE_PLACES,
    WHOLE_WAITS,
    Line,
    Queue,
)
from callwright.recordings.model import RATE
from tests.fakes.clock import FastClock
from tests.fakes.speech import ScriptedSpeech

T = TypeVar("T")
NUMBER = "4008001234"
PROMPTS = (
    "notice", "menu", "no_input", "invalid", "queue_greeting", "goodbye_timeout",
    "goodbye_nobody", "goodbye_full", "closed", "guarded", "sales_greeting",
    *PLACE_PROMPTS, *WAIT_PROMPTS,
    *WHOLE_PLACES, *WHOLE_WAITS,
)  # fmt: skip
MENU = {
    "version": 1,
    "language": "zh",
    "notice": "notice",
    "start": "main",
    "menus": {
        "main": {
            "prompt": ["menu"],
            "no_input_prompt": "no_input",
            "invalid_prompt": "invalid",
            "tries": 3,
            "timeout_s": 5,
            "keys": {"1": {"queue": "orders"}, "2": {"queue": "hasty"}},
            "otherwise": {"queue": "orders"},
        }
    },
    "closed": {"prompt": ["closed"]},
}


@dataclass
class TestHouse:
    """What a test needs to play with the house."""

    __test__ = False

    house: House
    pbx: SimulatedTelephony
    speech: ScriptedSpeech
    clock: FastClock

    async def run(self, verb: Callable[[Tx], Awaitable[T]]) -> T:
        """A verb in a transaction of its own."""
        return await self.house.db.run(verb)

    async def add_agent(
        self,
        login: str,
        *,
        in_queues: tuple[str, ...] = ("orders", "hasty"),
        phone: PhoneBehaviour | None = None,
        ready: bool = True,
        skills: dict[str, int] | None = None,
    ) -> UUID:
        """An agent with a registered phone."""
        agent_id = await self.run(
            lambda tx: agents.add_agent(
                tx, login=login, name=login, department="dept", site="main",
                skills=skills or {}, queues=list(in_queues),
            )
        )  # fmt: skip
        await self.house.telephony.provision_phone(login, "long-enough", webrtc=False)
        self.pbx.agent(login, phone or PhoneBehaviour(answers_after_s=1.0))
        await self.until(lambda tx: self._reachable(tx, login))
        if ready:
            await self.run(lambda tx: agents.request_state(tx, login, "ready"))
        return agent_id

    async def _reachable(self, tx: Tx, login: str) -> bool:
        return (await agents.agent_of_login(tx, login)).reachable

    async def caller(self, key: str = "1", *, number: str = "13900000001") -> str:
        """Somebody calls and presses a key as soon as the menu asks; returns the leg."""
        leg = self.pbx.call_in(number, NUMBER)
        await self.heard_of(leg, "menu.entered")
        self.pbx.press(leg, key)
        return leg

    async def heard_of(self, leg: str, event: str, times: int = 1) -> dict[str, Any]:
        """The page once an event is on its timeline so many times."""

        async def there(tx: Tx) -> dict[str, Any] | None:
            page = await _page(tx, leg)
            count = sum(e["name"] == event for e in page["events"]) if page else 0
            return page if count >= times else None

        return await self.until(there)

    async def state(self, login: str) -> str:
        """An agent's state."""
        return (await self.run(lambda tx: agents.agent_of_login(tx, login))).state.value

    async def contact(self, leg: str) -> dict[str, Any]:
        """The page of the contact of a caller's leg, as soon as there is one."""
        return await self.until(lambda tx: _page(tx, leg))

    async def finished(self, leg: str) -> dict[str, Any]:
        """The page once everything about the call is decided."""

        async def done(tx: Tx) -> dict[str, Any] | None:
            page = await _page(tx, leg)
            return page if page and page["finished"] else None

        return await self.until(done)

    async def in_state(self, leg: str, state: str) -> dict[str, Any]:
        """The page once the contact is in a state."""

        async def there(tx: Tx) -> dict[str, Any] | None:
            page = await _page(tx, leg)
            return page if page and page["state"] == state else None

        return await self.until(there)

    async def until(self, look: Callable[[Tx], Awaitable[T | None]]) -> T:
        """Look again until there is something to see; the test's own time-out ends it."""
        while True:
            found = await self.run(look)
            if found:
                return found
            await asyncio.sleep(0.01)


async def _page(tx: Tx, leg: str) -> dict[str, Any] | None:
    rows = await reads.contacts(tx, reads.ContactFilter(), before=None, limit=2000)
    row = next((row for row in rows if row["caller_leg"] == leg), None)
    return await desk.page(tx, row["id"]) if row else None


@asynccontextmanager
async def open_house(url: str, home: Path, *, speed: float = 10.0) -> AsyncIterator[TestHouse]:
    """Migrate, furnish, run; everything ends with the block."""
    migrate(url)
    clock = FastClock(speed)
    pbx = SimulatedTelephony(clock, folder=home / "recordings" / "spool")
    speech = ScriptedSpeech()
    settings = Settings(home=home, speech=SpeechSettings(live=False))
    house = build_house(settings, url, telephony=pbx, speech=speech, clock=clock)
    furnish_prompts(home)
    async with house.db.begin() as tx:
        await furnish(tx)
    async with running(house):
        yield TestHouse(house, pbx, speech, clock)


def furnish_prompts(home: Path, prompts: Sequence[str] = PROMPTS, seconds: float = 0.5) -> None:
    (home / "prompts").mkdir(parents=True, exist_ok=True)
    for key in prompts:
        with wave.open(str(home / "prompts" / f"{key}.zh.wav"), "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes(np.zeros(round(RATE * seconds), np.int16).tobytes())


async def furnish(tx: Tx) -> None:
    week = {day: ["00:00-24:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    await calendars.publish_calendar(tx, "always", {"week": week}, "test")
    await calendars.publish_calendar(tx, "never", {"week": {}}, "test")
    # every caller of these tests has the same number
    often = {"nuisance": {"limit": None}, "concurrent": {"limit": None}}
    await guarding.publish_policy(tx, often, "test")
    # `orders` is patient enough for a slow test machine; `hasty` is for what happens too late
    await queues.save_queue(tx, Queue("orders", "orders", "dept", {}, 60, 600, 5))
    await queues.save_queue(tx, Queue("hasty", "hasty", "dept", {}, 5, 20, 5))
    await queues.save_line(tx, Line(NUMBER, "hotline", "main", "always", "main", "021"))
    await queues.save_line(tx, Line("closed", "night", "main", "never", "main", "021"))
    await ivr.publish(tx, "main", MENU, "test")
    await customers.add_customer(
        tx, name="王建国", tier="diamond", phones="138-1652-7394", area_code="021", region="CN"
    )
