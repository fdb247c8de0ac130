"""What wakes the router, and what happens to callers nobody takes."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from callwright.agents import service as agents
from callwright.agents.events import AgentPhoneChanged, AgentStateChanged
from callwright.calls import service as calls
from callwright.calls.events import CallAdopted, CallQueued
from callwright.calls.model import ContactState
from callwright.kit.bus import on
from callwright.kit.errors import CallwrightError
from callwright.kit.timers import on_timer
from callwright.ports.house import House
from callwright.routing import service
from callwright.routing.events import OfferClosed

log = logging.getLogger(__name__)

GOODBYE = {"no_agents": "goodbye_nobody", "queue_timeout": "goodbye_timeout"}


@on(CallQueued)
async def call_waits(event: CallQueued, house: House) -> None:
    """Somebody on duty: find an agent. Nobody at all: say so at once instead of music."""
    async with house.db.begin() as tx:
        on_duty = await agents.count_on_duty(tx, event.queue)
    if on_duty:
        house.db.signals.wake(service.SIGNAL)
    else:
        await say_goodbye(house, event.contact_id, "no_agents")


@on(AgentStateChanged)
async def agent_changed(event: AgentStateChanged, house: House) -> None:
    """A free agent may take a call."""
    if event.state == "ready":
        house.db.signals.wake(service.SIGNAL)


@on(AgentPhoneChanged)
async def phone_changed(event: AgentPhoneChanged, house: House) -> None:
    """A phone that is back may ring."""
    if event.reachable:
        house.db.signals.wake(service.SIGNAL)


@on(OfferClosed)
async def offer_closed(event: OfferClosed, house: House) -> None:
    """The caller waits again, at the same place."""
    if event.result != "accepted":
        house.db.signals.wake(service.SIGNAL)


@on(CallAdopted)
async def call_adopted(event: CallAdopted, house: House) -> None:
    """After a restart: waiting callers wait on in their order, ringing offers go on."""
    if event.state == ContactState.WAITING:
        await house.telephony.hold(event.leg)
        house.db.signals.wake(service.SIGNAL)
    elif event.state == ContactState.LEAVING:
        await house.telephony.hang_up(event.leg)
    else:
        await service.resume_offer(house, event.contact_id)


@on_timer(calls.QUEUE_TIMER)
async def waited_too_long(body: dict[str, Any], house: House) -> None:
    """The longest wait is over: a spoken goodbye, unless an agent's phone rings just now."""
    contact_id = UUID(body["contact_id"])
    async with house.db.begin() as tx:
        contact = await calls.contact(tx, contact_id)
        if contact and contact.state == ContactState.RINGING:
            await calls.look_again(tx, contact_id)
            return
    await say_goodbye(house, contact_id, "queue_timeout")


async def say_goodbye(house: House, contact_id: UUID, reason: str) -> None:
    """End a waiting call with a stored reason and a spoken sentence."""
    try:
        async with house.db.begin() as tx:
            contact = await calls.say_goodbye(tx, contact_id, reason)
    except CallwrightError as error:
        log.info("no goodbye for %s: %s", contact_id, error)
        return
    await house.telephony.unhold(contact.caller_leg)
    prompt = house.prompt(GOODBYE[reason], contact.language)
    played = await house.telephony.play(contact.caller_leg, [prompt])
    if played.state == "failed":
        log.error("goodbye was not spoken: %s", played.reason)
    await house.telephony.hang_up(contact.caller_leg)
