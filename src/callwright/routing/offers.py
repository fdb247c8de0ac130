"""One offer from ring to end: a coroutine per offer, every way out stored."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from callwright.agents import service as agents
from callwright.agents.model import AgentState, shown_to
from callwright.calls import consults
from callwright.calls import service as calls
from callwright.calls.endings import leg_ended
from callwright.calls.legs import add_leg, open_legs_of
from callwright.calls.model import Contact, ContactState
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.ids import new_id
from callwright.ports.house import House
from callwright.ports.telephony import LegAnswered, LegEnded, PbxEvent
from callwright.routing import store
from callwright.routing.events import OfferClosed, OfferMade

log = logging.getLogger(__name__)

GRACE_S = 5  # the PBX ends an unanswered leg; this is for a PBX that does not
RESULT = {
    "no_answer": "no_answer", "busy": "busy", "rejected": "rejected",
    "unreachable": "unreachable", "cancelled": "caller_gone",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """A call offered to an agent. `leg` = the leg towards the agent's phone.

    `caller_number` = what that phone shows. `kind` = queue, transfer, consult, or callback: the
    customer is dialled when the agent has answered.
    """

    id: UUID
    contact_id: UUID
    agent_id: UUID
    login: str
    endpoint: str
    leg: str
    caller_leg: str
    caller_number: str
    ring_s: int
    kind: str = "queue"


async def write(
    tx: Tx,
    offer: Offer,
    site: str,
    *,
    visit_id: UUID | None = None,
    queue: str = "",
    score: float = 0.0,
    reasons: Sequence[str] = (),
    from_agent_id: UUID | None = None,
    note: str = "",
) -> None:
    """Write an offer down and tell; the leg of a consult is there already."""
    if offer.kind != "consult":
        await add_leg(tx, offer.leg, offer.contact_id, offer.agent_id)
    now = tx.clock.now()
    await store.insert_offer(
        tx,
        {
            "id": offer.id, "contact_id": offer.contact_id, "visit_id": visit_id,
            "agent_id": offer.agent_id, "leg": offer.leg, "ring_s": offer.ring_s,
            "score": score, "reasons": list(reasons), "made_at": now, "kind": offer.kind,
            "from_agent_id": from_agent_id, "note": note,
        },
    )  # fmt: skip
    say_made(tx, offer, site, visit_id=visit_id, queue=queue, score=score)


def say_made(
    tx: Tx, offer: Offer, site: str, *, visit_id: UUID | None, queue: str, score: float
) -> None:
    """An offer was written: tell, so that the desk shows who calls."""
    tx.publish(
        OfferMade(
            at=tx.clock.now(), site=site, contact_id=offer.contact_id, visit_id=visit_id,
            offer_id=offer.id, agent_id=offer.agent_id, login=offer.login, queue=queue,
            ring_s=offer.ring_s, score=score, kind=offer.kind,
        )
    )  # fmt: skip


async def resume(house: House, contact_id: UUID) -> None:
    """After a restart: go on with the offer that was ringing, whatever became of its leg."""
    async with house.db.begin() as tx:
        row = await store.open_offer(tx, contact_id)
        contact = await calls.contact(tx, contact_id)
        if row is None or contact is None:
            return
        offer = await _offer_of(tx, row, contact)
    await take_up_again(house, offer)


async def _offer_of(tx: Tx, row: dict[str, Any], contact: Contact) -> Offer:
    agent = await agents.agent_of_id(tx, row["agent_id"])
    names = {field.name for field in dataclasses.fields(Offer)} & row.keys()
    return Offer(
        **{name: row[name] for name in names},
        login=agent.login,
        endpoint=agent.endpoint,
        caller_leg=contact.caller_leg,
        caller_number=shown_to(agent.phone, contact.e164 or contact.from_number),
    )


async def close_left_over(house: House) -> None:
    """Offers of callbacks whose call out has ended while nobody was there to see it: after the
    platform's death the agent would be kept for ever."""
    async with house.db.reading() as tx:
        left = [
            await _offer_of(tx, row, contact)
            for row in await store.open_offers(tx, "callback")
            if (contact := await calls.contact(tx, row["contact_id"])) is not None
            and contact.state == ContactState.ENDED
            and not house.legs.heard(row["leg"])
        ]
    for offer in left:
        await close(house, offer, "caller_gone")


