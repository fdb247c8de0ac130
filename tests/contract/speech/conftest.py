"""Both recognisers of the house, each with a model, behind one fixture."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from tests.contract.speech.sounds import ROOT
from tests.contract.speech.tiny_models import tiny_sense_voice

from callwright.integrations.speech.faster_whisper import faster_whisper
from callwright.integrations.speech.sherpa_onnx import sherpa_onnx
from callwright.integrations.speech.worker import SpeechWorker

WHISPER = ROOT / ".callwright" / "models" / "whisper-base"


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SenseVoice model made here."""
    return tiny_sense_voice(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(params=["faster-whisper", "sherpa-onnx"])
def make_worker(request: pytest.FixtureRequest, tiny_model: Path) -> Callable[[], SpeechWorker]:
    """A new recogniser each time it is called."""
    if request.param == "faster-whisper":
        return lambda: faster_whisper(WHISPER)
    return lambda: sherpa_onnx(tiny_model)


@pytest.fixture
async def worker(make_worker: Callable[[], SpeechWorker]) -> AsyncIterator[SpeechWorker]:
    """A recogniser, started, and closed afterwards."""
    made = make_worker()
    await made.start()
    yield made
    await made.close()
