"""One leg inside the child: any sample rate in, utterances cut out."""

from __future__ import annotations

import numpy as np

from callwright.integrations.speech.audio import Resampler, Samples
from callwright.integrations.speech.segmenter import Cut, Segmenter
from callwright.integrations.speech.vad import WINDOW, SileroVad

OTHER_RATES_AS = 16000


class Ear:
    """Segmenter, detector and, for rates the detector does not know, a resampler."""

    def __init__(self, rate: int, *, at: float = 0.0) -> None:
        self.rate = rate if rate in WINDOW else OTHER_RATES_AS
        self._resampler = None if rate == self.rate else Resampler(rate, self.rate)
        self._segmenter = Segmenter(SileroVad(self.rate), window=WINDOW[self.rate], at=at)

    def hear(self, samples: Samples) -> list[Cut]:
        """Utterances that these samples closed."""
        if self._resampler is not None:
            samples = self._resampler.feed(samples)
        return self._segmenter.feed(samples)

    def end(self) -> list[Cut]:
        """The utterances that were still open."""
        rest = np.zeros(0, np.int16) if self._resampler is None else self._resampler.flush()
        return [*self._segmenter.feed(rest), *self._segmenter.flush()]

    @property
    def idle_at(self) -> float | None:
        """Seconds before which nothing is open; None in the middle of an utterance."""
        return self._segmenter.idle_at
