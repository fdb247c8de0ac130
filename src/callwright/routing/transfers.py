"""An agent passes a call on, or asks somebody: to an agent, a queue, a number outside."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from callwright.accounts.model import User
from callwright.agents import service as agents
from callwright.agents.model import Agent, after, shown_to
from callwright.calls import consults, lines
from callwright.calls import service as calls
from callwright.calls.events import CallTransferred
from callwright.calls.model import Consult, Contact, ContactState, Party
from callwright.calls.talks import Hand, in_hand, own
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError, invalid
from callwright.kit.ids import new_id
from callwright.ports.house import House
from callwright.queues import service as queues
from callwright.routing import offers
from callwright.routing.offers import Offer


@dataclass(frozen=True, slots=True)
class Destination:
    """`kind` = agent, queue or number; `value` = the login, the key, or the number."""

    kind: str
    value: str


async def transfer(
    house: House, contact_id: UUID, user: User, to: Destination, *, note: str, keep_age: bool
) -> None:
    """Pass the call on without waiting. The agent wraps up at once, the caller hears music."""
    async with in_hand(house, contact_id, user) as hand:
        own(hand, "transfer")
        consults.nobody_else(hand.talk, "transfer")
        ring = {"agent": _to_agent, "queue": _to_queue, "number": _to_number}.get(to.kind)
        if ring is None:
            raise invalid("to.kind", "agent, queue or number")
        after_commit = await ring(hand, to.value, note, keep_age)
        await hand.rearrange()
    own_leg = hand.talk.leg_of(Party.OWNER)
    if after_commit is not None:
        house.bus.spawn(after_commit, f"transfer of {contact_id}")
    if own_leg:
        await house.telephony.hang_up(own_leg)


async def _to_agent(hand: Hand, login: str, note: str, _: bool) -> Awaitable[None]:
    """Offered to this agent at once; unanswered, the caller waits at the old place."""
    tx, contact = hand.tx, hand.talk.contact
    queue, aged_from = await calls.old_place(tx, contact)
    ring_s = (await queues.queue_of(tx, queue)).ring_s
    agent = await _reserve(tx, login, contact, ring_s)
    visit_id = await _pass_on(hand, "agent", queue, aged_from, agent.id)
    await calls.move(tx, contact.id, "offer")
    offer = _offer(contact, agent, str(new_id()), ring_s, "transfer")
    await _write(
        tx, offer, contact.site, visit_id=visit_id, queue=queue, note=note,
        from_agent_id=contact.agent_id,
    )  # fmt: skip
    return offers.carry_out(hand.house, offer)


async def _to_queue(hand: Hand, key: str, _: str, keep_age: bool) -> None:
    """The caller waits in another queue; the wait so far may count there."""
    await queues.queue_of(hand.tx, key)
    _old, aged_from = await calls.old_place(hand.tx, hand.talk.contact)
    await _pass_on(hand, "queue", key, aged_from if keep_age else None)


async def _to_number(hand: Hand, number: str, note: str, _: bool) -> Awaitable[None]:
    """Ring somebody outside while the caller hears music; in vain, the caller waits again."""
    contact = hand.talk.contact
    way = await _way_out(hand, number)
    consult = await consults.begin(hand, kind="number", value=number, note=note, blind=True)
    await calls.step(hand.tx, hand.talk, "put_out")
    await _leave(hand, "number")
    return lines.originate(hand.house, contact.id, consult.leg, way.dial, way.line)


async def consult(
    house: House, contact_id: UUID, user: User, to: Destination, *, note: str
) -> Consult:
    """Ask somebody while the caller hears music."""
    async with in_hand(house, contact_id, user) as hand:
        own(hand, "consult")
        if to.kind == "agent":
            begun, after_commit = await _ask_agent(hand, to.value, note)
        elif to.kind == "number":
            begun, after_commit = await _ask_number(hand, to.value, note)
        else:
            raise invalid("to.kind", "agent or number")
        if hand.talk.contact.state == ContactState.TALKING:
            await calls.step(hand.tx, hand.talk, "hold")
        await hand.rearrange()
    house.bus.spawn(after_commit, f"consult of {contact_id}")
    return begun


async def _ask_agent(hand: Hand, login: str, note: str) -> tuple[Consult, Awaitable[None]]:
    tx, contact = hand.tx, hand.talk.contact
    ring_s = hand.house.settings.ring.consult
    consults.nobody_else(hand.talk, "consult")
    agent = await _reserve(tx, login, contact, ring_s)
    begun = await consults.begin(
        hand, kind="agent", value=login, note=note, target_agent_id=agent.id
    )
    offer = _offer(contact, agent, begun.leg, ring_s, "consult")
    await _write(tx, offer, contact.site, note=note, from_agent_id=contact.agent_id)
    return begun, offers.carry_out(hand.house, offer)


async def _ask_number(hand: Hand, number: str, note: str) -> tuple[Consult, Awaitable[None]]:
    way = await _way_out(hand, number)
    begun = await consults.begin(hand, kind="number", value=number, note=note)
    contact_id = hand.talk.contact.id
    return begun, lines.originate(hand.house, contact_id, begun.leg, way.dial, way.line)


async def _reserve(tx: Tx, login: str, contact: Contact, ring_s: int) -> Agent:
    """Keep the target for this call; `wrong_state` with its state unless it is free."""
    agent = await agents.agent_of_login(tx, login)
    if agent.id == contact.agent_id:
        raise invalid("to.value", "is the agent whose call it is")
    if not agent.reachable:
        raise CallwrightError("phone_unreachable", endpoint=agent.endpoint)
    after(agent.state, "reserve")  # nobody waits for the lock of an agent who is busy
    until = tx.clock.now() + timedelta(seconds=ring_s)
    await agents.change(tx, agent.id, "reserve", contact_id=contact.id, until=until)
    return agent


async def _pass_on(
    hand: Hand, to: str, queue: str, aged_from: datetime | None, target: UUID | None = None
) -> UUID:
    """Into a queue, the agent into wrap-up; returns the visit."""
    visit = await calls.enqueue(hand.tx, hand.talk.contact.id, queue, aged_from=aged_from)
    await _leave(hand, to, queue, target)
    return visit.id


async def _leave(hand: Hand, to: str, queue: str = "", target: UUID | None = None) -> None:
    tx, contact = hand.tx, hand.talk.contact
    if contact.agent_id is None:
        return
    await calls.leave_talk(tx, contact, contact.agent_id)
    tx.publish(
        CallTransferred(
            at=tx.clock.now(), site=contact.site, contact_id=contact.id, to=to, how="blind",
            agent_id=contact.agent_id, target_agent_id=target, queue=queue,
        )
    )  # fmt: skip


async def _way_out(hand: Hand, number: str) -> lines.WayOut:
    contact = hand.talk.contact
    company = hand.house.settings.company
    return await lines.way_out(
        hand.tx, company, number, site=contact.site, prefer=contact.to_number
    )


async def _write(tx: Tx, offer: Offer, site: str, **more: Any) -> None:
    """The database's own word that the last offer of this call or agent is not over yet."""
    try:
        await offers.write(tx, offer, site, **more)
    except IntegrityError as error:
        raise CallwrightError("wrong_state", what="offer", state="open") from error


def _offer(contact: Contact, agent: Agent, leg: str, ring_s: int, kind: str) -> Offer:
    return Offer(
        id=new_id(), contact_id=contact.id, agent_id=agent.id, login=agent.login,
        endpoint=agent.endpoint, leg=leg, caller_leg=contact.caller_leg,
        caller_number=shown_to(agent.phone, contact.e164 or contact.from_number), ring_s=ring_s,
        kind=kind,
    )  # fmt: skip
