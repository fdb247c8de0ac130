"""Stretches that are not recorded: digits that nobody may hear, callers who refuse."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.ids import new_id
from callwright.ports.house import House
from callwright.recordings import store
from callwright.recordings.events import RecordingPaused, RecordingRefused, RecordingResumed

log = logging.getLogger(__name__)

SECURE, REFUSED = "secure", "refused"
UNRECORDED = frozenset({"wrong_state", "leg_gone"})  # nothing there that could be muted

gaps_of = store.gaps_of


async def refused(tx: Tx, contact_id: UUID) -> bool:
    """Whether the caller does not want to be recorded."""
    return any(gap["reason"] == REFUSED for gap in await store.gaps_of(tx, contact_id))


async def pause(house: House, contact_id: UUID) -> None:
    """Silence in the recording from now on. A PBX that cannot is an error: then nothing secret
    may follow. Where nothing is recorded there is nothing to do."""
    async with house.db.reading() as tx:
        row = await store.recording_of(tx, contact_id)
        if row is None or row["state"] != "recording" or await refused(tx, contact_id):
            return
    try:
        await house.telephony.record_mute(row["leg"], True)
    except CallwrightError as error:
        if error.code not in UNRECORDED:
            raise
        return

    async def write(tx: Tx) -> None:
        now = tx.clock.now()
        await store.insert_gap(tx, new_id(), contact_id, SECURE, now)
        tx.publish(RecordingPaused(at=now, contact_id=contact_id, reason=SECURE))

    await house.db.run(write)


async def resume(house: House, contact_id: UUID) -> None:
    """Record again what a `pause` silenced; no pause is fine."""

    async def write(tx: Tx) -> str | None:
        now = tx.clock.now()
        if not await store.end_gaps(tx, contact_id, now, SECURE):
            return None
        tx.publish(RecordingResumed(at=now, contact_id=contact_id))
        row = await store.recording_of(tx, contact_id)
        return str(row["leg"]) if row and row["state"] == "recording" else None

    leg = await house.db.run(write)
    if leg is None:
        return
    try:
        await house.telephony.record_mute(leg, False)
    except CallwrightError as error:
        if error.code not in UNRECORDED:
            raise
        log.info("the recording of %s had ended before it could go on: %s", contact_id, error)


async def refuse(house: House, contact_id: UUID) -> None:
    """The caller opted out: what was recorded so far is kept, nothing more is. For good: one
    contact has one recording, which nothing begins again."""
    async with house.db.reading() as tx:
        row = await store.recording_of(tx, contact_id)
    if row and row["state"] == "recording":
        await house.telephony.record_stop(row["leg"])

    async def write(tx: Tx) -> None:
        if await refused(tx, contact_id):
            return
        now = tx.clock.now()
        await store.insert_gap(tx, new_id(), contact_id, REFUSED, now)
        tx.publish(RecordingRefused(at=now, contact_id=contact_id))

    await house.db.run(write)


async def view(tx: Tx, contact_id: UUID, zero: Any) -> list[dict[str, Any]]:
    """The gaps in seconds of the recording's time line; end None = to the end of the call."""
    return [
        {
            "reason": row["reason"],
            "start_s": (row["started_at"] - zero).total_seconds(),
            "end_s": (row["ended_at"] - zero).total_seconds() if row["ended_at"] else None,
        }
        for row in await store.gaps_of(tx, contact_id)
    ]
