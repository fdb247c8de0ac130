"""An agent at the desk: signed in over HTTP, with the live topic open."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import aiohttp
from tests.house import TestHouse
from tests.integration.house.people import Office, Person

from callwright.kit.db import Tx
from callwright.kit.ids import new_id
from callwright.transcripts import store as turn_store
from callwright.transcripts.events import TurnHeard
from callwright.transcripts.model import Turn, mask_talk

PATIENCE_S = 30.0


@dataclass
class Desk:
    """One agent's browser, without the browser."""

    office: Office
    login: str
    person: Person
    socket: aiohttp.ClientWebSocketResponse
    snapshot: dict[str, Any]
    events: list[dict[str, Any]] = field(default_factory=list)

    async def get(self, path: str) -> Any:
        """A resource."""
        return await self.person.get(path)

    async def send(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """A change: status and answer."""
        answer = await self.person.ask(method, path, json=body)
        return answer.status, answer.body

    async def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next event like this; all are kept in `events`."""
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
async def at_desk(office: Office, login: str) -> AsyncIterator[Desk]:
    """Sign in and open the desk."""
    person = await office.person(login)
    async with person.session.ws_connect("/live") as socket:
        await socket.send_json({"subscribe": [f"desk:{login}"]})
        first = await socket.receive_json(timeout=PATIENCE_S)
        yield Desk(office, login, person, socket, first["snapshot"])


async def say(house: TestHouse, contact: str, speaker: str, text: str) -> None:
    """What the recogniser understood while they talk."""
    turn = mask_talk([Turn(new_id(), speaker, 1.0, 2.0, text, ())]).turns[0]

    async def write(tx: Tx) -> None:
        await turn_store.save_turns(tx, UUID(contact), [turn])
        tx.publish(
            TurnHeard(at=tx.clock.now(), contact_id=UUID(contact), turn_id=turn.id, speaker=speaker)
        )

    await house.run(write)
