"""The live topics `tickets` and `missed`: what changed, by number; who looks at it asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from callwright.calls import events as calls
from callwright.calls import missed
from callwright.kit.db import Tx
from callwright.kit.event import Event
from callwright.ports.house import House
from callwright.tickets import events as tickets
from callwright.web.live_desk import Reader

WORK = {"tickets": "tickets.read", "missed": "calls.read"}  # topic: permission
PAUSE_S = 0.5
TicketChanged = (
    tickets.TicketCreated
    | tickets.TicketEdited
    | tickets.TicketAssigned
    | tickets.TicketCommented
    | tickets.TicketSolved
    | tickets.TicketReopened
)
# Who is on the list, and what is done about them without anybody's doing.
MissedChanged = (
    calls.CallMissed
    | calls.MissedHandled
    | calls.CallbackPlanned
    | calls.CallbackDialled
    | calls.CallbackReturned
    | calls.CallbackFailed
    | calls.CallbackCancelled
)


class WorkFeed:
    """Sends at once, then not again within `PAUSE_S`: what changed meanwhile goes out once."""

    def __init__(self, house: House, readers: Callable[[str], Sequence[Reader]]) -> None:
        self.house = house
        self._readers = readers
        self._tickets: dict[int, int] = {}  # number: version
        self._missed = False
        self._sender: asyncio.Task[None] | None = None

    def hear(self, event: Event) -> None:
        """Note what changed; must be quick."""
        if isinstance(event, TicketChanged) and self._readers("tickets"):
            self._tickets[event.no] = getattr(event, "version", 1)
        elif isinstance(event, MissedChanged) and self._readers("missed"):
            self._missed = True
        else:
            return
        if self._sender is None or self._sender.done():
            self._sender = self.house.bus.spawn(self._send(), "live: work")

    async def snapshot(self, tx: Tx, topic: str) -> dict[str, Any]:
        """`missed` tells how many wait; the list of tickets is asked for by HTTP."""
        return await _open(tx) if topic == "missed" else {}

    async def _send(self) -> None:
        while self._tickets or self._missed:
            changed, self._tickets = self._tickets, {}
            due, self._missed = self._missed, False
            for no, version in changed.items():
                self._push("tickets", {"no": no, "version": version})
            if due:
                async with self.house.db.begin() as tx:
                    self._push("missed", await _open(tx))
            await self.house.clock.sleep(PAUSE_S)

    def _push(self, topic: str, event: dict[str, Any]) -> None:
        for reader in self._readers(topic):
            reader.push(topic, event=event)


async def _open(tx: Tx) -> dict[str, Any]:
    return {"open": await missed.count_open(tx)}
