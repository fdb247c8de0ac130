"""When tickets are made."""

from __future__ import annotations

from callwright.calls.events import CallEnded
from callwright.kit.bus import later
from callwright.ports.house import House
from callwright.tickets import service
from callwright.transcripts.events import TranscriptFailed, TranscriptReady


@later(TranscriptReady)
async def transcript_ready(event: TranscriptReady, house: House) -> None:
    """Draft from what was said."""
    await house.db.run(lambda tx: service.draft(tx, event.contact_id))


@later(TranscriptFailed)
async def transcript_failed(event: TranscriptFailed, house: House) -> None:
    """A conversation or a message without text still gets a ticket."""
    await house.db.run(lambda tx: service.draft_without_text(tx, event.contact_id, event.reason))


@later(CallEnded)
async def call_ended(event: CallEnded, house: House) -> None:
    """Nobody talked and nobody left a message: a missed call, not a ticket."""
    if not event.talked and not event.message:
        await house.db.run(
            lambda tx: service.waive(tx, event.contact_id, f"no conversation: {event.reason}")
        )
