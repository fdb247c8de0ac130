"""Cuts a leg into utterances by the pauses in it. Pure: the detector is handed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from callwright.integrations.speech.audio import Samples

WINDOW_S = 0.032
SPEECH_ABOVE, SILENCE_BELOW = 0.5, 0.35  # two thresholds, so that a wavering voice is not chopped


def _windows(seconds: float) -> int:
    return max(1, round(seconds / WINDOW_S))


SHORTEST = _windows(0.25)  # of voice; less is a click or a breath
PAUSE = _windows(0.5)  # closes an utterance
MARGIN = _windows(0.2)  # kept before and after
LONGEST = _windows(15.0)  # somebody who never pauses is cut…
CUT_WITHIN = _windows(5.0)  # …at the quietest place of the last seconds…
CUT_BEFORE_END = _windows(0.3)  # …but not in the word being said


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch of speech. `start` and `done_to` in seconds of the stream.

    A detector begun anew at `done_to` would miss nothing.
    """

    start: float
    samples: Samples
    done_to: float


class Segmenter:
    """One leg. `detect` gives 0…1 for each window of `window` samples; `at` = seconds begun at."""

    def __init__(self, detect: Callable[[Samples], float], *, window: int, at: float = 0.0) -> None:
        self._detect = detect
        self._window = window
        self._rest: Samples = np.zeros(0, np.int16)
        self._kept: list[Samples] = []
        self._voice: list[float] = []
        self._at = at  # seconds at which the first kept window begins
        self._speaking = False
        self._voiced = 0
        self._quiet = 0

    def feed(self, samples: Samples) -> list[Cut]:
        """Utterances that these samples closed."""
        sound = np.concatenate([self._rest, samples])
        whole = sound.size // self._window * self._window
        self._rest = sound[whole:]
        cuts = []
        for begin in range(0, whole, self._window):
            if (cut := self._step(sound[begin : begin + self._window])) is not None:
                cuts.append(cut)
        return cuts

    def flush(self) -> list[Cut]:
        """The stream is over: the utterance that was still open."""
        if self._speaking and self._rest.size:
            self._kept.append(self._rest)
            self._voice.append(self._voice[-1])
        cut = self._close(len(self._kept)) if self._speaking else None
        return [] if cut is None else [cut]

    @property
    def idle_at(self) -> float | None:
        """Seconds before which nothing is open; None in the middle of an utterance."""
        return None if self._speaking else self._at

    def _step(self, window: Samples) -> Cut | None:
        voice = self._detect(window)
        self._kept.append(window)
        self._voice.append(voice)
        if not self._speaking:
            if voice >= SPEECH_ABOVE:
                self._speaking, self._voiced, self._quiet = True, 1, 0
            else:
                self._forget(len(self._kept) - MARGIN)
            return None
        self._quiet = 0 if voice >= SILENCE_BELOW else self._quiet + 1
        self._voiced += voice >= SILENCE_BELOW
        if self._quiet >= PAUSE:
            return self._close(len(self._kept) - self._quiet + MARGIN)
        if len(self._kept) >= LONGEST:
            return self._take(self._quietest())
        return None

    def _close(self, end: int) -> Cut | None:
        self._speaking = False
        if self._voiced < SHORTEST:
            self._forget(len(self._kept) - MARGIN)
            return None
        return self._take(end)

    def _take(self, end: int) -> Cut:
        start = self._at
        samples = np.concatenate(self._kept[:end])
        self._forget(end)
        return Cut(start=start, samples=samples, done_to=self._at)

    def _forget(self, count: int) -> None:
        if count > 0:
            self._at += count * WINDOW_S
            del self._kept[:count]
            del self._voice[:count]

    def _quietest(self) -> int:
        """Index at which to cut: the middle of the three quietest windows in a row."""
        end = len(self._kept) - CUT_BEFORE_END
        begin = end - CUT_WITHIN
        power = [float(np.square(w.astype(np.float32)).mean()) for w in self._kept[begin:end]]
        smooth = np.convolve(np.array(power), np.ones(3), mode="valid")
        return begin + int(smooth.argmin()) + 1
