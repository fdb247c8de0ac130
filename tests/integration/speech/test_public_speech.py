"""whisper-base on recordings of real people, brought to phone quality."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import av
import numpy as np
import pytest
from tests.contract.speech.sounds import RATE, ROOT, error_rate, write_wav

from callwright.integrations.speech.audio import Samples, resampled
from callwright.integrations.speech.faster_whisper import faster_whisper
from callwright.integrations.speech.worker import SpeechWorker

DATA = Path(os.environ.get("CALLWRIGHT_TEST_DATA", ROOT.parent / "shared" / "data"))
READ_ALOUD = DATA / "development" / "aishell_sample_S0150"
NUMBERS = DATA / "development" / "aishell_spoken_numbers_S0150"
EXAMPLES = DATA / "public" / "firered_examples"
FAR_FROM_THE_MICROPHONE = "TEST_MEETING"


@pytest.fixture(scope="module")
async def worker() -> AsyncIterator[SpeechWorker]:
    made = faster_whisper(ROOT / ".callwright" / "models" / "whisper-base")
    yield made
    await made.close()


def phone_quality(path: Path) -> Samples:
    """16-bit PCM at 8 kHz of any audio file."""
    with av.open(str(path)) as file:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=16000)
        frames = [part for frame in file.decode(audio=0) for part in resampler.resample(frame)]
        sound = [part.to_ndarray()[0] for part in (*frames, *resampler.resample(None))]
    return resampled(np.concatenate(sound), 16000, RATE)


def sentences(folder: Path) -> list[tuple[Path, str]]:
    """Recording and what is said in it, from the folder's list."""
    if not folder.is_dir():
        pytest.skip(f"NO TEST DATA: {folder.name} is not under CALLWRIGHT_TEST_DATA")
    if (folder / "text.tsv").is_file():
        rows = [line.split("\t") for line in (folder / "text.tsv").read_text("utf-8").splitlines()]
        return [(folder / f"{row[0]}.flac", row[1]) for row in rows if row[0].startswith("BAC")]
    lines = (folder / "text").read_text("utf-8").splitlines()
    rows = [line.split(maxsplit=1) for line in lines]
    return [
        (folder / f"{name}.wav", said.replace(" ", ""))
        for name, said in rows
        if not name.startswith(FAR_FROM_THE_MICROPHONE)
    ]


@pytest.mark.parametrize(
    ("folder", "most"),
    [(READ_ALOUD, 0.30), (NUMBERS, 0.15), (EXAMPLES, 0.25)],
    ids=["read aloud", "mobile numbers", "examples"],
)
async def test_error_rate(worker: SpeechWorker, tmp_path: Path, folder: Path, most: float) -> None:
    wrong = letters = 0.0
    told = []
    for path, said in sentences(folder):
        wav = write_wav(tmp_path / f"{path.stem}.wav", phone_quality(path))
        utterances = await worker.recognise_file(wav, channel=0, language="zh")
        heard = "".join(utterance.text for utterance in utterances)
        wrong += error_rate(said, heard) * len(said)
        letters += len(said)
        told.append(f"{said} -> {heard}")
    assert letters, "the list names no recording"
    assert wrong / letters <= most, told
