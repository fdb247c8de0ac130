"""A leg whose end was never told is noticed: the PBX no longer has it in two looks."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from callwright.integrations.pbx.asterisk import AsteriskConnection, AsteriskTelephony
from callwright.integrations.pbx.asterisk.adapter import SWEEP_S
from callwright.integrations.pbx.asterisk.client import AriError
from callwright.integrations.pbx.asterisk.legs import Leg
from callwright.integrations.pbx.delivery import Delivery
from callwright.kit.clock import VirtualClock
from callwright.ports.telephony import LegEnded, PbxEvent

PLACE = AsteriskConnection("http://127.0.0.1:1", "u", "p", "127.0.0.1", 1, "u", "p", "h", 1, Path())


class Scene:
    """An adapter that believes in two legs; `there` = the channels that the PBX still has."""

    def __init__(self) -> None:
        self.clock = VirtualClock(datetime(2026, 1, 1, tzinfo=UTC))
        self.adapter = AsteriskTelephony(PLACE, self.clock)
        self.heard: list[PbxEvent] = []
        self.adapter._delivery = Delivery(self.hear)
        self.there = ["alive", "gone"]
        self.adapter._client.request = self.answer  # type: ignore[assignment, method-assign]
        for name in self.there:
            self.adapter._book.add(Leg(name, incoming=True))

    async def hear(self, event: PbxEvent) -> None:
        self.heard.append(event)

    async def answer(self, method: str, path: str, *_: Any, **query: Any) -> Any:
        if path == "channels":
            return [{"id": name} for name in self.there]
        if query.get("eventSource", "").removeprefix("channel:") not in self.there:
            raise AriError(422, "no such channel", path)
        return None

    @property
    def ended(self) -> list[str]:
        return [event.leg for event in self.heard if isinstance(event, LegEnded)]


async def test_missing_in_two_looks_is_the_end() -> None:
    scene = Scene()
    sweep = asyncio.create_task(scene.adapter._sweep())
    scene.there.remove("gone")
    await scene.clock.advance(SWEEP_S + 1)
    assert scene.ended == [], "one look may be a leg that is only being made"
    await scene.clock.advance(SWEEP_S)
    assert scene.ended == ["gone"]
    sweep.cancel()


async def test_a_leg_that_cannot_be_watched_any_more_has_ended() -> None:
    scene = Scene()
    scene.there.remove("gone")
    await scene.adapter._watch("alive")
    await scene.adapter._watch("gone")
    await scene.clock.advance(0)
    assert scene.ended == ["gone"]
