"""A recogniser that understands what the test tells it to."""

from __future__ import annotations

import wave
from collections.abc import Sequence
from pathlib import Path

from callwright.kit.errors import CallwrightError
from callwright.ports.speech import LiveRecognition, SpeechHealth, StreamOptions, Utterance, Word


class ScriptedSpeech:
    """`customer` and `agent` = what each lane of any file says in its last seconds, one each."""

    def __init__(self, customer: Sequence[str] = (), agent: Sequence[str] = ()) -> None:
        self.lanes = [list(customer), list(agent)]
        self.broken = ""

    async def start(self) -> None:
        """Nothing to make ready."""

    async def close(self) -> None:
        """Nothing to end."""

    def live(self, options: StreamOptions) -> LiveRecognition:
        """Live recognition is switched off in these tests."""
        raise AssertionError(options)

    async def recognise_file(
        self, wav: Path, *, channel: int, language: str = ""
    ) -> list[Utterance]:
        """The lane's sentences; `speech_failed` when the test broke it."""
        if self.broken:
            raise CallwrightError("speech_failed", why=self.broken)
        said = self.lanes[channel]
        with wave.open(str(wav)) as file:
            first = file.getnframes() / file.getframerate() - len(said)
        return [_utterance(text, first + at) for at, text in enumerate(said)]

    async def health(self) -> SpeechHealth:
        """Always well."""
        return SpeechHealth(True, "scripted", "none", True)


def _utterance(text: str, at: float) -> Utterance:
    step = 0.9 / max(len(text), 1)
    words = tuple(
        Word(char, at + index * step, at + (index + 1) * step) for index, char in enumerate(text)
    )
    return Utterance(text, at, at + 0.9, words)
