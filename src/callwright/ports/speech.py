"""Speech recognition as the house sees it: PCM in, words with times out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised token, its mark included. Seconds count from the start of the stream or file.

    Words stand in the order of the text, times never run backwards; joined without spaces they
    are the utterance's text without spaces. `p` is 0…1.
    """

    text: str
    start: float
    end: float
    p: float = 1.0


@dataclass(frozen=True, slots=True)
class Utterance:
    """One stretch of speech between pauses, recognised. Chinese text is Simplified."""

    text: str
    start: float
    end: float
    words: tuple[Word, ...] = ()
    language: str = ""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class SpeechHealth:
    """Facts for `doctor`: is a model there and loaded, and how far behind is recognition."""

    ready: bool
    engine: str
    model: str
    loaded: bool
    backlog_s: float = 0.0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class StreamOptions:
    """How one leg is to be heard. `language` = "zh", "en" or "" to detect it per utterance."""

    sample_rate: int
    language: str = ""
    hotwords: tuple[str, ...] = field(default=())


class LiveRecognition(Protocol):
    """One leg being recognised while it goes on."""

    def feed(self, pcm: bytes) -> None:
        """Give 16-bit mono PCM; never blocks. A broken recogniser raises on iteration, not here."""
        ...

    async def finish(self) -> None:
        """No more sound comes: the last utterances follow, then iteration ends."""
        ...

    def __aiter__(self) -> AsyncIterator[Utterance]: ...

    async def close(self) -> None:
        """Drop everything at once."""
        ...


class SpeechToText(Protocol):
    """A recogniser; live work goes before files. A fault raises `speech_failed`."""

    async def start(self) -> None:
        """Make ready without loading the model (it is loaded with the first sound)."""
        ...

    async def close(self) -> None: ...

    def live(self, options: StreamOptions) -> LiveRecognition: ...

    async def recognise_file(
        self, wav: Path, *, channel: int, language: str = ""
    ) -> list[Utterance]:
        """Recognise one channel (0 = left) of a 16-bit PCM WAV file, at any rate.

        Bad input raises `invalid` with field `wav` or `channel`.
        """
        ...

    async def health(self) -> SpeechHealth: ...
