"""When to listen, and when the text is due."""

from __future__ import annotations

from uuid import UUID

from callwright.calls import service as calls
from callwright.calls.events import (
    CallConnected,
    CallEnded,
    CallHeld,
    CallQueued,
    CallResumed,
    ConsultChanged,
    LegReplaced,
)
from callwright.calls.model import ContactState
from callwright.kit.bus import later, on
from callwright.ports.house import House
from callwright.recordings import service as recordings
from callwright.recordings.events import (
    RecordingFailed,
    RecordingPaused,
    RecordingResumed,
    RecordingSaved,
)
from callwright.transcripts import service

TOGETHER = (ContactState.TALKING, ContactState.SECURE)


@on(CallConnected)
async def talk_began(event: CallConnected, house: House) -> None:
    """Listen while they talk."""
    await service.listen(house, event.contact_id, event.leg, event.at)


@on(LegReplaced)
async def leg_replaced(event: LegReplaced, house: House) -> None:
    """Go on listening to the agent, where they speak now."""
    service.listen_on(event.contact_id, event.leg, event.at)


@on(CallHeld)
async def caller_held(event: CallHeld, _: House) -> None:
    """Music: what either side says now is not part of the talk."""
    service.listen_away(event.contact_id, away=True)


@on(CallQueued)
async def caller_waits(event: CallQueued, _: House) -> None:
    """Music here too, when the caller was passed on."""
    service.listen_away(event.contact_id, away=True)


@on(CallResumed)
async def talk_goes_on(event: CallResumed, _: House) -> None:
    """Both hear each other again."""
    service.listen_away(event.contact_id, away=False)


@on(ConsultChanged)
async def put_through(event: ConsultChanged, _: House) -> None:
    """The caller talks with somebody outside, who knows nothing of a recording."""
    if event.state == "through":
        service.listen_away(event.contact_id, away=True)


@on(RecordingPaused)
async def recording_paused(event: RecordingPaused, _: House) -> None:
    """The caller types what nobody may learn; what is said meanwhile is not for us either."""
    service.listen_away(event.contact_id, away=True)


@on(RecordingResumed)
async def recording_resumed(event: RecordingResumed, house: House) -> None:
    """The talk goes on; where there is none yet, nobody listens."""
    async with house.db.reading() as tx:
        contact = await calls.contact(tx, event.contact_id)
    if contact and contact.state in TOGETHER:
        service.listen_away(event.contact_id, away=False)


@later(RecordingSaved)
async def recording_saved(event: RecordingSaved, house: House) -> None:
    """Now the text can be settled."""
    await service.finish(house, event.contact_id)


@later(RecordingFailed)
async def recording_failed(event: RecordingFailed, house: House) -> None:
    """No sound, no text; say so, once the call is over."""
    await _without_recording(event.contact_id, house)


@later(CallEnded)
async def call_ended(event: CallEnded, house: House) -> None:
    """Calls that were never recorded have no text either."""
    await _without_recording(event.contact_id, house)


async def _without_recording(contact_id: UUID, house: House) -> None:
    async with house.db.begin() as tx:
        recording = await recordings.recording_of(tx, contact_id)
        contact = await calls.contact(tx, contact_id)
    over = contact is not None and contact.ended_at is not None
    if over and (recording is None or recording["state"] == "failed"):
        await service.finish(house, contact_id)
