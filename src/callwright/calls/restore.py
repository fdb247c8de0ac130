"""After each connect: everybody in a talk is put where the rows say, whatever was missed."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from uuid import UUID

from callwright.calls import outbound, service
from callwright.calls.model import ContactState, Place
from callwright.calls.places import put
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.ports.house import House
from callwright.ports.telephony import LegState

log = logging.getLogger(__name__)

IN_A_TALK = (ContactState.TALKING, ContactState.HELD, ContactState.OUTSIDE)


async def talks(house: House, here: Mapping[str, LegState]) -> None:
    """Only those who are elsewhere are moved: nobody who talks hears anything of it."""
    async with house.db.reading() as tx:
        contacts = await service.live_contacts(tx)
    for contact in contacts:
        try:
            if contact.state in IN_A_TALK:
                await _put_right(house, contact.id, here)
            elif contact.state == ContactState.DIALLING:
                await _dial_on(house, contact.id, here)
        except CallwrightError as error:
            log.warning("call %s not put right: %s", contact.id, error)


async def _put_right(house: House, contact_id: UUID, here: Mapping[str, LegState]) -> None:
    async with house.db.begin() as tx:
        talk = await service.talk(tx, contact_id)
        wrong = {
            leg: spot
            for leg, spot in talk.spots().items()
            if leg in here and not _is_there(here[leg], *spot)
        }
        await put(house.telephony, wrong, {leg: here[leg].bridge or "" for leg in wrong})


def _is_there(leg: LegState, place: Place, bridge: str) -> bool:
    """Music cannot be seen from outside, so it is begun again; in a bridge or not can."""
    if place in (Place.TALK, Place.ASIDE):
        return leg.bridge == bridge
    return place == Place.SILENCE and leg.bridge is None


async def _dial_on(house: House, contact_id: UUID, here: Mapping[str, LegState]) -> None:
    """The agent had picked up, and the customer was not called yet."""

    async def agent_is_there(tx: Tx) -> bool:
        talk = await service.talk(tx, contact_id)
        return bool(talk.agent_leg in here and here[str(talk.agent_leg)].state == "up")

    if await house.db.run(agent_is_there):
        await outbound.agent_answered(house, contact_id)
