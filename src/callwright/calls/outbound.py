"""Calls out: the agent's own phone rings first, then the customer's."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from uuid import UUID

from callwright.agents import service as agents
from callwright.agents.model import Agent
from callwright.calls import callbacks, missed, service, store
from callwright.calls.callback_model import CallbackState
from callwright.calls.endings import leg_ended
from callwright.calls.events import CallAnswered, CallStarted
from callwright.calls.legs import add_leg
from callwright.calls.lines import WayOut, originate, way_out
from callwright.calls.model import ContactState
from callwright.calls.places import arrange_if_alive
from callwright.customers import service as customers
from callwright.customers.model import CallerMatch
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError, invalid
from callwright.kit.ids import new_id
from callwright.ports.house import House
from callwright.ports.telephony import LegEnded
from callwright.queues.model import Line

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom to call: one of a number, an earlier contact, a customer's phone (the how many-th)."""

    number: str = ""
    contact_id: UUID | None = None
    customer_id: UUID | None = None
    phone: int = 0


@dataclass(frozen=True, slots=True)
class Dialling:
    """A call out that has begun."""

    contact_id: UUID
    agent: Agent
    leg: str
    shown: str  # what the agent's phone shows: our own number, never the customer's


async def dial(house: House, login: str, wanted: Wanted) -> UUID:
    """Call somebody; returns the contact. `no_trunk` without a line, `wrong_state` in a call,
    `being_called` while a callback to the same number is under way."""
    async with house.db.begin() as tx:
        begun = await _begin(tx, house, login, wanted)
    house.bus.spawn(_ring_agent(house, begun), f"call out {begun.contact_id}")
    return begun.contact_id


async def _begin(tx: Tx, house: House, login: str, wanted: Wanted) -> Dialling:
    agent = await agents.agent_of_login(tx, login)
    if not agent.reachable:
        raise CallwrightError("phone_unreachable", endpoint=agent.endpoint)
    number, known, prefer = await _number(tx, wanted)
    company = house.settings.company
    way = await way_out(tx, company, number, site=agent.site, prefer=prefer)
    match = await customers.who_calls(
        tx, number, area_code=way.line.area_code, region=company.region
    )
    await callbacks.by_hand(tx, match.e164 or number, login)
    contact_id = await write(
        tx, agent.id, number, way.line, match, customer_id=known, language=company.language
    )
    await missed.note_try(tx, match.e164 or number)
    await agents.dial(tx, agent.id, contact_id)
    leg = str(new_id())
    await add_leg(tx, leg, contact_id, agent.id)
    return Dialling(contact_id, agent, leg, way.line.number)


async def write(
    tx: Tx,
    agent_id: UUID | None,
    number: str,
    line: Line,
    match: CallerMatch,
    *,
    customer_id: UUID | None,
    language: str,
    queue: str | None = None,
) -> UUID:
    """We call somebody, mostly an agent does: write the contact. The customer's leg comes later,
    with its id."""
    best = match.best
    contact_id, now, leg = new_id(), tx.clock.now(), str(new_id())
    who = customer_id or (best.id if best else None)
    tier = next((one.tier for one in match.candidates if one.id == who), "")
    await store.insert_contact(
        tx,
        {
            "id": contact_id, "site": line.site, "state": ContactState.DIALLING.value,
            "caller_leg": leg, "from_number": service.printable(number), "e164": match.e164,
            "number_kind": match.kind, "to_number": line.number, "customer_id": who,
            "tier": tier, "started_at": now, "ivr": line.ivr, "language": language,
            "matches": service.matches_of(match), "agent_id": agent_id, "direction": "out",
            "queue": queue,
        },
        leg=False,
    )  # fmt: skip
    tx.publish(
        CallStarted(
            at=now, site=line.site, contact_id=contact_id, leg=leg, line=line.number,
            customer_id=who, direction="out",
        )
    )  # fmt: skip
    return contact_id


async def _number(tx: Tx, wanted: Wanted) -> tuple[str, UUID | None, str]:
    """The number, whose it certainly is, and the number of ours that they know."""
    if wanted.number.strip():
        return wanted.number, wanted.customer_id, ""
    if wanted.contact_id:
        contact = await service.contact(tx, wanted.contact_id)
        if contact is None:
            raise CallwrightError("not_found", what="contact", id=str(wanted.contact_id))
        return contact.e164 or contact.from_number, contact.customer_id, contact.to_number
    if wanted.customer_id:
        await customers.customer_of(tx, wanted.customer_id)
        phones = await customers.phones_of(tx, wanted.customer_id)
        if not 0 <= wanted.phone < len(phones):
            raise invalid("phone", f"the customer has {len(phones)}")
        return phones[wanted.phone]["number"], wanted.customer_id, ""
    raise invalid("number", "a number, a contact or a customer is needed")


async def _ring_agent(house: House, begun: Dialling) -> None:
    try:
        await house.telephony.ring(
            begun.leg,
            begun.agent.endpoint,
            caller_number=begun.shown,
            caller_name="",
            headers={"X-Call-Id": str(begun.contact_id), "X-Callwright": "outbound"},
            timeout_s=house.settings.ring.own,
        )
    except CallwrightError as error:
        log.info("call out %s: the agent's phone was not rung: %s", begun.contact_id, error)
        await leg_ended(house, LegEnded(begun.leg, house.clock.now(), "unreachable"))
        return
    async with house.db.reading() as tx:
        contact = await service.contact(tx, begun.contact_id)
    if contact is None or contact.state == ContactState.ENDED:
        await house.telephony.hang_up(begun.leg)


async def customer_answered(tx: Tx, contact_id: UUID) -> None:
    """Whom we called picked up; what must be said before the talk is the menu's business."""
    now = tx.clock.now()
    await store.update_contact(tx, contact_id, answered_at=now)
    tx.publish(CallAnswered(at=now, contact_id=contact_id))


async def agent_answered(house: House, contact_id: UUID) -> None:
    """The agent is there and hears the ringing: now call the customer. Once."""

    async def write(tx: Tx) -> tuple[str, WayOut] | None:
        talk = await service.talk(tx, contact_id)
        contact = talk.contact
        known = [row["id"] for row in await service.legs_of(tx, contact_id)]
        if contact.state != ContactState.DIALLING or contact.caller_leg in known:
            return None
        promise = await callbacks.of_contact(tx, contact_id)
        if promise and promise.state != CallbackState.DIALLING:
            return None  # withdrawn meanwhile; whoever did that ends the legs
        company = house.settings.company
        way = await way_out(tx, company, contact.from_number, prefer=contact.to_number)
        await add_leg(tx, contact.caller_leg, contact_id, None)
        if promise:
            await missed.note_try(tx, promise.caller)
        await arrange_if_alive(house.telephony, talk)
        return contact.caller_leg, way

    going = await house.db.run(write)
    if going:
        leg, way = going
        await originate(house, contact_id, leg, way.dial, way.line)


async def connect(house: House, contact_id: UUID) -> None:
    """The customer answered and has heard what must be said: the talk begins."""

    async def write(tx: Tx) -> None:
        before = await service.talk(tx, contact_id)
        contact, agent_leg = before.contact, before.agent_leg
        if contact.state != ContactState.DIALLING or not agent_leg or not contact.agent_id:
            return
        await service.step(tx, before, "connect")
        await service.begin_talk(tx, contact, contact.agent_id, agent_leg, str(new_id()))
        await arrange_if_alive(house.telephony, await service.talk(tx, contact_id), before)

    await house.db.run(write)
