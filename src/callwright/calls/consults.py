"""A third party in a call: begin, answer, swap, conference, complete, cancel, leave."""

from __future__ import annotations

from uuid import UUID

from callwright.accounts.model import User
from callwright.calls import endings, service
from callwright.calls.model import (
    Consult,
    ConsultState,
    ContactState,
    Ending,
    Party,
    Talk,
    consult_after,
    when_leg_ends,
)
from callwright.calls.places import arrange_if_alive
from callwright.calls.talks import Hand, in_hand, own
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.ids import new_id
from callwright.ports.house import House


async def begin(
    hand: Hand,
    *,
    kind: str,
    value: str,
    note: str,
    target_agent_id: UUID | None = None,
    blind: bool = False,
) -> Consult:
    """Write down a third party who is about to be rung. `blind` = the agent does not wait for it.

    `wrong_state` while there is another third party.
    """
    own(hand, "consult")
    tx, talk = hand.tx, hand.talk
    nobody_else(talk, "consult")
    state = ConsultState.BLIND if blind else ConsultState.RINGING
    agent_id = talk.contact.agent_id
    if agent_id is None:
        raise CallwrightError("wrong_state", what="contact", state="no_agent", trigger="consult")
    consult = Consult(
        new_id(), talk.contact.id, agent_id, str(new_id()), str(new_id()), state, kind, value,
        target_agent_id, note, tx.clock.now(), None, None, None,
    )  # fmt: skip
    await service.begin_consult(tx, consult)
    return consult


def nobody_else(talk: Talk, trigger: str) -> None:
    """Only one third party at a time."""
    if talk.consult:
        state = talk.consult.state.value
        raise CallwrightError("wrong_state", what="consult", state=state, trigger=trigger)


async def answered(tx: Tx, house: House, contact_id: UUID, leg: str) -> bool:
    """The third party picked up; False when nobody waits for it any more."""
    talk = await service.talk(tx, contact_id)
    consult = talk.consult
    if consult is None or consult.leg != leg:
        return False
    if consult_after_answer(consult.state):
        await service.step_consult(tx, consult, "answer")
        await arrange_if_alive(house.telephony, await service.talk(tx, contact_id), talk)
    return True


def consult_after_answer(state: ConsultState) -> bool:
    """Whether an answer is news; after a restart it may have been noted before."""
    return state in (ConsultState.RINGING, ConsultState.BLIND)


async def swap(house: House, contact_id: UUID, user: User, to: str | None = None) -> None:
    """Talk with the other one while one hears music. `to` = customer or target: no toggling."""
    async with in_hand(house, contact_id, user) as hand:
        own(hand, "swap")
        consult, state = hand.talk.consult, hand.talk.contact.state
        consult_after(consult.state if consult else None, "swap")
        now = "customer" if state == ContactState.TALKING else "target"
        if to == now:
            return
        await service.step_consult(hand.tx, consult, "swap")
        await service.step(hand.tx, hand.talk, "hold" if now == "customer" else "resume")
        await hand.rearrange()


async def conference(house: House, contact_id: UUID, user: User) -> None:
    """All three hear each other. In conference already: nothing happens."""
    async with in_hand(house, contact_id, user) as hand:
        own(hand, "conference")
        talk, consult = hand.talk, hand.talk.consult
        if consult and consult.state == ConsultState.CONFERENCE:
            return
        bridge = talk.owner.bridge if talk.owner else ""
        await service.step_consult(hand.tx, consult, "confer")
        if talk.contact.state == ContactState.HELD:
            await service.step(hand.tx, talk, "resume")
        if consult and consult.target_agent_id:
            await service.begin_talk(
                hand.tx, talk.contact, consult.target_agent_id, consult.leg, bridge
            )
        await hand.rearrange()


async def complete(house: House, contact_id: UUID, user: User) -> None:
    """Caller and third party go on; the agent wraps up."""
    async with in_hand(house, contact_id, user) as hand:
        own(hand, "complete")
        consult_after(hand.talk.consult.state if hand.talk.consult else None, "put_through")
        await endings.hand_over(hand.tx, hand.talk)
        await hand.rearrange()
    await _hang_up(house, hand.talk.leg_of(Party.OWNER))


async def cancel(house: House, contact_id: UUID, user: User) -> None:
    """Back to the caller; the third party is let go."""
    async with in_hand(house, contact_id, user) as hand:
        own(hand, "cancel")
        consult_after(hand.talk.consult.state if hand.talk.consult else None, "close")
        await endings.back_to_caller(hand.tx, hand.talk, result="cancelled")
        await hand.rearrange()
    await _hang_up(house, hand.talk.leg_of(Party.TARGET))


async def leave(house: House, contact_id: UUID, user: User) -> None:
    """The conference goes on without whoever asks: the call's agent, or the consulted one."""
    async with in_hand(house, contact_id, user) as hand:
        consult = hand.talk.consult
        if consult is None or consult.state != ConsultState.CONFERENCE:
            state = consult.state.value if consult else "none"
            raise CallwrightError("wrong_state", what="consult", state=state, trigger="leave")
        ending = when_leg_ends(hand.party, *hand.talk.state)
        if ending == Ending.HAND_OVER:
            await endings.hand_over(hand.tx, hand.talk)
        else:
            await endings.back_to_caller(hand.tx, hand.talk, result="left")
        await hand.rearrange()
    await _hang_up(house, hand.talk.leg_of(hand.party))


async def _hang_up(house: House, leg: str | None) -> None:
    if leg:
        await house.telephony.hang_up(leg)
