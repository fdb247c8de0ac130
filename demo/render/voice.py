"""One sentence by one voice: Kokoro-82M on one CPU thread."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import onnxruntime as ort
from demo.render import weights
from demo.render.phonemes import phonemes
from numpy.typing import NDArray

RATE = 24_000  # samples a second, float in -1…1
Sound = NDArray[np.float32]


def say(text: str, *, voice: str, language: str, speed: float = 1.0) -> Sound:
    """Speech at 24 kHz. The same text, voice and speed give the same sound."""
    vocabulary = _vocabulary()
    sounds = phonemes(text, language)
    unknown = {letter for letter in sounds if letter not in vocabulary}
    if unknown:
        raise SystemExit(f"text {text!r}: no phoneme for {sorted(unknown)}")
    ids = [vocabulary[letter] for letter in sounds]
    inputs = {
        "input_ids": np.array([[0, *ids, 0]], dtype=np.int64),
        "style": _styles(voice)[len(ids)],
        "speed": np.array([speed], dtype=np.float32),
    }
    return np.asarray(_model().run(None, inputs)[0], dtype=np.float32).reshape(-1)


@cache
def _model() -> Any:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    path = str(weights.model_file())
    return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])


@cache
def _styles(voice: str) -> Sound:
    return np.fromfile(weights.voice_file(voice), dtype=np.float32).reshape(-1, 1, 256)


@cache
def _vocabulary() -> dict[str, int]:
    table = json.loads(files("kokoro_onnx").joinpath("config.json").read_text("utf-8"))
    return dict(table["vocab"])
