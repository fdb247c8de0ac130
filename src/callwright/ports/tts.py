"""Text to speech, for replies that nobody has recorded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Speech:
    """Mono sound: 32-bit floats between -1 and 1 in the machine's order, at `rate` Hz."""

    pcm: bytes = field(repr=False)
    rate: int


class TextToSpeech(Protocol):
    """Speaks a text. Slow: a second of speech may take a second."""

    voice: str  # names model and speaker: another name, another sound

    async def speak(self, text: str, language: str) -> Speech:
        """Render a text in which figures are words already.

        Raises `CallwrightError("no_tts", why=…)` when no model is there or it cannot be used.
        """
        ...

    async def close(self) -> None:
        """Let the model go."""
        ...
