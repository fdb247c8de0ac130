"""What the platform waits for: a leg while it goes on, or a file. Both outlive one dead child."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Protocol

from callwright.integrations.speech.audio import SAMPLE_BYTES
from callwright.integrations.speech.wire import Drop, Finish, Heard, Open, Order, ReadFile, Sound
from callwright.kit.errors import CallwrightError
from callwright.ports.speech import StreamOptions, Utterance

TRIES = 2  # a task that sees its child die twice without progress has failed
SEND_S = 0.1  # sound is sent in pieces of this length
MOST_BEHIND_S = 600.0  # a leg whose recognition lags more is given up, not kept in memory

Send = Callable[[Order], None]


def speech_failed(why: str) -> CallwrightError:
    """The one fault of recognisers."""
    return CallwrightError("speech_failed", why=why)


class Task(Protocol):
    """Something the child works on, known by `number`."""

    number: int

    def begin(self, send: Send) -> None:
        """Tell a (new) child everything it needs to go on from what is already done."""
        ...

    def child_gone(self) -> bool:
        """The child died; False when this task has seen that too often."""
        ...

    def heard(self, answer: Heard) -> None: ...

    def ended(self) -> None: ...

    def failed(self, why: str) -> None: ...


class LiveLeg:
    """One leg being recognised while it goes on; keeps the sound that is not dealt with yet."""

    def __init__(
        self,
        number: int,
        options: StreamOptions,
        submit: Callable[[LiveLeg], None],
        forget: Callable[[LiveLeg], None],
    ) -> None:
        self.number = number
        self._options = options
        self._submit = submit
        self._forget = forget
        self._send: Send | None = None
        self._kept = bytearray()
        self._kept_from = 0  # bytes of the stream before `_kept`
        self._sent = 0  # bytes of `_kept` that the child has
        self._piece = int(options.sample_rate * SEND_S) * SAMPLE_BYTES
        self._tries = 0
        self._finished = self._over = self._submitted = False
        self._out: asyncio.Queue[Utterance | CallwrightError | None] = asyncio.Queue()

    def feed(self, pcm: bytes) -> None:
        """Give 16-bit mono PCM; never blocks."""
        if self._over or self._finished or not pcm:
            return
        self._kept += pcm
        self._hand_in()
        if len(self._kept) - self._sent >= self._piece:
            self._flush()
        if self.behind_s > MOST_BEHIND_S:
            self._drop()
            self.failed(f"recognition is more than {MOST_BEHIND_S:.0f} s behind")

    async def finish(self) -> None:
        """No more sound comes: the last utterances follow, then iteration ends."""
        if self._over or self._finished:
            return
        self._finished = True
        if not self._submitted:
            self.ended()  # there never was a sound
            return
        self._flush()
        if self._send is not None:
            self._send(Finish(self.number))

    async def close(self) -> None:
        """Drop everything at once."""
        if self._over:
            return
        self._drop()
        self._finish_with(None)
        while not self._out.empty():
            self._out.get_nowait()
        self._out.put_nowait(None)

    async def __aiter__(self) -> AsyncIterator[Utterance]:
        """Utterances in order; a broken recogniser raises `speech_failed` here."""
        while (item := await self._out.get()) is not None:
            if isinstance(item, CallwrightError):
                raise item
            yield item
        self._out.put_nowait(None)  # whoever asks again finds the end too

    @property
    def behind_s(self) -> float:
        """Seconds of sound not dealt with yet, the words being said included."""
        return len(self._kept) / (self._options.sample_rate * SAMPLE_BYTES)

    def begin(self, send: Send) -> None:
        """Open the leg in a new child, and repeat the sound that the last one left undone."""
        self._send = send
        self._sent = 0
        at = self._kept_from / (self._options.sample_rate * SAMPLE_BYTES)
        options = self._options
        rate, language, hotwords = options.sample_rate, options.language, options.hotwords
        send(Open(self.number, rate, language, hotwords, at))
        self._flush()
        if self._finished:
            send(Finish(self.number))

    def child_gone(self) -> bool:
        """The child died; False when this leg has seen that too often."""
        self._send = None
        self._tries += 1
        return self._tries < TRIES

    def heard(self, answer: Heard) -> None:
        """Hand the utterance on and let go of its sound."""
        self._tries = 0
        self._let_go(answer.done_to)
        if answer.utterance is not None:
            self._out.put_nowait(answer.utterance)

    def ended(self) -> None:
        """The child has said everything."""
        self._finish_with(None)

    def failed(self, why: str) -> None:
        """Whoever iterates learns why."""
        self._finish_with(speech_failed(why))

    def _hand_in(self) -> None:
        if not self._submitted:
            self._submitted = True
            self._submit(self)

    def _flush(self) -> None:
        if self._send is None or self._sent >= len(self._kept):
            return
        self._send(Sound(self.number, bytes(self._kept[self._sent :])))
        self._sent = len(self._kept)

    def _let_go(self, done_to: float) -> None:
        wanted = int(done_to * self._options.sample_rate) * SAMPLE_BYTES
        count = min(max(0, wanted - self._kept_from), self._sent)
        del self._kept[:count]
        self._kept_from += count
        self._sent -= count

    def _drop(self) -> None:
        if self._send is not None:
            self._send(Drop(self.number))

    def _finish_with(self, item: CallwrightError | None) -> None:
        if self._over:
            return
        self._over = True
        self._kept.clear()
        self._send = None
        self._out.put_nowait(item)
        self._forget(self)


class FileTask:
    """One channel of a file; begun again from its start when the child dies."""

    def __init__(self, number: int, wav: Path, channel: int, language: str) -> None:
        self.number = number
        self._order = ReadFile(number, str(wav.absolute()), channel, language)
        self._heard: list[Utterance] = []
        self._tries = 0
        self.result: asyncio.Future[list[Utterance]] = asyncio.get_running_loop().create_future()

    def begin(self, send: Send) -> None:
        """Order the whole file."""
        self._heard.clear()
        send(self._order)

    def child_gone(self) -> bool:
        """The child died; False when this file has seen that too often."""
        self._tries += 1
        return self._tries < TRIES

    def heard(self, answer: Heard) -> None:
        """Collect."""
        if answer.utterance is not None:
            self._heard.append(answer.utterance)

    def ended(self) -> None:
        """All of it is there."""
        if not self.result.done():
            self.result.set_result(self._heard)

    def failed(self, why: str) -> None:
        """Whoever waits learns why."""
        if not self.result.done():
            self.result.set_exception(speech_failed(why))
