"""The recognition process may be killed at any moment; nothing is lost or said twice."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.contract.speech.sounds import RATE, leg, write_wav
from tests.contract.speech.test_speech_contract import OPTIONS, assert_in_order, feed, hear

from callwright.integrations.speech.worker import SpeechWorker
from callwright.kit.errors import CallwrightError


async def child_of(worker: SpeechWorker, before: int | None = None) -> int:
    """The process id, once there is a child other than `before`."""
    while worker.pid is None or worker.pid == before:  # noqa: ASYNC110 - nothing tells of it
        await asyncio.sleep(0.01)
    return worker.pid


async def kill_child(worker: SpeechWorker, before: int | None = None) -> int:
    """kill -9; returns its process id."""
    pid = await child_of(worker, before)
    os.kill(pid, signal.SIGKILL)
    return pid


async def test_a_leg_survives_the_death_of_its_child(worker: SpeechWorker) -> None:
    spoken = leg("refund-customer")
    half = spoken.samples.size // 2
    live = worker.live(OPTIONS)
    feed(live, spoken.samples[:half])
    heard = []
    async for utterance in live:
        heard.append(utterance)
        if len(heard) == 1:
            await kill_child(worker)
            feed(live, spoken.samples[half:])
            await live.finish()
    assert len(heard) == spoken.turns
    assert_in_order(heard, spoken.samples.size / RATE)


async def test_a_child_that_dies_twice_fails_the_leg_and_the_next_call_works(
    worker: SpeechWorker,
) -> None:
    live = worker.live(OPTIONS)
    feed(live, leg("refund-customer").samples)
    first = await kill_child(worker)
    await kill_child(worker, before=first)
    with pytest.raises(CallwrightError, match="speech_failed"):
        async for _ in live:
            pass
    spoken = leg("refund-agent")
    assert len(await hear(worker, spoken.samples)) == spoken.turns


async def test_a_file_is_begun_again(worker: SpeechWorker, tmp_path: Path) -> None:
    spoken = leg("refund-customer")
    wav = write_wav(tmp_path / "call.wav", spoken.samples)
    task = asyncio.create_task(worker.recognise_file(wav, channel=0, language="zh"))
    await kill_child(worker)
    assert len(await task) == spoken.turns


async def test_close_fails_those_who_wait_and_leaves_no_process(
    make_worker: Callable[[], SpeechWorker], tmp_path: Path
) -> None:
    worker = make_worker()
    wav = write_wav(tmp_path / "call.wav", leg("refund-customer").samples)
    task = asyncio.create_task(worker.recognise_file(wav, channel=0, language="zh"))
    pid = await child_of(worker)
    await worker.close()
    with pytest.raises(CallwrightError, match="speech_failed"):
        await task
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_missing_model_is_told_before_any_work(tmp_path: Path) -> None:
    from callwright.integrations.speech.faster_whisper import faster_whisper
    from callwright.integrations.speech.sherpa_onnx import sherpa_onnx

    wav = write_wav(tmp_path / "call.wav", leg("refund-customer").samples)
    for make in (faster_whisper, sherpa_onnx):
        worker = make(tmp_path / "no-model")
        health = await worker.health()
        assert not health.ready
        assert "no-model" in health.detail
        with pytest.raises(CallwrightError, match="no-model"):
            await hear(worker, leg("refund-customer").samples)
        with pytest.raises(CallwrightError, match="no-model"):
            await worker.recognise_file(wav, channel=0)
        assert worker.pid is None


async def test_a_damaged_model_fails_with_its_reason(tmp_path: Path) -> None:
    from callwright.integrations.speech.faster_whisper import faster_whisper

    for name in ("model.bin", "config.json", "tokenizer.json"):
        (tmp_path / name).write_bytes(b"{}")
    worker = faster_whisper(tmp_path)
    with pytest.raises(CallwrightError, match="speech_failed"):
        await hear(worker, leg("refund-customer").samples)
    health = await worker.health()
    assert not health.ready
    assert health.detail
    await worker.close()
