"""A call begins, or is found in the menu after a restart: the menu speaks."""

from __future__ import annotations

import logging

from callwright.calls.events import CallAdopted, CallStarted
from callwright.calls.model import ContactState
from callwright.ivr import service
from callwright.kit.bus import on
from callwright.kit.errors import CallwrightError
from callwright.ports.house import House

log = logging.getLogger(__name__)


@on(CallStarted)
async def call_started(event: CallStarted, house: House) -> None:
    """Welcome the caller."""
    await _welcome(event, house)


@on(CallAdopted)
async def call_adopted(event: CallAdopted, house: House) -> None:
    """The platform died while the caller was in the menu: begin the menu again."""
    if event.state == ContactState.IVR:
        await _welcome(event, house)


async def _welcome(event: CallStarted | CallAdopted, house: House) -> None:
    try:
        await service.welcome(house, event.contact_id, event.leg)
    except CallwrightError as error:
        if error.code != "leg_gone":
            log.exception("menu failed: the call is ended rather than left silent")
            await house.telephony.hang_up(event.leg, "failed")
