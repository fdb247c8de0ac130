"""What an agent does with a call in progress. One transaction each, with the call locked: rows and
PBX change together, and a PBX that refuses leaves the rows as they were."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from callwright.accounts.model import User
from callwright.agents import service as agents
from callwright.calls import service
from callwright.calls.model import ContactState, Party, Talk
from callwright.calls.places import arrange
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.ports.house import House


@dataclass(slots=True)
class Hand:
    """A call in the hand of somebody who may change it."""

    house: House
    tx: Tx
    talk: Talk
    party: Party  # for whom: the agent whose call it is, or the consulted one

    async def rearrange(self) -> Talk:
        """The rows have changed: move the legs."""
        after = await service.talk(self.tx, self.talk.contact.id)
        await arrange(self.house.telephony, after, self.talk)
        return after


@asynccontextmanager
async def in_hand(house: House, contact_id: UUID, user: User) -> AsyncIterator[Hand]:
    """Lock a call for its own agent, the consulted one, or somebody who may act for any agent."""
    async with house.db.begin() as tx:
        talk = await service.talk(tx, contact_id)
        yield Hand(house, tx, talk, await _party(tx, talk, user))


async def _party(tx: Tx, talk: Talk, user: User) -> Party:
    if "agents.any_state" in user.permissions:
        return Party.OWNER
    agent = await agents.agent_of_login(tx, user.login)
    if talk.contact.agent_id == agent.id:
        return Party.OWNER
    if talk.consult and talk.consult.target_agent_id == agent.id:
        return Party.TARGET
    if agent.contact_id == talk.contact.id:  # it rings here, nobody has answered
        raise CallwrightError("wrong_state", what="contact", state=talk.contact.state.value)
    raise CallwrightError("not_allowed", why="somebody else's call")


def own(hand: Hand, trigger: str) -> None:
    """Only the agent whose call it is may do this, and only while there is a talk."""
    if hand.party != Party.OWNER:
        raise CallwrightError("not_allowed", why="somebody else's call")
    state = hand.talk.contact.state
    if state not in (ContactState.TALKING, ContactState.HELD):
        raise CallwrightError("wrong_state", what="contact", state=state.value, trigger=trigger)


async def hold(house: House, contact_id: UUID, user: User) -> None:
    """Music for the caller, silence for the agent. Held already: nothing happens."""
    await _hold_or_resume(house, contact_id, user, "hold", ContactState.HELD)


async def resume(house: House, contact_id: UUID, user: User) -> None:
    """Both in the talk again. Nobody is held: nothing happens."""
    await _hold_or_resume(house, contact_id, user, "resume", ContactState.TALKING)


async def _hold_or_resume(
    house: House, contact_id: UUID, user: User, trigger: str, wanted: ContactState
) -> None:
    async with in_hand(house, contact_id, user) as hand:
        own(hand, trigger)
        consult = hand.talk.consult
        if consult:
            state = consult.state.value
            raise CallwrightError("wrong_state", what="consult", state=state, trigger=trigger)
        if hand.talk.contact.state != wanted:
            await service.step(hand.tx, hand.talk, trigger)
            await hand.rearrange()


async def hang_up(house: House, contact_id: UUID, user: User) -> None:
    """End the agent's own leg; what follows is decided as if the phone had hung up by itself."""
    async with in_hand(house, contact_id, user) as hand:
        leg = hand.talk.leg_of(hand.party)
        state = hand.talk.contact.state
    if leg:
        await house.telephony.hang_up(leg)
    elif state not in (ContactState.ENDED, ContactState.LEAVING):
        raise CallwrightError("wrong_state", what="contact", state=state.value, trigger="hang_up")


async def state_of(house: House, contact_id: UUID) -> dict[str, Any]:
    """Where the call is now: {contact_id, state, consult: {id, state} or null}."""
    async with house.db.reading() as tx:
        contact = await service.contact(tx, contact_id)
        consult = await service.open_consult(tx, contact_id)
    return {
        "contact_id": contact_id,
        "state": contact.state.value if contact else None,
        "consult": {"id": consult.id, "state": consult.state.value} if consult else None,
    }
