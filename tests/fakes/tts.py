"""A voice that hums as long as the text is, and that counts."""

from __future__ import annotations

import numpy as np

from callwright.ports.tts import Speech

RATE = 24_000


class HummingVoice:
    """A tenth of a second for each character."""

    voice = "humming"

    def __init__(self) -> None:
        self.spoken: list[str] = []

    async def speak(self, text: str, language: str) -> Speech:
        """Remember the text, and hum."""
        self.spoken.append(text)
        time = np.arange(len(text) * RATE // 10) / RATE
        return Speech((0.5 * np.sin(2 * np.pi * 440 * time)).astype(np.float32).tobytes(), RATE)

    async def close(self) -> None:
        """Nothing to let go."""
