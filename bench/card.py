"""From the offer to the card on the agent's live socket, each time for another customer."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from bench import house
from bench.table import percentile, write_table
from callwright.cli._call.platform import Platform
from callwright.integrations.sipphone import OutgoingCall, Phone

OFFERS, QUICK_OFFERS = 150, 10
AT_ONCE = 8  # callers in the house; one is offered at a time
GOAL_MS = 200
PATIENCE_S = 120.0


@dataclass(slots=True)
class Rings:
    """What was measured, by contact id: wall-clock times."""

    offered: dict[str, float] = field(default_factory=dict)
    carded: dict[str, float] = field(default_factory=dict)
    rang: dict[str, float] = field(default_factory=dict)
    known: int = 0  # cards that named a customer
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def both(self, contact: str) -> None:
        """Wait until the card and the INVITE of this contact are there."""
        while contact not in self.carded or contact not in self.rang:
            self.news.clear()
            await self.news.wait()


class Callers:
    """Keeps some callers in the house; whoever was offered makes room for the next."""

    def __init__(self, phone: Phone, numbers: Iterator[str]) -> None:
        self._phone, self._numbers = phone, numbers
        self._calls: dict[str, asyncio.Task[OutgoingCall]] = {}

    def next(self) -> None:
        """One more caller, while there are numbers."""
        number = next(self._numbers, None)
        if number is not None:
            call = self._phone.call(house.LINE, from_number=number)
            self._calls[number] = asyncio.create_task(call)

    async def gone(self, number: str) -> None:
        """This caller gives up."""
        call = await self._calls.pop(number)
        await call.hang_up()


async def measure(offers: int) -> dict[str, object]:
    """All offers; the row of the table."""
    with house.platform() as process:
        numbers = iter(house.customer_numbers(process, offers))
        await house.shorten_menu(process)
        rings = Rings()
        async with (
            Platform(process.place) as platform,
            house.seat(platform) as seat,
            Phone("caller", server=process.place.sip, sound=False) as phone,
            house.live(process, f"desk:{seat.login}") as socket,
            asyncio.timeout(PATIENCE_S),
        ):
            listening = asyncio.create_task(_listen(socket, rings))
            callers = Callers(phone, numbers)
            await seat.ready()
            for _ in range(AT_ONCE):
                callers.next()
            for _ in range(offers):
                await _one(seat, callers, rings)
                callers.next()
            listening.cancel()
    return _row(rings)


async def _one(seat: house.Seat, callers: Callers, rings: Rings) -> None:
    call = await seat.invited()
    contact = call.header("X-Call-Id")
    rings.rang[contact] = house.on_wall_clock(call.started_at)
    rings.news.set()
    await rings.both(contact)
    await callers.gone(call.from_number)
    await call.ended.wait()


async def _listen(socket: house.LiveSocket, rings: Rings) -> None:
    async for at, frame in socket.frames():
        event = frame.get("event", {})
        if "ring" in event:
            call = event["ring"]
            rings.offered[call["contact_id"]] = house.epoch(call["offered_at"])
            rings.carded[call["contact_id"]] = at
            rings.known += call["card"]["customer"] is not None
            rings.news.set()


def _row(rings: Rings) -> dict[str, object]:
    card = [at - rings.offered[contact] for contact, at in rings.carded.items()]
    phone = [at - rings.offered[contact] for contact, at in rings.rang.items()]
    ahead = sum(rings.carded[contact] <= at for contact, at in rings.rang.items())
    return {
        "what": "offer made → card on the live socket",
        "offers": len(card),
        "with a customer": rings.known,
        **house.milliseconds(card),
        "goal p95 ms": GOAL_MS,
        "offer made → INVITE p50 ms": f"{1000 * percentile(phone, 50):.1f}",
        "card before the phone rings": f"{100 * ahead / len(phone):.0f} %",
        "machine load": house.machine_load(),
    }


def main(arguments: list[str]) -> int:
    """Measure and write the table; 1 when the goal was missed."""
    row = asyncio.run(measure(QUICK_OFFERS if "--quick" in arguments else OFFERS))
    write_table("card", "The card on ring: 300 customers, one agent, real PBX", [row])
    return 0 if float(str(row["p95 ms"])) <= GOAL_MS else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
