"""When a countdown ends, a played reply must stop, or the ticket comes after the wrap-up."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from callwright.agents.events import AgentStateChanged
from callwright.agents.model import AgentState
from callwright.calls import service as calls
from callwright.calls.events import CallHeld
from callwright.desk import playing, wrap_up
from callwright.kit.bus import later, on
from callwright.kit.errors import CallwrightError
from callwright.kit.timers import on_timer
from callwright.ports.house import House
from callwright.tickets.events import TicketCreated, TicketWaived

log = logging.getLogger(__name__)


@on_timer(calls.WRAP_TIMER)
async def wrap_up_over(body: dict[str, Any], house: House) -> None:
    """Submit what is there; ready again, unless the agent did something else meanwhile."""
    contact_id, agent_id = UUID(body["contact_id"]), UUID(body["agent_id"])
    try:
        await house.db.run(
            lambda tx: wrap_up.finish_by_timer(
                tx, contact_id, agent_id, house.settings.company.language
            )
        )
    except CallwrightError as error:
        log.info("wrap-up: %s", error)


@on(CallHeld)
async def caller_is_away(event: CallHeld, house: House) -> None:
    """The caller hears music: what plays stops."""
    await playing.stop_in(house, event.contact_id)


@on(AgentStateChanged)
async def talk_is_over(event: AgentStateChanged, house: House) -> None:
    """Handed on or hung up: what this agent plays stops."""
    if event.before == AgentState.TALKING and event.state != AgentState.TALKING:
        await playing.stop_of(house, event.agent_id)


@later(TicketCreated)
async def ticket_created(event: TicketCreated, house: House) -> None:
    """Fields that were submitted before the ticket was there."""
    contact_id = event.contact_id
    if contact_id is not None:
        await house.db.run(lambda tx: wrap_up.ticket_came(tx, contact_id))


@later(TicketWaived)
async def ticket_waived(event: TicketWaived, house: House) -> None:
    """No words were understood, but the agent may want a ticket."""
    await house.db.run(lambda tx: wrap_up.ticket_came(tx, event.contact_id))