async def carry_out(
    house: House, offer: Offer, written: asyncio.Future[bool] | None = None
) -> None:
    """Ring the agent, wait for the outcome, act on it.

    `written` = the offer is being written down: the leg is made meanwhile, and no phone rings for
    an offer that does not stand.
    """
    with house.legs.subscribe(offer.leg) as events:
        try:
            await _ring(house, offer, written)
        except CallwrightError as error:
            if written is not None and not await written:
                return
            log.info("offer %s: %s", offer.id, error)
            result = "unreachable" if error.code == "phone_unreachable" else "failed"
            await house.telephony.hang_up(offer.leg)
            await close(house, offer, result)
            await leg_ended(house, LegEnded(offer.leg, house.clock.now(), "unreachable"))
            return
        await _wait_and_act(house, offer, events)


async def take_up_again(house: House, offer: Offer) -> None:
    """After a restart of the platform: the leg may ring, be answered, or be gone. No-op for an
    offer that is in hand already."""
    if house.legs.heard(offer.leg):
        return
    with house.legs.subscribe(offer.leg) as events:
        legs = {leg.leg: leg for leg in (await house.telephony.snapshot()).legs}
        state = legs[offer.leg].state if offer.leg in legs else None
        async with house.db.reading() as tx:
            wanted = await _wanted(tx, offer)
        if state is None or not wanted:
            await house.telephony.hang_up(offer.leg)
            await close(house, offer, "failed" if wanted else "caller_gone")
        elif state == "up":
            await accept(house, offer)
        else:
            await _wait_and_act(house, offer, events)


async def _ring(house: House, offer: Offer, written: asyncio.Future[bool] | None) -> None:
    """Ring first, then see whether the caller left meanwhile: whoever leaves later ends the leg."""
    await house.telephony.ring(
        offer.leg,
        offer.endpoint,
        caller_number=offer.caller_number,
        caller_name="",
        headers={
            "X-Call-Id": str(offer.contact_id),
            "X-Callwright": "consult" if offer.kind == "consult" else "offer",
        },
        timeout_s=offer.ring_s,
        beside=offer.caller_leg,
        only_if=written,
    )
    async with house.db.reading() as tx:
        wanted = await _wanted(tx, offer)
    if not wanted:
        raise CallwrightError("leg_gone", leg=offer.caller_leg)


async def _wait_and_act(house: House, offer: Offer, events: asyncio.Queue[PbxEvent]) -> None:
    outcome = await _outcome(house, events, offer.ring_s + GRACE_S)
    if isinstance(outcome, LegAnswered):
        await accept(house, offer)
        return
    if outcome is None:
        await house.telephony.hang_up(offer.leg, "no_answer")
    await close(house, offer, RESULT.get(outcome.cause, "failed") if outcome else "no_answer")


async def _outcome(
    house: House, events: asyncio.Queue[PbxEvent], patience_s: float
) -> LegAnswered | LegEnded | None:
    """The answer or the end of the leg; None when neither came in time."""
    limit = asyncio.ensure_future(house.clock.sleep(patience_s))
    try:
        while True:
            following = asyncio.ensure_future(events.get())
            await asyncio.wait({limit, following}, return_when=asyncio.FIRST_COMPLETED)
            if not following.done():
                following.cancel()
                return None
            event = following.result()
            if isinstance(event, LegAnswered | LegEnded):
                return event
    finally:
        limit.cancel()


async def _wanted(tx: Tx, offer: Offer) -> bool:
    """Whether anybody still waits for this agent."""
    if offer.kind == "consult":
        consult = await calls.open_consult(tx, offer.contact_id)
        return consult is not None and consult.leg == offer.leg
    contact = await calls.contact(tx, offer.contact_id)
    return contact is not None and contact.state != ContactState.ENDED


