"""Listening to both legs of a talk while it goes on."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from uuid import UUID

from callwright.kit.db import Tx
from callwright.kit.ids import new_id
from callwright.ports.house import House
from callwright.ports.speech import LiveRecognition, StreamOptions, Utterance
from callwright.ports.telephony import AudioStream
from callwright.transcripts import store
from callwright.transcripts.events import TurnHeard
from callwright.transcripts.model import TimedWord, Turn, mask_talk

log = logging.getLogger(__name__)

LATE_S = 0.5  # sooner than this nobody has picked up and spoken
MEMORY = 6  # earlier turns that tell whether a number is private


class Listening:
    """The live transcript of one contact. `complete` = nothing that was said was missed.

    `deaf` = what is said now is not for the caller's ears, or not for ours: it counts as silence.
    """

    def __init__(self, house: House, contact_id: UUID, zero: datetime, language: str) -> None:
        self.house = house
        self.contact_id = contact_id
        self.zero = zero  # start of the recording: second 0 of all times
        self.language = language.partition("-")[0]
        self.complete = True
        self.deaf = False
        self._turns: list[Turn] = []
        self._tasks: list[asyncio.Task[None]] = []

    def listen(self, leg: str, speaker: str, since: datetime) -> None:
        """Begin to listen to one leg; `since` = when its words began to count."""
        self._tasks.append(asyncio.create_task(self._leg(leg, speaker, since)))

    async def finished(self) -> None:
        """Wait until the last word of every leg is recognised."""
        await asyncio.gather(*self._tasks)

    async def _leg(self, leg: str, speaker: str, since: datetime) -> None:
        """Feed one leg's sound to the recogniser and keep what it understands."""
        try:
            stream = await self.house.telephony.stream(leg)
            heard = self.house.speech.live(StreamOptions(stream.sample_rate, self.language))
            offset = (stream.started_at - self.zero).total_seconds()
            late = (stream.started_at - since).total_seconds()
            if late > LATE_S:
                log.info("%s's first %.1f s of %s were not heard", speaker, late, self.contact_id)
                self.complete = False
            await asyncio.gather(self._feed(stream, heard), self._read(heard, offset, speaker))
        except Exception as error:  # the call goes on; its text is made from the recording later
            log.warning("live transcript of %s (%s) broke: %r", self.contact_id, speaker, error)
            self.complete = False

    async def _feed(self, stream: AudioStream, heard: LiveRecognition) -> None:
        async for frame in stream:
            heard.feed(bytes(len(frame)) if self.deaf else frame)
        await heard.finish()

    async def _read(self, heard: LiveRecognition, offset: float, speaker: str) -> None:
        async for utterance in heard:
            await self._keep(turn_of(utterance, offset, speaker))

    async def _keep(self, turn: Turn) -> None:
        """Mask with the turns before in mind, store, tell."""
        masked = mask_talk([*self._turns[-MEMORY:], turn]).turns[-1]
        self._turns.append(turn)

        async def write(tx: Tx) -> None:
            await store.save_turns(tx, self.contact_id, [masked])
            tx.publish(
                TurnHeard(
                    at=tx.clock.now(), contact_id=self.contact_id, turn_id=turn.id,
                    speaker=turn.speaker,
                )
            )  # fmt: skip

        await self.house.db.run(write)


def turn_of(utterance: Utterance, offset: float, speaker: str) -> Turn:
    """An utterance of a stream as a turn on the recording's time line."""
    words = tuple(
        TimedWord(word.text, round(word.start + offset, 3), round(word.end + offset, 3))
        for word in utterance.words
    )
    start, end = utterance.start + offset, utterance.end + offset
    return Turn(new_id(), speaker, round(start, 3), round(end, 3), utterance.text, words)
