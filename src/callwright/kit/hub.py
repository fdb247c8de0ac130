"""In-memory wake-ups: items by key to whoever waits for them, and named signals."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")


class Hub(Generic[T]):
    """Delivers items to all current subscribers of a key."""

    def __init__(self) -> None:
        self._queues: dict[str, list[asyncio.Queue[T]]] = {}

    @contextmanager
    def subscribe(self, key: str) -> Iterator[asyncio.Queue[T]]:
        """Get everything sent to `key` while the block runs."""
        queue: asyncio.Queue[T] = asyncio.Queue()
        self._queues.setdefault(key, []).append(queue)
        try:
            yield queue
        finally:
            queues = self._queues[key]
            queues.remove(queue)
            if not queues:
                del self._queues[key]

    def send(self, key: str, item: T) -> None:
        """Give an item to everybody who subscribed to `key`."""
        for queue in self._queues.get(key, ()):
            queue.put_nowait(item)

    def heard(self, key: str) -> bool:
        """Whether anybody waits on `key`."""
        return key in self._queues


class Signals:
    """Named flags: many wakes before one wait count once."""

    def __init__(self) -> None:
        self._flags: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    def wake(self, name: str) -> None:
        """Raise the flag."""
        self._flags[name].set()

    async def wait(self, name: str, timeout_s: float) -> bool:
        """Wait for the flag and lower it; False when the time ran out."""
        flag = self._flags[name]
        try:
            async with asyncio.timeout(timeout_s):
                await flag.wait()
        except TimeoutError:
            return False
        flag.clear()
        return True
