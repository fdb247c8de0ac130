"""What wakes the router, and what happens to callers nobody takes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from callwright.agents import service as agents
from callwright.agents.events import AgentPhoneChanged, AgentStateChanged
from callwright.agents.model import AgentState
from callwright.calls import service as calls
from callwright.calls.events import CallAdopted, CallbackCancelled, CallQueued
from callwright.calls.model import ContactState
from callwright.kit.bus import later, on
from callwright.kit.db import Tx
from callwright.kit.timers import on_timer, set_timer
from callwright.ports.house import House
from callwright.queues import service as queues
from callwright.routing import callbacks, service
from callwright.routing.announcer import greet
from callwright.routing.events import OfferClosed, SimulationRequested
from callwright.routing.overflow import cause_on_entry, overflow
from callwright.routing.whatif import runs

NOBODY_TIMER = "queue.nobody"
GRACE_S = 10  # the last agent signs off: a colleague may be about to sign in


@on(CallQueued)
async def call_waits(event: CallQueued, house: House) -> None:
    """Find an agent; who cannot wait here is told so at once instead of hearing music."""
    async with house.db.reading() as tx:
        cause = await cause_on_entry(tx, event.contact_id, event.visit_id)
        music = (await queues.queue_of(tx, event.queue)).music
        contact = await calls.contact(tx, event.contact_id)
    if cause is None:
        if music and contact:
            await house.telephony.hold(contact.caller_leg, music)
        house.db.signals.wake(service.SIGNAL)
        await greet(house, event.contact_id)
    else:
        await overflow(house, event.contact_id, cause, event.visit_id)


@on(AgentStateChanged)
async def agent_changed(event: AgentStateChanged, house: House) -> None:
    """A free agent may take a call; the last one who signs off leaves callers behind."""
    if event.state == AgentState.READY:
        house.db.signals.wake(service.SIGNAL)
    elif event.state == AgentState.OFFLINE:
        await house.db.run(watch_duty)


async def watch_duty(tx: Tx) -> None:
    """Callers wait where nobody is on duty: look again when the grace is over."""
    waited_in = await calls.queue_figures(tx)
    served = await agents.queues_served(tx) if waited_in else None
    for queue in sorted(waited_in.keys() - served) if served is not None else ():
        due = tx.clock.now() + timedelta(seconds=GRACE_S)
        await set_timer(tx, f"nobody:{queue}", NOBODY_TIMER, due, {"queue": queue}, move=False)


@on_timer(NOBODY_TIMER)
async def nobody_came(body: dict[str, Any], house: House) -> None:
    """The grace is over: unless somebody signed in, nobody waits here any longer."""
    async with house.db.reading() as tx:
        if await agents.count_on_duty(tx, body["queue"]):
            return
        left = await calls.waiting_in(tx, body["queue"])
    for row in left:
        await overflow(house, row["contact_id"], "nobody_on_duty", row["visit_id"])


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
        await house.db.run(watch_duty)


@on(CallbackCancelled)
async def callback_withdrawn(event: CallbackCancelled, house: House) -> None:
    """Whoever is being rung for it is let go."""
    await callbacks.end_legs(house, event.callback_id)


@on(CallAdopted)
async def call_adopted(event: CallAdopted, house: House) -> None:
    """After a restart: waiting callers wait on in their order, ringing offers go on."""
    if event.state == ContactState.WAITING:
        async with house.db.reading() as tx:
            visit = await calls.open_visit(tx, event.contact_id)
            music = (await queues.queue_of(tx, visit.queue)).music if visit else ""
        await house.telephony.hold(event.leg, music or None)
        house.db.signals.wake(service.SIGNAL)
        await house.db.run(watch_duty)
        await greet(house, event.contact_id)
    elif event.state == ContactState.LEAVING:
        await house.telephony.hang_up(event.leg)
    else:
        await service.resume_offer(house, event.contact_id)


@later(SimulationRequested)
async def simulation_requested(event: SimulationRequested, house: House) -> None:
    """Simulate beside the platform; taken up again after a death."""
    await runs.carry_out(house, event.simulation_id)


@on_timer(calls.QUEUE_TIMER)
async def waited_too_long(body: dict[str, Any], house: House) -> None:
    """The longest wait is over: what the queue says, unless an agent's phone rings just now, or
    the caller is deciding about a callback."""
    contact_id = UUID(body["contact_id"])
    async with house.db.begin() as tx:
        contact = await calls.contact(tx, contact_id)
        if contact and contact.state in (ContactState.RINGING, ContactState.CHOOSING):
            await calls.look_again(tx, contact_id)
            return
    visit_id = UUID(body["visit_id"]) if "visit_id" in body else None
    await overflow(house, contact_id, "too_long", visit_id)
