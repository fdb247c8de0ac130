"""Start listening, and make the final text after the call."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID

from callwright.calls import service as calls
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.ports.house import House
from callwright.recordings import gaps
from callwright.recordings import service as recordings
from callwright.recordings.model import AGENT, CUSTOMER
from callwright.transcripts import store
from callwright.transcripts.events import TranscriptFailed, TranscriptReady, TurnHeard
from callwright.transcripts.live import Listening, turn_of
from callwright.transcripts.model import Turn, found_by, mask_talk, said_by_people
from callwright.voicemails import service as voicemails

log = logging.getLogger(__name__)

LAST_WORDS_S = 120.0
WHOLE_CALL = ((0.0, 1e9),)
Window = tuple[datetime, datetime]
SEGMENT_GUARD_S = 0.5

transcript_of = store.transcript_of
turns_of = store.turns_of
turn_by_id = store.turn_of
contacts_that_say = store.contacts_that_say

_listening: dict[UUID, Listening] = {}


async def listen(house: House, contact_id: UUID, agent_leg: str, since: datetime) -> None:
    """A talk begins: hear both legs. Without a recording there is no time line and no text."""
    async with house.db.begin() as tx:
        recording = await recordings.recording_of(tx, contact_id)
        contact = await calls.contact(tx, contact_id)
        if recording is None or recording["state"] != "recording" or contact is None:
            return
        if await gaps.refused(tx, contact_id):
            return
        await store.save_state(tx, contact_id, "live")
    if not house.settings.speech.live:
        return
    live = _listening.get(contact_id)
    if live is None:
        live = Listening(house, contact_id, recording["started_at"], contact.language)
        live.listen(contact.caller_leg, "customer", since)
        _listening[contact_id] = live
    live.deaf = False
    live.listen(agent_leg, "agent", since)


def listen_on(contact_id: UUID, agent_leg: str, since: datetime) -> None:
    """The agent speaks on another leg now; nothing happens where nobody listened before."""
    live = _listening.get(contact_id)
    if live is not None:
        live.listen(agent_leg, "agent", since)


def listen_away(contact_id: UUID, away: bool) -> None:
    """The caller hears music, or talks with somebody outside: nothing of it is our talk."""
    live = _listening.get(contact_id)
    if live is not None:
        live.deaf = away


async def note_played(
    tx: Tx, contact_id: UUID, turn_id: UUID, *, text: str, at: datetime, seconds: float
) -> None:
    """Something was played into the talk: a turn of the system; again with the same id when its
    end is known. No seconds = nothing was heard. Without a recording there is no time line."""
    recording = await recordings.recording_of(tx, contact_id)
    if recording is None:
        return
    known = await store.turn_of(tx, turn_id)
    if seconds <= 0:
        await store.delete_turn(tx, turn_id)
        return
    start = round((at - recording["started_at"]).total_seconds(), 3)
    turn = Turn(turn_id, "system", start, round(start + seconds, 3), text, ())
    await store.save_turns(tx, contact_id, mask_talk([turn]).turns)
    if known is None:
        tx.publish(
            TurnHeard(
                at=tx.clock.now(), contact_id=contact_id, turn_id=turn_id, speaker=turn.speaker
            )
        )


async def finish(house: House, contact_id: UUID) -> None:
    """The recording is saved (or failed): settle the text, mask it and the sound, tell."""
    async with house.db.begin() as tx:
        row = await store.transcript_of(tx, contact_id)
        recording = await recordings.recording_of(tx, contact_id)
        spans = await _spans(tx, contact_id)
        refused = await gaps.refused(tx, contact_id)
    if row is not None and row["state"] != "live":
        return
    live = _listening.pop(contact_id, None)
    if not spans.talks and spans.message is None:
        await recordings.mask_sound(house, contact_id, WHOLE_CALL, ())
        await house.db.run(lambda tx: store.save_state(tx, contact_id, "none"))
        return
    if refused:
        await recordings.mask_sound(house, contact_id, WHOLE_CALL, ())
        await _give_up(house, contact_id, "the caller refused to be recorded")
        return
    if recording is None or recording["state"] == "failed":
        await _give_up(house, contact_id, "no recording")
        return
    try:
        turns, source = await _final_turns(house, contact_id, live, recording["path"], spans)
    except CallwrightError as error:
        await _give_up(house, contact_id, str(error))
        return
    alone = () if spans.talks else spans.outside_message(recording["started_at"])
    await _settle(house, contact_id, turns, source, alone)


@dataclass(frozen=True, slots=True)
class _Spans:
    """When a caller spoke to somebody: talks with agents, and a message they left."""

    talks: tuple[Window, ...]
    message: Window | None

    def seconds(self, zero: datetime) -> list[tuple[float, float]]:
        """On the recording's time line, with a little room at both ends."""
        both = [*self.talks, *([self.message] if self.message else [])]
        return [
            (
                (start - zero).total_seconds() - SEGMENT_GUARD_S,
                (end - zero).total_seconds() + SEGMENT_GUARD_S,
            )
            for start, end in both
        ]

    def outside_message(self, zero: datetime) -> tuple[tuple[float, float], ...]:
        """Seconds in which the caller was alone with the menu and the music."""
        [(start, end)] = self.seconds(zero)
        return ((0.0, max(start, 0.0)), (end, WHOLE_CALL[0][1]))


