"""One offer from ring to end: a coroutine per offer, every way out stored."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from uuid import UUID

from callwright.agents import service as agents
from callwright.agents.model import AgentState
from callwright.calls import service as calls
from callwright.calls.model import ContactState
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.ids import new_id
from callwright.ports.house import House
from callwright.ports.telephony import LegAnswered, LegEnded, PbxEvent
from callwright.routing import store
from callwright.routing.events import OfferClosed

log = logging.getLogger(__name__)

GRACE_S = 5  # the PBX ends an unanswered leg; this is for a PBX that does not
RESULT = {
    "no_answer": "no_answer", "busy": "busy", "rejected": "rejected",
    "unreachable": "unreachable", "cancelled": "caller_gone",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """A call offered to an agent. `leg` = the leg towards the agent's phone.

    `caller_number` = what that phone shows.
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


async def carry_out(house: House, offer: Offer) -> None:
    """Ring the agent, wait for the outcome, act on it."""
    with house.legs.subscribe(offer.leg) as events:
        try:
            await _ring(house, offer)
        except CallwrightError as error:
            log.info("offer %s: %s", offer.id, error)
            result = "unreachable" if error.code == "phone_unreachable" else "failed"
            await house.telephony.hang_up(offer.leg)
            await close(house, offer, result)
            return
        await _wait_and_act(house, offer, events)


async def take_up_again(house: House, offer: Offer) -> None:
    """After a restart of the platform: the leg may ring, be answered, or be gone."""
    with house.legs.subscribe(offer.leg) as events:
        legs = {leg.leg: leg for leg in (await house.telephony.snapshot()).legs}
        state = legs[offer.leg].state if offer.leg in legs else None
        if state is None:
            await close(house, offer, "failed")
        elif state == "up":
            await accept(house, offer)
        else:
            await _wait_and_act(house, offer, events)


async def _ring(house: House, offer: Offer) -> None:
    """Ring first, then see whether the caller left meanwhile: whoever leaves later ends the leg."""
    await house.telephony.ring(
        offer.leg,
        offer.endpoint,
        caller_number=offer.caller_number,
        caller_name="",
        headers={"X-Call-Id": str(offer.contact_id), "X-Callwright": "offer"},
        timeout_s=offer.ring_s,
        beside=offer.caller_leg,
    )
    async with house.db.reading() as tx:
        contact = await calls.contact(tx, offer.contact_id)
    if contact is None or contact.state == ContactState.ENDED:
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


async def accept(house: House, offer: Offer) -> None:
    """The agent picked up: connect first, write down after; the caller waits for neither."""
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
        if await store.close_offer(tx, offer.id, "accepted") is None:
            return None
        tx.publish(_closed(tx, offer, "accepted"))
        contact = await calls.contact(tx, offer.contact_id)
        if contact is None or contact.state != ContactState.RINGING:
            await agents.change(tx, offer.agent_id, "release")
            return offer.leg
        await calls.connect(tx, offer.contact_id, offer.agent_id, offer.leg, bridge)
        # an agent who hung up before this was written ended a talk that nobody knew of
        over = offer.leg not in await calls.open_legs_of(tx, offer.contact_id)
        return offer.caller_leg if over else None

    left = await house.db.run(write)
    if left:
        await house.telephony.hang_up(left)


async def close(house: House, offer: Offer, result: str) -> None:
    """The offer came to nothing: the caller keeps the place, the agent is set away or freed."""

    async def write(tx: Tx) -> None:
        if await store.close_offer(tx, offer.id, result) is None:
            return
        contact = await calls.contact(tx, offer.contact_id)
        gone = contact is None or contact.state != ContactState.RINGING
        if not gone:
            await calls.move(tx, offer.contact_id, "offer_failed")
        agent = await agents.agent_of_id(tx, offer.agent_id)
        if agent.state == AgentState.RINGING and agent.contact_id == offer.contact_id:
            freed = gone or result == "caller_gone"
            await agents.change(
                tx,
                offer.agent_id,
                "release" if freed else "miss",
                reason="" if freed else f"missed:{result}",
            )
        tx.publish(_closed(tx, offer, "caller_gone" if gone else result))

    await house.db.run(write)


def _closed(tx: Tx, offer: Offer, result: str) -> OfferClosed:
    return OfferClosed(
        at=tx.clock.now(), contact_id=offer.contact_id, offer_id=offer.id,
        agent_id=offer.agent_id, login=offer.login, result=result,
    )  # fmt: skip