async def accept(house: House, offer: Offer) -> None:
    """The agent picked up: connect first, write down after; the caller waits for neither."""
    if offer.kind in ("consult", "callback"):
        await _accept_alone(house, offer)
        return
    bridge = str(new_id())
    try:
        await house.telephony.connect(bridge, [offer.caller_leg, offer.leg])
    except CallwrightError as error:
        log.info("offer %s: answered, not connected: %s", offer.id, error)
        await house.telephony.hang_up(offer.leg)
        hung_up = error.params.get("leg") == offer.leg  # right after picking up
        await close(house, offer, "rejected" if hung_up else "caller_gone")
        return

    async def write(tx: Tx) -> str | None:
        """Write the talk down; the leg to hang up when there is none any more."""
        contact = await calls.locked(tx, offer.contact_id)
        if await store.close_offer(tx, offer.id, "accepted") is None:
            return None
        tx.publish(_closed(tx, offer, "accepted"))
        if contact.state != ContactState.RINGING:
            await agents.change(tx, offer.agent_id, "release")
            return offer.leg
        await calls.connect(tx, offer.contact_id, offer.agent_id, offer.leg, bridge)
        # an agent who hung up before this was written ended a talk that nobody knew of
        over = offer.leg not in await open_legs_of(tx, offer.contact_id)
        return offer.caller_leg if over else None

    left = await house.db.run(write)
    if left:
        await house.telephony.hang_up(left)


async def _accept_alone(house: House, offer: Offer) -> None:
    """Nobody is to be connected yet: a colleague talks with the agent who asked, and an agent of
    a callback hears the customer's phone ring."""

    async def write(tx: Tx) -> bool:
        contact = await calls.locked(tx, offer.contact_id)
        if await store.close_offer(tx, offer.id, "accepted") is None:
            return True
        tx.publish(_closed(tx, offer, "accepted"))
        if offer.kind == "callback":
            wanted = contact.state == ContactState.DIALLING
        else:
            wanted = await consults.answered(tx, house, offer.contact_id, offer.leg)
        if wanted:
            await agents.change(tx, offer.agent_id, "answer", contact_id=offer.contact_id)
        else:
            await agents.change(tx, offer.agent_id, "release")
        return wanted

    if not await house.db.run(write):
        await house.telephony.hang_up(offer.leg)


async def close(house: House, offer: Offer, result: str) -> None:
    """The offer came to nothing: the caller keeps the place, the agent is set away or freed."""

    async def write(tx: Tx) -> None:
        contact = await calls.locked(tx, offer.contact_id)
        if await store.close_offer(tx, offer.id, result) is None:
            return
        if offer.kind == "callback":  # the call out ends with this leg, and is made again
            gone = False
        elif offer.kind == "consult":
            gone = contact.state == ContactState.ENDED
        else:
            gone = contact.state != ContactState.RINGING
            if not gone:
                await calls.move(tx, offer.contact_id, "offer_failed")
        told = _told(offer, result, gone)
        await _free(tx, offer, told)
        tx.publish(_closed(tx, offer, told))

    await house.db.run(write)


def _told(offer: Offer, result: str, gone: bool) -> str:
    """The result as the agent learns it: a colleague may have given up, not the caller."""
    if gone:
        return "caller_gone"
    return "withdrawn" if offer.kind == "consult" and result == "caller_gone" else result


async def _free(tx: Tx, offer: Offer, result: str) -> None:
    """Ready again when it was not the agent's doing, else set away."""
    agent = await agents.agent_of_id(tx, offer.agent_id)
    if agent.state != AgentState.RINGING or agent.contact_id != offer.contact_id:
        return
    if result in ("caller_gone", "withdrawn"):
        await agents.change(tx, offer.agent_id, "release")
    else:
        await agents.change(tx, offer.agent_id, "miss", reason=f"missed:{result}")


def _closed(tx: Tx, offer: Offer, result: str) -> OfferClosed:
    return OfferClosed(
        at=tx.clock.now(), contact_id=offer.contact_id, offer_id=offer.id,
        agent_id=offer.agent_id, login=offer.login, result=result,
    )  # fmt: skip
