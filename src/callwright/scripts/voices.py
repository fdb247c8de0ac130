"""The sound of scripts: uploaded, or spoken by a model; files named by what is in them."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import UUID

import av
import numpy as np

from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.files import write_whole
from callwright.ports.house import House
from callwright.ports.tts import Speech
from callwright.scripts import store
from callwright.scripts.model import Script
from callwright.scripts.sound import RATE, Clip, Samples, clip_of, convert, seconds_of
from callwright.scripts.variables import Filled, names_in

FOLDER = "voices"
Known = dict[tuple[UUID, str], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Voice:
    """The file that speaks a script's text. `source` = upload, tts."""

    path: Path
    seconds: float
    source: str


def digest(text: str) -> str:
    """Names a text, so that a voice never speaks for other words than its own."""
    return hashlib.sha256(text.encode()).hexdigest()


async def upload(home: Path, tx: Tx, script: Script, content: bytes, author: str) -> Voice:
    """Convert what somebody recorded and keep it for the script's present text."""
    clip = await asyncio.to_thread(convert, content)
    return await _keep(home, tx, script, clip, source="upload", author=author)


async def render(house: House, tx: Tx, script: Script, author: str) -> Voice:
    """Let the model speak a script without variables, once, for all calls."""
    if names_in(script.body.text):
        raise CallwrightError("wrong_state", what="voice", state="has_variables")
    spoken = await _spoken(house, script.body.text, script.body.language)
    clip = Clip(await asyncio.to_thread(spoken.path.read_bytes), spoken.seconds)
    return await _keep(house.settings.home, tx, script, clip, source="tts", author=author)


async def voice_of(home: Path, tx: Tx, script: Script) -> Voice | None:
    """The voice of the script's text, if it has one."""
    row = await store.voice(tx, *key_of(script))
    if row is None:
        return None
    return Voice(_file(home, row["file"]), row["seconds"], row["source"])


async def forget(tx: Tx, script: Script) -> None:
    """The script's present text has no voice any more; the file may serve others."""
    await store.delete_voice(tx, *key_of(script))


def key_of(script: Script) -> tuple[UUID, str]:
    """By what its voice is known."""
    return script.head.id, digest(script.body.text)


async def voices(tx: Tx, scripts: Iterable[Script]) -> Known:
    """Seconds and source of the voices of scripts."""
    rows = await store.voices(tx, [script.head.id for script in scripts])
    names = ("seconds", "source")
    return {(row["script_id"], row["text_hash"]): {n: row[n] for n in names} for row in rows}


async def clip_for(house: House, tx: Tx, script: Script, filled: Filled) -> Voice:
    """What to play in a call; `wrong_state` says why there is nothing to play.

    A recording cannot speak a customer's values: only a model can.
    """
    if names_in(script.body.text):
        try:
            return await _spoken(house, filled.spoken, script.body.language)
        except CallwrightError as error:
            if error.code != "no_tts":
                raise
            has = await voice_of(house.settings.home, tx, script)
            state = "without_values" if has else "none"
            raise CallwrightError(
                "wrong_state", what="voice", state=state, **error.params
            ) from error
    found = await voice_of(house.settings.home, tx, script)
    if found is None or not found.path.is_file():
        raise CallwrightError("wrong_state", what="voice", state="none", no=script.head.no)
    return found


async def _spoken(house: House, text: str, language: str) -> Voice:
    """Spoken by the model, or before: the same words with the same voice are one file."""
    home = house.settings.home
    path = _file(home, digest(f"{house.tts.voice}\n{language}\n{text}"))
    if not path.is_file():
        speech = await house.tts.speak(text, language)
        clip = await asyncio.to_thread(lambda: clip_of(_narrow(speech)))
        await asyncio.to_thread(_write, path, clip.wav)
    content = await asyncio.to_thread(path.read_bytes)
    return Voice(path, round(seconds_of(content), 3), "tts")


def _narrow(speech: Speech) -> Samples:
    """To the telephone's rate."""
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    frame = av.AudioFrame.from_ndarray(
        np.frombuffer(speech.pcm, np.float32).reshape(1, -1), format="flt", layout="mono"
    )
    frame.sample_rate, frame.time_base = speech.rate, Fraction(1, speech.rate)
    parts = [*resampler.resample(frame), *resampler.resample(None)]
    return np.concatenate([part.to_ndarray()[0] for part in parts]).astype(np.float32)


async def _keep(
    home: Path, tx: Tx, script: Script, clip: Clip, *, source: str, author: str
) -> Voice:
    name = hashlib.sha256(clip.wav).hexdigest()
    await asyncio.to_thread(_write, _file(home, name), clip.wav)
    await store.save_voice(
        tx, *key_of(script), file=name, seconds=clip.seconds,
        source=source, author=author, at=tx.clock.now(),
    )  # fmt: skip
    return Voice(_file(home, name), clip.seconds, source)


def _file(home: Path, name: str) -> Path:
    return home.absolute() / FOLDER / f"{name}.wav"


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all; the PBX, another user, must be able to read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o755)
    write_whole(path, content, 0o644)
