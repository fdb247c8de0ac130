"""Says prompts to one caller outside the menus, and makes the tone after which one speaks."""

from __future__ import annotations

import io
import logging
import wave
from collections.abc import Sequence

import numpy as np

from callwright.calls.model import Contact
from callwright.kit.files import write_whole
from callwright.ports.house import House

log = logging.getLogger(__name__)

RATE, TONE_HZ, TONE_S, LOUD = 8000, 1000, 0.35, 6000


async def say(house: House, contact: Contact, prompts: Sequence[str]) -> bool:
    """Speak; False when the caller is gone. A prompt that fails is logged, never hidden."""
    played = await house.telephony.play(contact.caller_leg, files_of(house, contact, prompts))
    if played.state == "failed":
        log.error("prompt failed: %s", played.reason)
    return played.state != "leg_gone"


def files_of(house: House, contact: Contact, prompts: Sequence[str]) -> list[str]:
    """The sound files of prompts in the caller's language."""
    return [house.prompt(key, contact.language) for key in prompts]


def tone_file(house: House) -> str:
    """The tone of an answering machine: made once, or the company's own `tone.wav`."""
    file = house.settings.home / "prompts" / "tone.wav"
    if not file.exists():
        turn = 2 * np.pi * TONE_HZ / RATE * np.arange(round(RATE * TONE_S))
        sound = io.BytesIO()
        with wave.open(sound, "wb") as out:
            out.setparams((1, 2, RATE, 0, "NONE", ""))
            out.writeframes((LOUD * np.sin(turn)).astype("<i2").tobytes())
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, sound.getvalue())
    return str(file)
