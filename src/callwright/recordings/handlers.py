"""A call ended: save its recording. Once a night: do files and rows agree?"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from callwright.calls.events import CallEnded, ConsultChanged
from callwright.kit.bus import later, on
from callwright.kit.timers import on_timer, set_timer
from callwright.ports.house import House
from callwright.recordings import service

log = logging.getLogger(__name__)

AUDIT_TIMER = "recordings.audit"


@later(CallEnded)
async def save_recording(event: CallEnded, house: House) -> None:
    """Stitch and encrypt what was recorded."""
    await service.save(house, event.contact_id)


@on(ConsultChanged)
async def put_through(event: ConsultChanged, house: House) -> None:
    """The caller talks with somebody outside who was told of no recording: it ends here."""
    if event.state == "through":
        await service.stop(house, event.contact_id)


async def schedule_audit(house: House) -> None:
    """Set the nightly audit, if it is not set yet."""
    due = house.clock.now().replace(hour=19, minute=0, second=0) + timedelta(days=1)
    async with house.db.begin() as tx:
        await set_timer(tx, AUDIT_TIMER, AUDIT_TIMER, due, {})


@on_timer(AUDIT_TIMER)
async def audit(_: dict[str, Any], house: House) -> None:
    """Say which recordings lost their file and which files nobody knows."""
    async with house.db.begin() as tx:
        missing, unknown = await service.audit_files(tx, house.settings.home)
    for file in missing:
        log.error("recording is missing: %s", file)
    for file in unknown:
        log.warning("file belongs to no recording: %s", file)
    await schedule_audit(house)
