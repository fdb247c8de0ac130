"""Hears whether somebody speaks, and when they have finished. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FLOOR = 180.0  # of 32768: quieter than this is a quiet line
SHARE = 0.08  # of the loudest: quieter than this is what is behind a voice
FADE = 0.999  # of the loudest, each frame: a bang at the beginning is forgotten
MILLISECOND = 3  # digits: sums of frames are a hair's breadth beside what they should be
FIRST_WORD = 2  # times the silence that ends a message is waited for its first word


@dataclass
class Ear:
    """Fed with 16-bit frames; all in seconds of what was fed. `voiced_s` = how much was speech."""

    voiced_s: float = 0.0
    last_voice_s: float = 0.0
    heard_s: float = 0.0
    _loudest: float = 0.0

    def hear(self, frame: bytes, seconds: float) -> None:
        """One frame, `seconds` long."""
        samples = np.frombuffer(frame[: len(frame) // 2 * 2], "<i2").astype(np.float32)
        loud = float(np.sqrt((samples**2).mean())) if len(samples) else 0.0
        self._loudest = max(self._loudest * FADE, loud)
        self.heard_s += seconds
        if loud > max(FLOOR, SHARE * self._loudest):
            self.voiced_s += seconds
            self.last_voice_s = self.heard_s

    def has_finished(self, silence_s: float) -> bool:
        """Whether it was quiet for so long; before the first word one may think longer."""
        patience = silence_s if self.voiced_s else silence_s * FIRST_WORD
        return round(self.heard_s - self.last_voice_s, MILLISECOND) >= patience
