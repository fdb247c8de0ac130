from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from callwright.integrations.pbx.delivery import Delivery
from callwright.ports.telephony import DigitPressed, LegEnded, PbxEvent, PbxLost

AT = datetime(2026, 3, 2, tzinfo=UTC)


class Sink:
    """Notes what is begun and finished; holds back the legs it is told to."""

    def __init__(self) -> None:
        self.finished: list[PbxEvent] = []
        self.begun: list[PbxEvent] = []
        self.gates: dict[str, asyncio.Event] = {}

    async def __call__(self, event: PbxEvent) -> None:
        self.begun.append(event)
        gate = self.gates.get(getattr(event, "leg", "all"))
        if gate is not None:
            await gate.wait()
        if getattr(event, "digit", "") == "!":
            raise RuntimeError("the platform has a fault")
        self.finished.append(event)


@pytest.fixture
async def sink() -> Sink:
    return Sink()


@pytest.fixture
async def delivery(sink: Sink) -> AsyncIterator[Delivery]:
    made = Delivery(sink)
    yield made
    await made.close()


def key(leg: str, digit: str) -> DigitPressed:
    return DigitPressed(leg, AT, digit)


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_legs_events_keep_their_order_while_others_overtake(
    delivery: Delivery, sink: Sink
) -> None:
    sink.gates["slow"] = asyncio.Event()
    for event in (key("slow", "1"), key("slow", "2"), key("fast", "3"), key("slow", "4")):
        delivery.send(event)
    await settle()
    assert sink.finished == [key("fast", "3")]
    sink.gates["slow"].set()
    await settle()
    assert sink.finished[1:] == [key("slow", "1"), key("slow", "2"), key("slow", "4")]


async def test_a_fault_of_the_platform_is_logged_and_stops_nothing(
    delivery: Delivery, sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        delivery.send(key("a", "!"))
        delivery.send(key("a", "2"))
        await settle()
    assert sink.finished == [key("a", "2")]
    assert "DigitPressed" in caplog.text


async def test_what_comes_after_a_loss_is_delivered_after_it(
    delivery: Delivery, sink: Sink
) -> None:
    sink.gates["all"] = asyncio.Event()
    delivery.send(PbxLost(AT))
    delivery.send(key("a", "1"))
    await settle()
    assert sink.finished == []
    sink.gates["all"].set()
    await settle()
    assert sink.finished == [PbxLost(AT), key("a", "1")]


async def test_a_leg_that_hangs_does_not_delay_the_loss(delivery: Delivery, sink: Sink) -> None:
    sink.gates["a"] = asyncio.Event()
    delivery.send(key("a", "1"))
    delivery.send(PbxLost(AT))
    await settle()
    assert sink.finished == [PbxLost(AT)]


async def test_nothing_is_kept_of_ten_thousand_ended_legs(delivery: Delivery, sink: Sink) -> None:
    for number in range(10_000):
        delivery.send(LegEnded(f"leg-{number}", AT, "normal"))
    await settle()
    assert len(sink.finished) == 10_000
    assert delivery.waiting == 0
