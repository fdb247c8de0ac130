"""Renders demo/prompts: G.711 µ-law, half the size; loading the demo makes it 16 bit."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np
import yaml
from demo.render import line
from demo.render.studio import Part, speak
from demo.render.wav import write_ulaw

LOUDEST = 15_990  # the step below 16384
PROMPTS = Path(__file__).parents[1] / "prompts"


def render_prompts(cast: dict[str, Part], files: Collection[str] = ()) -> float:
    """Write the prompts of prompts.yaml; seconds of speech. `cast` is by language; `files` = only
    these, all of them without."""
    samples = 0
    for prompt in yaml.safe_load((PROMPTS / "prompts.yaml").read_text("utf-8")):
        if files and prompt["file"] not in files:
            continue
        pcm = speak(prompt["text"], cast[prompt["language"]])
        write_ulaw(PROMPTS / prompt["file"], _below_half(pcm))
        samples += len(pcm)
    return samples / line.LINE_RATE


def _below_half(pcm: line.Pcm) -> line.Pcm:
    """No step of µ-law's coarse upper ones rounds a peak up beyond half of the full scale."""
    peak = int(np.abs(pcm.astype(int)).max())
    return pcm if peak <= LOUDEST else (pcm * (LOUDEST / peak)).astype(np.int16)
