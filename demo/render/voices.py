"""Renders demo/voices: some ready replies, as they are uploaded and played into a call."""

from __future__ import annotations

from pathlib import Path

import yaml
from demo.render import line
from demo.render.studio import Part, speak
from demo.render.wav import write_pcm

DEMO = Path(__file__).parents[1]
VOICES = DEMO / "voices"


def render_voices(cast: dict[str, Part]) -> float:
    """Write a file for every reply of voices.yaml; seconds of speech. `cast` is by language."""
    scripts = yaml.safe_load((DEMO / "company" / "scripts.yaml").read_text("utf-8"))
    texts = {script["number"]: script["text"] for script in scripts}
    samples = 0
    for language, numbers in yaml.safe_load((VOICES / "voices.yaml").read_text("utf-8")).items():
        for number in numbers:
            pcm = speak(texts[number], cast[language])
            write_pcm(VOICES / f"{number}.wav", pcm)
            samples += len(pcm)
    return samples / line.LINE_RATE
