"""The caller alone with the machine: an answer that was enough, digits that nobody hears."""

from __future__ import annotations

from uuid import UUID

from callwright.accounts.model import User
from callwright.calls import service, store
from callwright.calls.model import ContactState
from callwright.calls.places import arrange_if_alive
from callwright.calls.talks import in_hand, own
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.ports.house import House

SELF_SERVED = "self_served"


async def note_served(tx: Tx, contact_id: UUID) -> None:
    """The menu has answered: who hangs up now was not missed. A queue afterwards undoes it."""
    contact = await store.contact_for_update(tx, contact_id)
    if contact.state == ContactState.IVR:
        await store.update_contact(tx, contact_id, end_reason=SELF_SERVED)


async def begin_secure(house: House, contact_id: UUID, user: User) -> str:
    """Take the caller out of the talk; returns the caller's leg. `wrong_state` when there is no
    talk of two, `not_allowed` for somebody else's."""
    async with in_hand(house, contact_id, user) as hand:
        own(hand, "secure")
        if hand.talk.consult:
            state = hand.talk.consult.state.value
            raise CallwrightError("wrong_state", what="consult", state=state, trigger="secure")
        await service.step(hand.tx, hand.talk, "secure")
        await hand.rearrange()
        return hand.talk.contact.caller_leg


async def end_secure(house: House, contact_id: UUID) -> None:
    """Agent and caller are together again; nothing happens where the call is over."""

    async def write(tx: Tx) -> None:
        talk = await service.talk(tx, contact_id)
        if talk.contact.state != ContactState.SECURE:
            return
        await service.step(tx, talk, "secured")
        await arrange_if_alive(house.telephony, await service.talk(tx, contact_id), talk)

    await house.db.run(write)
