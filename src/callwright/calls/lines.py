"""Which line a call goes out by, which number is dialled, and the dialling itself."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from uuid import UUID

from callwright.calls import service
from callwright.calls.endings import leg_ended
from callwright.calls.model import ContactState
from callwright.customers.phone import PhoneIdentity, identify
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError, invalid
from callwright.kit.settings import CompanySettings
from callwright.ports.house import House
from callwright.ports.telephony import LegEnded
from callwright.queues import service as queues
from callwright.queues.model import Line

log = logging.getLogger(__name__)

DIALLED = ("mobile", "landline", "service", "foreign")


@dataclass(frozen=True, slots=True)
class WayOut:
    """A number outside and the line to it. `dial` = as the trunk is to be asked for it."""

    identity: PhoneIdentity
    dial: str
    line: Line


async def way_out(
    tx: Tx, company: CompanySettings, raw: str, *, site: str = "", prefer: str = ""
) -> WayOut:
    """How to reach a number. `prefer` = the number of ours that the customer knows.

    Raises "invalid" (field `number`) for what cannot be dialled, `no_trunk` without a line.
    """
    lines = await queues.lines_out(tx)
    if not lines:
        raise CallwrightError("no_trunk")
    line = min(lines, key=lambda one: (one.number != prefer, one.site != site, one.number))
    identity = identify(raw, area_code=line.area_code, region=company.region)
    if identity.kind not in DIALLED:
        raise invalid("number", f"cannot be dialled: {identity.kind}")
    return WayOut(identity, dial_string(identity), line)


def dial_string(identity: PhoneIdentity) -> str:
    """Digits as dialled at home, extensions left to the person; abroad with 00."""
    if identity.kind == "foreign" and identity.e164:
        return f"00{identity.e164.removeprefix('+')}"
    return "".join(ch for ch in identity.national if ch.isdigit())


async def originate(house: House, contact_id: UUID, leg: str, dial: str, line: Line) -> None:
    """Ring a phone outside; whoever left meanwhile ends the leg again."""
    try:
        await house.telephony.originate(
            leg, dial, line.trunk, caller_number=line.number,
            timeout_s=house.settings.ring.outside,
        )  # fmt: skip
    except CallwrightError as error:
        log.warning("call %s: a phone outside was not rung: %s", contact_id, error.code)
        await leg_ended(house, LegEnded(leg, house.clock.now(), "unreachable"))
        return
    async with house.db.reading() as tx:
        contact = await service.contact(tx, contact_id)
        consult = await service.open_consult(tx, contact_id)
    legs = {contact.caller_leg} if contact and contact.state != ContactState.ENDED else set()
    legs |= {consult.leg} if consult else set()
    if leg not in legs:
        await house.telephony.hang_up(leg)
