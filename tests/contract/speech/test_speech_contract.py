"""What every recogniser must do, live and from files."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.contract.speech.sounds import RATE, Samples, leg, noise, silence, write_wav

from callwright.integrations.speech.worker import SpeechWorker
from callwright.kit.errors import CallwrightError
from callwright.ports.speech import LiveRecognition, StreamOptions, Utterance

OPTIONS = StreamOptions(RATE, language="zh")
FRAME = RATE // 50  # what a phone sends every 20 ms


def feed(live: LiveRecognition, sound: Samples) -> None:
    """As the phone does, frame by frame."""
    for begin in range(0, sound.size, FRAME):
        live.feed(sound[begin : begin + FRAME].tobytes())


async def hear(worker: SpeechWorker, sound: Samples) -> list[Utterance]:
    """One whole live leg."""
    live = worker.live(OPTIONS)
    feed(live, sound)
    await live.finish()
    return [utterance async for utterance in live]


def assert_in_order(heard: list[Utterance], seconds: float) -> None:
    """Times only go forward, words inside their utterance, utterances inside the stream."""
    before = 0.0
    for utterance in heard:
        assert before <= utterance.start < utterance.end <= seconds
        before = utterance.start
        for word in utterance.words:
            assert before <= word.start <= word.end <= utterance.end
            before = word.end
        letters = "".join(word.text for word in utterance.words)
        assert letters.replace(" ", "") == utterance.text.replace(" ", "")


async def test_live_utterances_come_in_order(worker: SpeechWorker) -> None:
    spoken = leg("refund-customer")
    heard = await hear(worker, spoken.samples)
    assert len(heard) == spoken.turns
    assert_in_order(heard, spoken.samples.size / RATE)


async def test_an_utterance_comes_while_the_call_goes_on(worker: SpeechWorker) -> None:
    live = worker.live(OPTIONS)
    feed(live, leg("refund-customer").samples)
    async for utterance in live:
        assert utterance.words
        break
    await live.close()


async def test_silence_and_noise_say_nothing(worker: SpeechWorker) -> None:
    assert await hear(worker, silence(20)) == []
    assert await hear(worker, noise(20)) == []


async def test_a_leg_without_sound_just_ends(worker: SpeechWorker) -> None:
    assert await hear(worker, silence(0)) == []
    assert not (await worker.health()).loaded, "a model was loaded for nothing"


async def test_close_ends_iteration_at_once(worker: SpeechWorker) -> None:
    live = worker.live(OPTIONS)
    feed(live, leg("refund-customer").samples)
    await live.close()
    assert [utterance async for utterance in live] == []


async def test_two_legs_do_not_mix(worker: SpeechWorker) -> None:
    customer, agent = leg("refund-customer"), leg("refund-agent")
    alone = await hear(worker, customer.samples)
    both = await asyncio.gather(hear(worker, customer.samples), hear(worker, agent.samples))
    assert [heard.text for heard in both[0]] == [heard.text for heard in alone]
    assert len(both[1]) == agent.turns


async def test_one_channel_of_a_file(worker: SpeechWorker, tmp_path: Path) -> None:
    spoken = leg("refund-customer")
    wav = write_wav(tmp_path / "call.wav", silence(5), spoken.samples)
    assert await worker.recognise_file(wav, channel=0, language="zh") == []
    heard = await worker.recognise_file(wav, channel=1, language="zh")
    assert len(heard) == spoken.turns
    assert_in_order(heard, spoken.samples.size / RATE)


async def test_live_work_overtakes_files(worker: SpeechWorker, tmp_path: Path) -> None:
    spoken = leg("refund-customer")
    wav = write_wav(tmp_path / "call.wav", spoken.samples)
    files = [
        asyncio.create_task(worker.recognise_file(wav, channel=0, language="zh")) for _ in range(2)
    ]
    assert await hear(worker, leg("refund-agent").samples)
    assert not files[-1].done(), "the files came first"
    assert all(await asyncio.gather(*files))


@pytest.mark.parametrize("channel", [-1, 2])
async def test_a_wrong_channel_is_named(worker: SpeechWorker, tmp_path: Path, channel: int) -> None:
    wav = write_wav(tmp_path / "call.wav", silence(1), silence(1))
    with pytest.raises(CallwrightError, match="channel"):
        await worker.recognise_file(wav, channel=channel)


async def test_what_is_not_a_wav_file_is_named(worker: SpeechWorker, tmp_path: Path) -> None:
    (tmp_path / "call.wav").write_bytes(b"RIFF but nothing more")
    for name in ("call.wav", "gone.wav"):
        with pytest.raises(CallwrightError, match=name):
            await worker.recognise_file(tmp_path / name, channel=0)


async def test_health_tells_of_the_model(worker: SpeechWorker) -> None:
    before = await worker.health()
    assert before.ready
    assert not before.loaded
    await hear(worker, leg("refund-customer").samples)
    after = await worker.health()
    assert after.loaded
    assert after.backlog_s == 0.0
