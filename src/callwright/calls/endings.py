"""A leg ended: the decision of `model.when_leg_ends`, carried out."""

from __future__ import annotations

import logging

from callwright.agents import service as agents
from callwright.calls import service
from callwright.calls.events import CallReturned, CallTransferred
from callwright.calls.legs import note_ended, open_legs_of
from callwright.calls.model import ConsultState, ContactState, Ending, Party, Talk, when_leg_ends
from callwright.calls.places import arrange_if_alive
from callwright.kit.db import Tx
from callwright.ports.house import House
from callwright.ports.telephony import EndCause, LegEnded

log = logging.getLogger(__name__)

AGENT_GONE: dict[EndCause, str] = {"normal": "cancelled", "cancelled": "cancelled"}


async def leg_ended(house: House, event: LegEnded) -> None:
    """Close the leg, and do what its end means for the call and for everybody in it."""

    async def close(tx: Tx) -> tuple[list[str], list[str]]:
        row = await note_ended(tx, event.leg, event.at, event.cause)
        if row is None or await service.contact(tx, row["contact_id"]) is None:
            return [], []
        talk = await service.talk(tx, row["contact_id"])
        ending = when_leg_ends(talk.party_of(event.leg), *talk.state)
        return await _follow(tx, house, talk, ending, event)

    legs, bridges = await house.db.run(close)
    for leg in legs:
        await house.telephony.hang_up(leg)
    for bridge in bridges:
        await house.telephony.drop_bridge(bridge)


async def _follow(
    tx: Tx, house: House, talk: Talk, ending: Ending, event: LegEnded
) -> tuple[list[str], list[str]]:
    """Legs to hang up and bridges that nobody needs any more."""
    contact_id = talk.contact.id
    match ending:
        case Ending.NOTHING:
            return [], []
        case Ending.END:
            await service.end_contact(tx, contact_id, event.at, _reason(talk, event))
            return await open_legs_of(tx, contact_id), await service.bridges_of(tx, contact_id)
        case Ending.LET_CUSTOMER_GO:
            return [talk.contact.caller_leg], []
        case Ending.BACK:
            await back_to_caller(tx, talk, result=event.cause)
        case Ending.HAND_OVER:
            await hand_over(tx, talk)
        case Ending.REQUEUE:
            await return_to_queue(tx, talk, event.cause)
    after = await service.talk(tx, contact_id)
    await arrange_if_alive(house.telephony, after, talk)
    return _left_over(talk, after, event.leg), []


def _left_over(before: Talk, after: Talk, gone: str) -> list[str]:
    """Legs that have no part in the call any more."""
    was = [before.leg_of(party) for party in (Party.OWNER, Party.TARGET)]
    return [leg for leg in was if leg and leg != gone and after.party_of(leg) == Party.OTHER]


def _reason(talk: Talk, event: LegEnded) -> str | None:
    """Why the call ended, where the state alone does not tell."""
    if event.cause == "failed":
        return "pbx_lost"
    if talk.contact.state == ContactState.DIALLING:
        ours = talk.party_of(event.leg) == Party.OWNER
        return AGENT_GONE.get(event.cause, f"agent_{event.cause}") if ours else event.cause
    return None


async def back_to_caller(tx: Tx, talk: Talk, *, result: str) -> None:
    """The consult is over: agent and caller talk again."""
    await close_consult(tx, talk, result)
    if talk.contact.state == ContactState.HELD:
        await service.step(tx, talk, "resume")


async def close_consult(tx: Tx, talk: Talk, result: str) -> None:
    """End it; a consulted agent is free, or wraps up a talk that the caller was part of."""
    consult = talk.consult
    if consult is None:
        return
    await service.step_consult(tx, consult, "close", result=result)
    if consult.target_agent_id is None:
        return
    if consult.state == ConsultState.CONFERENCE:
        await service.leave_talk(tx, talk.contact, consult.target_agent_id)
    else:
        await agents.release(tx, consult.target_agent_id, talk.contact.id)


async def hand_over(tx: Tx, talk: Talk) -> None:
    """The agent leaves; the third party goes on with the caller."""
    contact, consult = talk.contact, talk.consult
    if consult is None or contact.agent_id is None:
        return
    target = consult.target_agent_id
    await service.leave_talk(tx, contact, contact.agent_id)
    if target:
        await service.step_consult(tx, consult, "close", result="completed")
        await service.step(tx, talk, "hand_over", agent_id=target)
        if consult.state != ConsultState.CONFERENCE:
            await service.begin_talk(tx, contact, target, consult.leg, consult.bridge)
    else:
        await service.step_consult(tx, consult, "put_through")
        await service.step(tx, talk, "put_out")
    tx.publish(
        CallTransferred(
            at=tx.clock.now(), site=contact.site, contact_id=contact.id, to=consult.kind,
            agent_id=contact.agent_id, how="consulted", target_agent_id=target,
        )
    )  # fmt: skip


async def return_to_queue(tx: Tx, talk: Talk, reason: str) -> None:
    """Nobody is left to talk with: the caller waits again and loses no place by it."""
    contact = talk.contact
    await close_consult(tx, talk, reason)
    if contact.agent_id:
        await service.leave_talk(tx, contact, contact.agent_id)
    queue, aged_from = await service.old_place(tx, contact)
    await service.enqueue(tx, contact.id, queue, aged_from=aged_from)
    tx.publish(
        CallReturned(
            at=tx.clock.now(), site=contact.site, contact_id=contact.id, queue=queue, reason=reason
        )
    )
