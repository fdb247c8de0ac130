"""A leg that we rang was answered: what that means for its call."""

from __future__ import annotations

from uuid import UUID

from callwright.calls import consults, outbound, service
from callwright.calls.legs import note_answered
from callwright.calls.model import ContactState
from callwright.kit.db import Tx
from callwright.ports.house import House
from callwright.ports.telephony import LegAnswered


async def leg_answered(house: House, event: LegAnswered) -> None:
    """Note it, and go on. Agents' answers to offers are routing's, which waits for them itself."""

    async def write(tx: Tx) -> UUID | None:
        row = await note_answered(tx, event.leg, event.at)
        contact = await service.contact(tx, row["contact_id"]) if row else None
        if row is None or contact is None:
            return None
        if contact.state == ContactState.DIALLING:
            if event.leg != contact.caller_leg:
                return contact.id
            await outbound.customer_answered(tx, contact.id)
        elif row["agent_id"] is None:
            await consults.answered(tx, house, contact.id, event.leg)
        return None

    dialling = await house.db.run(write)
    if dialling:
        await outbound.agent_answered(house, dialling)
