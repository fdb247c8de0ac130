"""The PBX's events become rows and our own events."""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from uuid import UUID

from callwright.agents import service as agents
from callwright.agents.events import AgentStateChanged
from callwright.agents.model import AgentState
from callwright.calls import callbacks, guarding, reconcile, service
from callwright.calls.answers import leg_answered
from callwright.calls.endings import leg_ended
from callwright.calls.events import CallerGuarded
from callwright.calls.guard import SENT_AWAY
from callwright.calls.legs import note_ringing
from callwright.customers import service as customers
from callwright.kit.bus import on
from callwright.kit.db import Tx
from callwright.kit.serial import Serial
from callwright.kit.timers import on_timer
from callwright.ports.house import House
from callwright.ports.telephony import (
    DigitPressed,
    LegAnswered,
    LegArrived,
    LegEnded,
    LegRinging,
    PbxBack,
    PbxEvent,
    PbxLost,
    PhoneChanged,
)
from callwright.queues import service as queues

log = logging.getLogger(__name__)


@on(AgentStateChanged)
async def agent_changed(event: AgentStateChanged, house: House) -> None:
    """A wrap-up is over: from now on it is known how long the call took."""
    if event.before == AgentState.WRAP and event.state != AgentState.WRAP:
        await house.db.run(lambda tx: service.note_wrapped(tx, event.agent_id, event.at))


class PbxEvents:
    """The sink that the telephony adapter feeds. Never blocks it: work waits in line per leg."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.serial = Serial()
        self._first = True
        self._agreed = asyncio.Event()  # database and PBX agree: single events make sense

    async def __call__(self, event: PbxEvent) -> None:
        """Wake whoever waits for this leg at once, then write the event down."""
        if isinstance(event, PbxBack):
            adopt, self._first = self._first, False
            self._agreed.clear()
            self.serial.run("pbx", lambda: self._reconcile(event, adopt))
            return
        if isinstance(event, PbxLost):
            log.warning("the PBX connection broke; talks go on, reconnecting")
            return
        key = event.endpoint if isinstance(event, PhoneChanged) else event.leg
        if not isinstance(event, PhoneChanged):
            self.house.legs.send(key, event)
        if not isinstance(event, DigitPressed):
            self.serial.run(key, lambda: self._in_turn(event))

    async def _reconcile(self, back: PbxBack, adopt: bool) -> None:
        try:
            await reconcile.after_connect(self.house, self.write_down, back, adopt=adopt)
        finally:
            self._agreed.set()

    async def _in_turn(self, event: PbxEvent) -> None:
        await self._agreed.wait()
        await self.write_down(event)

    async def write_down(self, event: PbxEvent) -> None:
        """Store what the event means; the database may be away for a while."""
        run = self.house.db.run
        match event:
            case LegArrived() if event.endpoint:
                log.info("an agent's phone dialled; calls out are placed by the desk: refused")
                await self.house.telephony.hang_up(event.leg, "rejected")
            case LegArrived():
                await run(lambda tx: arrive(tx, event, self.house))
            case LegRinging():
                await run(lambda tx: note_ringing(tx, event.leg, event.at))
            case LegAnswered():
                await leg_answered(self.house, event)
            case LegEnded():
                await leg_ended(self.house, event)
            case PhoneChanged():
                await run(lambda tx: agents.note_phone(tx, event.endpoint, event.online, event.at))
            case _:
                pass


async def arrive(tx: Tx, event: LegArrived, house: House) -> UUID | None:
    """A caller came in: find the line, find the customer, write the contact, ask the guard."""
    company = house.settings.company
    line = await queues.line_for(tx, event.to_number)
    match = await customers.who_calls(
        tx, event.from_number, area_code=line.area_code, region=company.region
    )
    contact_id = await service.start_contact(tx, event, line, match, company.language)
    if contact_id:
        await guarding.look(tx, contact_id, company.region)
    return contact_id


@on_timer(callbacks.EXPIRY_TIMER)
async def callback_expired(body: dict[str, Any], house: House) -> None:
    """Too late to call somebody back who did not ask for it."""
    await house.db.run(lambda tx: callbacks.expire(tx, UUID(body["callback_id"])))


@on(CallerGuarded)
async def caller_guarded(event: CallerGuarded, house: House) -> None:
    """Busy, or a sentence; whoever is let in is the menu's caller."""
    if event.action in SENT_AWAY:
        await guarding.send_away(house, event.contact_id, event.action)
