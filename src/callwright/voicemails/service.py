"""A caller leaves a message: from the prompt to its end, however it ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from callwright.kit.db import Tx
from callwright.voicemails import store
from callwright.voicemails.events import VoicemailDiscarded, VoicemailLeft, VoicemailStarted

voicemail_of = store.voicemail_of
left_by = store.left_by

LEFT, SHORT, FAILED = "voicemail", "voicemail_short", "voicemail_failed"  # reasons of the end
LAG = timedelta(seconds=1)  # a listener that is further behind knows nothing
_quiet_until: dict[UUID, datetime] = {}  # whom this process listens to, and has not heard yet


async def begin(tx: Tx, contact_id: UUID, queue: str, least_s: float) -> None:
    """The prompt is about to be spoken."""
    await store.insert_voicemail(
        tx, {"contact_id": contact_id, "queue": queue, "state": "prompt", "least_s": least_s}
    )


async def tone_heard(tx: Tx, contact_id: UUID) -> bool:
    """From now on it counts; False when it began before (the platform was restarted)."""
    row = await store.voicemail_of(tx, contact_id)
    now = tx.clock.now()
    if row is None or not await store.update_voicemail(
        tx, contact_id, "prompt", state="recording", started_at=now
    ):
        return False
    tx.publish(VoicemailStarted(at=now, contact_id=contact_id, queue=row["queue"]))
    return True


def note_heard(contact_id: UUID, until: datetime | None) -> None:
    """Not enough was said until this moment; None = enough was, or nobody listens any more.

    Kept in memory: when the platform dies, nobody knows, and the length alone decides.
    """
    if until is None:
        _quiet_until.pop(contact_id, None)
    else:
        _quiet_until[contact_id] = until


async def finish(tx: Tx, contact_id: UUID, how: str, at: datetime) -> str:
    """The message is over: kept or discarded, once; the reason of the call's end."""
    row = await store.voicemail_of(tx, contact_id)
    if row is None or row["state"] == "prompt":
        return "abandoned_voicemail"
    if row["state"] == "recording":
        row = await _settle(tx, row, how, at)
    return LEFT if row["state"] == "left" else SHORT


async def _settle(tx: Tx, row: Mapping[str, Any], how: str, at: datetime) -> dict[str, Any]:
    ended = max(at, row["started_at"])
    quiet_until = _quiet_until.pop(row["contact_id"], None)
    said_nothing = quiet_until is not None and quiet_until >= ended - LAG
    seconds = round((ended - row["started_at"]).total_seconds(), 3)
    enough = seconds >= row["least_s"] and not said_nothing
    state = "left" if enough else "discarded"
    contact_id: UUID = row["contact_id"]
    await store.update_voicemail(tx, contact_id, "recording", state=state, ended_at=ended, how=how)
    now = tx.clock.now()
    if enough:
        tx.publish(VoicemailLeft(at=now, contact_id=contact_id, how=how, seconds=seconds))
    else:
        tx.publish(
            VoicemailDiscarded(at=now, contact_id=contact_id, reason="too_short", seconds=seconds)
        )
    return {**row, "state": state}


async def not_recorded(tx: Tx, contact_id: UUID) -> None:
    """There is no way to record it: the caller is told so, and somebody must call them."""
    now = tx.clock.now()
    if await store.update_voicemail(tx, contact_id, "prompt", state="discarded", ended_at=now):
        tx.publish(
            VoicemailDiscarded(at=now, contact_id=contact_id, reason="not_recorded", seconds=0.0)
        )
