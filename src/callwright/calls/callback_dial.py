"""A callback's turn has come: the call out is written down once, whoever asks meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from callwright.agents.model import Agent
from callwright.calls import callbacks, missed, outbound
from callwright.calls.callback_model import Callback
from callwright.calls.legs import add_leg
from callwright.calls.lines import WayOut, originate, way_out
from callwright.calls.store import contact as contact_of
from callwright.customers import service as customers
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.ports.house import House


@dataclass(frozen=True, slots=True)
class Out:
    """A call out of a callback: its contact, the customer's leg (not made yet), the way to it."""

    callback: Callback
    contact_id: UUID
    leg: str
    way: WayOut


async def write(tx: Tx, house: House, callback_id: UUID, agent: Agent | None) -> Out | None:
    """Claim the callback and write the call. None when it is not to be dialled now.

    With an `agent` their phone rings first and the customer is dialled when they answer; without,
    the customer is dialled at once. Raises `no_trunk` without a line, and nothing is claimed.
    """
    company = house.settings.company
    found = await callbacks.claim(tx, callback_id, company.zone)
    if found is None:
        return None
    way = await way_out(tx, company, found.number, site=found.site, prefer=found.line)
    match = await customers.who_calls(
        tx, found.number, area_code=way.line.area_code, region=company.region
    )
    contact_id = await outbound.write(
        tx, agent.id if agent else None, found.number, way.line, match,
        customer_id=found.customer_id, language=found.language, queue=found.queue,
    )  # fmt: skip
    await callbacks.begin_attempt(tx, found, contact_id, agent.id if agent else None)
    contact = await contact_of(tx, contact_id)
    if contact is None:
        raise CallwrightError("not_found", what="contact", id=str(contact_id))
    if agent is None:
        await missed.note_try(tx, found.caller)
        await add_leg(tx, contact.caller_leg, contact_id, None)
    return Out(found, contact_id, contact.caller_leg, way)


async def dial_customer(house: House, callback_id: UUID) -> None:
    """The customer's phone first: claimed, written down, and rung, once."""
    try:
        async with house.db.begin() as tx:
            out = await write(tx, house, callback_id, None)
    except CallwrightError as error:
        if error.code not in ("no_trunk", "invalid"):
            raise
        await house.db.run(lambda tx: callbacks.postpone(tx, callback_id))
        return
    if out is not None:
        await originate(house, out.contact_id, out.leg, out.way.dial, out.way.line)
