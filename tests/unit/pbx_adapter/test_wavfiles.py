from __future__ import annotations

import asyncio
import wave
from datetime import UTC, datetime
from pathlib import Path

import pytest

from callwright.integrations.pbx.asterisk.wavfiles import all_final, is_final, salvage
from callwright.kit.clock import VirtualClock
from callwright.ports.telephony import RecordingFiles

START = datetime(2026, 3, 2, tzinfo=UTC)


def write(path: Path, frames: int) -> Path:
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\1\0" * frames)
    return path


def unfinished(path: Path, frames: int) -> Path:
    """As MixMonitor leaves it until the end: the header says nothing of the length."""
    data = bytearray(write(path, frames).read_bytes())
    data[4:8] = data[40:44] = b"\0\0\0\0"
    path.write_bytes(data)
    return path


def test_only_a_stated_length_is_final(tmp_path: Path) -> None:
    assert is_final(write(tmp_path / "done.wav", 800))
    assert is_final(write(tmp_path / "empty.wav", 0))
    assert not is_final(unfinished(tmp_path / "growing.wav", 800))
    assert not is_final(tmp_path / "missing.wav")
    (tmp_path / "nothing.wav").touch()
    assert not is_final(tmp_path / "nothing.wav")


@pytest.mark.parametrize("frames", [1, 800, 16_001])
def test_a_dead_writers_file_is_made_readable(tmp_path: Path, frames: int) -> None:
    path = unfinished(tmp_path / "cut.wav", frames)
    salvage(path)
    assert is_final(path)
    with wave.open(str(path)) as sound:
        assert sound.getnframes() == frames


@pytest.mark.parametrize("size", [0, 20])
def test_a_file_that_had_hardly_begun_becomes_empty(tmp_path: Path, size: int) -> None:
    path = tmp_path / "begun.wav"
    path.write_bytes(b"x" * size)
    salvage(path)
    with wave.open(str(path)) as sound:
        assert (sound.getnframes(), sound.getframerate()) == (0, 8000)


async def test_waiting_ends_when_a_file_never_becomes_final(tmp_path: Path) -> None:
    clock = VirtualClock(START)
    done, growing = write(tmp_path / "a.wav", 8), unfinished(tmp_path / "b.wav", 8)
    files = RecordingFiles("name", done, growing, START)
    waiting = asyncio.ensure_future(all_final(clock, files))
    await clock.advance(4.0)
    assert not waiting.done()
    await clock.advance(3.0)
    assert waiting.result() is False


async def test_waiting_ends_at_once_when_both_are_final(tmp_path: Path) -> None:
    files = RecordingFiles("n", write(tmp_path / "a.wav", 8), write(tmp_path / "b.wav", 8), START)
    assert await all_final(VirtualClock(START), files)
