"""Reads the rendered calls back with whisper-base and prints the character error of each leg."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from demo.render.calls import CALLS
from demo.render.line import LINE_RATE
from demo.render.spoken_numbers import chinese_to_digits, english_to_digits
from demo.render.wav import read_ulaw
from opencc import OpenCC
from rapidfuzz.distance import Levenshtein
from scipy import signal

MODEL = Path(os.environ.get("WHISPER_MODEL", ".callwright/models/whisper-base"))
WHISPER_RATE = 16_000
GUIDE = {"zh": "以下是普通话的句子。", "en": None}


def check_call(name: str) -> None:
    """One line for each misheard turn, one for each leg."""
    script = yaml.safe_load((CALLS / f"{name}.yaml").read_text("utf-8"))
    language = script["language"]
    for speaker in sorted({turn["speaker"] for turn in script["turns"]}):
        turns = [turn for turn in script["turns"] if turn["speaker"] == speaker]
        errors = [_errors(turn, language) for turn in turns]
        length = sum(len(comparable(turn["text"], language)) for turn in turns)
        share = 100 * sum(errors) / length
        print(f"{name:24} {speaker:9} {share:5.1f} %  {length} characters", flush=True)


def comparable(text: str, language: str) -> str:
    """Letters and digits only: simplified, lower case, numbers as digits."""
    if language == "zh":
        text = chinese_to_digits(re.sub("[她它]", "他", _simplify().convert(text)))
    else:
        text = english_to_digits(text)
    return re.sub(r"[\W_]", "", text).lower()


def _errors(turn: dict[str, Any], language: str) -> int:
    start, end = (round(turn[edge] * LINE_RATE) for edge in ("start", "end"))
    heard = _listen(read_ulaw(CALLS / turn["file"])[start:end], language)
    wanted, got = comparable(turn["text"], language), comparable(heard, language)
    if wanted != got:
        print(f"    said  {turn['text']}\n    heard {heard}")
    return int(Levenshtein.distance(wanted, got))


def _listen(pcm: np.ndarray[Any, np.dtype[np.int16]], language: str) -> str:
    sound = signal.resample_poly(pcm.astype(np.float32) / 32768, WHISPER_RATE, LINE_RATE)
    segments, _ = _model().transcribe(
        sound, language=language, beam_size=5, initial_prompt=GUIDE[language]
    )
    return "".join(segment.text for segment in segments)


@cache
def _model() -> Any:
    from faster_whisper import WhisperModel

    return WhisperModel(str(MODEL), device="cpu", compute_type="int8", cpu_threads=1)


@cache
def _simplify() -> Any:
    return OpenCC("t2s")
