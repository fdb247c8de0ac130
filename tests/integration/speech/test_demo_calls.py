"""whisper-base hears the demo calls over the phone: 8 kHz µ-law, each side as its own leg."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from tests.contract.speech.sounds import RATE, ROOT, Leg, error_rate, legs

from callwright.integrations.speech.faster_whisper import faster_whisper
from callwright.integrations.speech.worker import SpeechWorker
from callwright.ports.speech import StreamOptions

MOST_OF_A_LEG = 0.20  # a leg has some fifty characters: a few unlucky words weigh much
MOST_OF_ALL = 0.10
TARGET = 0.15  # what most legs must reach
ENGLISH_NUMBERS = {
    "four seven one nine five": "47195",
    "four hundred and ninety nine": "499",
    "ten percent": "10%",
    "fifteen": "15",
    "two thousand": "2000",
    " six": " 6",
}
_heard: dict[str, str] = {}


@pytest.fixture(scope="module")
async def worker() -> AsyncIterator[SpeechWorker]:
    made = faster_whisper(ROOT / ".callwright" / "models" / "whisper-base")
    yield made
    await made.close()


async def recognised(worker: SpeechWorker, leg: Leg) -> str:
    """What was heard of a leg; each is recognised once a session."""
    if leg.name not in _heard:
        live = worker.live(StreamOptions(RATE, leg.language))
        live.feed(leg.samples.tobytes())
        await live.finish()
        said = [utterance.text async for utterance in live]
        _heard[leg.name] = (" " if leg.language == "en" else "").join(said)
    return _heard[leg.name]


def spoken(leg: Leg) -> str:
    """The script, its English numbers as Whisper writes them."""
    text = leg.text
    for words, digits in ENGLISH_NUMBERS.items() if leg.language == "en" else ():
        text = text.replace(words, digits)
    return text


@pytest.mark.parametrize("leg", legs(), ids=lambda leg: leg.name)
async def test_every_leg_can_be_read(worker: SpeechWorker, leg: Leg) -> None:
    heard = await recognised(worker, leg)
    assert error_rate(spoken(leg), heard) <= MOST_OF_A_LEG, heard


async def test_most_legs_reach_the_target(worker: SpeechWorker) -> None:
    found = legs()
    rates = {leg.name: error_rate(spoken(leg), await recognised(worker, leg)) for leg in found}
    letters = {leg.name: len(leg.text) for leg in found}
    wrong = sum(rates[name] * letters[name] for name in rates)
    above = [f"{name} {rate:.2f}" for name, rate in rates.items() if rate > TARGET]
    assert wrong / sum(letters.values()) <= MOST_OF_ALL, rates
    assert len(above) <= len(found) // 8, above


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("refund-customer", ["退款", "不加热"]),
        ("repair-customer", ["洗衣机", "维修"]),
        ("complaint-12315-customer", ["投诉"]),
        ("logistics-customer", ["快递"]),
    ],
)
async def test_the_words_that_decide_the_ticket_are_heard(
    worker: SpeechWorker, call: str, words: list[str]
) -> None:
    leg = next(leg for leg in legs() if leg.name == call)
    heard = await recognised(worker, leg)
    assert [word for word in words if word not in heard] == []
