"""Hands PBX events to the platform: in order for each leg, legs beside each other."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Coroutine
from typing import Any

from callwright.ports.telephony import (
    PbxBack,
    PbxEvent,
    PbxLost,
    PbxSink,
    PhoneChanged,
)

log = logging.getLogger(__name__)

_Gate = asyncio.Task[None] | None


class Delivery:
    """One short-lived worker per leg with waiting events; nothing is kept for a leg at rest.

    `PbxLost` and `PbxBack` concern every leg: what is sent after them is delivered after them.
    A sink that raises is logged and does not stop the rest.
    """

    def __init__(self, sink: PbxSink) -> None:
        self._sink = sink
        self._waiting: dict[str, deque[tuple[_Gate, PbxEvent]]] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._gate: _Gate = None

    def send(self, event: PbxEvent) -> None:
        """Queue one event; returns at once."""
        if isinstance(event, PbxLost | PbxBack):
            self._gate = self._spawn(self._give_to_all(self._gate, event))
            return
        key = event.endpoint if isinstance(event, PhoneChanged) else event.leg
        queue = self._waiting.get(key)
        if queue is None:
            queue = self._waiting[key] = deque()
            self._spawn(self._work(key, queue))
        queue.append((self._gate, event))

    @property
    def waiting(self) -> int:
        """Legs and phones with undelivered events."""
        return len(self._waiting)

    async def close(self) -> None:
        """Stop; events still waiting are dropped."""
        for worker in list(self._workers):
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._workers.add(task)
        task.add_done_callback(self._workers.discard)
        return task

    async def _give_to_all(self, before: _Gate, event: PbxEvent) -> None:
        await _passed(before)
        await self._give(event)

    async def _work(self, key: str, queue: deque[tuple[_Gate, PbxEvent]]) -> None:
        try:
            while queue:
                gate, event = queue.popleft()
                await _passed(gate)
                await self._give(event)
        finally:
            self._waiting.pop(key, None)

    async def _give(self, event: PbxEvent) -> None:
        try:
            await self._sink(event)
        except Exception:
            log.exception("the platform failed on %s", type(event).__name__)


async def _passed(gate: _Gate) -> None:
    if gate is not None and not gate.done():
        await asyncio.wait({gate})