async def _spans(tx: Tx, contact_id: UUID) -> _Spans:
    segments = await calls.segments_of(tx, contact_id)
    row = await voicemails.voicemail_of(tx, contact_id)
    left = row is not None and row["state"] == "left"
    return _Spans(
        tuple((one.started_at, one.ended_at or one.started_at) for one in segments),
        (row["started_at"], row["ended_at"]) if row and left else None,
    )


async def _settle(
    house: House,
    contact_id: UUID,
    turns: Sequence[Turn],
    source: str,
    alone: Sequence[tuple[float, float]] = (),
) -> None:
    talk = mask_talk(turns)
    held = (*await _held(house, contact_id), *alone)
    await recordings.mask_sound(house, contact_id, (*talk.customer, *held), talk.agent)

    async def write(tx: Tx) -> None:
        await store.replace_turns(tx, contact_id, talk.turns)
        text = "\n".join(turn.masked for turn in talk.turns)
        await store.save_state(tx, contact_id, "final", source=source, search=found_by(text))
        tx.publish(
            TranscriptReady(
                at=tx.clock.now(), contact_id=contact_id, turns=len(talk.turns), source=source
            )
        )

    await house.db.run(write)


async def _held(house: House, contact_id: UUID) -> list[tuple[float, float]]:
    """Seconds of the recording in which the caller heard music: what they said was to nobody."""
    async with house.db.begin() as tx:
        recording = await recordings.recording_of(tx, contact_id)
        holds = await calls.holds_of(tx, contact_id)
    zero = recording["started_at"] if recording else None
    return [
        ((hold["started_at"] - zero).total_seconds(), (hold["ended_at"] - zero).total_seconds())
        for hold in holds
        if zero and hold["ended_at"]
    ]


async def _give_up(house: House, contact_id: UUID, reason: str) -> None:
    log.warning("no transcript of %s: %s", contact_id, reason)

    async def write(tx: Tx) -> None:
        await store.save_state(tx, contact_id, "failed", reason=reason)
        tx.publish(TranscriptFailed(at=tx.clock.now(), contact_id=contact_id, reason=reason))

    await house.db.run(write)


async def _final_turns(
    house: House,
    contact_id: UUID,
    live: Listening | None,
    path: str,
    spans: _Spans,
) -> tuple[list[Turn], str]:
    """What was heard live when nothing was missed, else the recording heard again; nobody listens
    live to a message."""
    if live is not None:
        try:
            async with asyncio.timeout(LAST_WORDS_S):
                await live.finished()
        except TimeoutError:
            live.complete = False
        if live.complete and spans.message is None:
            async with house.db.begin() as tx:
                return await store.turns_of(tx, contact_id), "live"
    return await _from_recording(house, contact_id, path, spans), "recording"


async def _from_recording(house: House, contact_id: UUID, path: str, spans: _Spans) -> list[Turn]:
    async with house.db.begin() as tx:
        contact = await calls.contact(tx, contact_id)
        recording = await recordings.recording_of(tx, contact_id)
        played = [t for t in await store.turns_of(tx, contact_id) if t.speaker == "system"]
    language = contact.language.partition("-")[0] if contact else ""
    if recording is None:
        raise CallwrightError("not_found", what="recording", id=str(contact_id))
    lanes = ((CUSTOMER, "customer"), (AGENT, "agent"))
    sound = await recordings.original_sound(house, path)
    turns: list[Turn] = []
    with NamedTemporaryFile(suffix=".wav", dir=recordings.folder(house.settings.home)) as file:
        file.write(sound)
        file.flush()
        for channel, speaker in lanes if spans.talks else lanes[:1]:
            heard = await house.speech.recognise_file(
                Path(file.name), channel=channel, language=language
            )
            found = [turn_of(utterance, 0.0, speaker) for utterance in heard]
            turns += found if speaker == "customer" else said_by_people(found, played)
    held = await _held(house, contact_id)
    spoken = spans.seconds(recording["started_at"])
    kept = [
        turn
        for turn in turns
        if any(a <= turn.start <= b for a, b in spoken)
        and not any(a <= turn.start <= b for a, b in held)
    ]
    return sorted([*kept, *played], key=lambda turn: turn.start)
