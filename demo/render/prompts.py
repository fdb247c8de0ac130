"""Renders demo/prompts: 16-bit 8 kHz sound, as the PBX plays it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import yaml
from demo.render import line
from demo.render.studio import Part, speak
from demo.render.wav import write_pcm

PROMPTS = Path(__file__).parents[1] / "prompts"


def render_prompts(cast: dict[str, Part], files: Collection[str] = ()) -> float:
    """Write the prompts of prompts.yaml; seconds of speech. `cast` is by language; `files` = only
    these, all of them without."""
    samples = 0
    for prompt in yaml.safe_load((PROMPTS / "prompts.yaml").read_text("utf-8")):
        if files and prompt["file"] not in files:
            continue
        pcm = speak(prompt["text"], cast[prompt["language"]])
        write_pcm(PROMPTS / prompt["file"], pcm)
        samples += len(pcm)
    return samples / line.LINE_RATE
