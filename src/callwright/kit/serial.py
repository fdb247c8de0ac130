"""Work in order per key, side by side across keys."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)


class Serial:
    """Runs the work of one key strictly one after another, in the order it was given."""

    def __init__(self) -> None:
        self._tails: dict[str, asyncio.Task[None]] = {}

    def run(self, key: str, work: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        """Append work to a key's line; returns at once."""
        task = asyncio.create_task(self._after(self._tails.get(key), key, work))
        self._tails[key] = task
        task.add_done_callback(lambda done: self._forget(key, done))
        return task

    async def drain(self) -> None:
        """Wait until everything given so far is done."""
        while self._tails:
            await asyncio.gather(*self._tails.values(), return_exceptions=True)
            await asyncio.sleep(0)

    async def _after(
        self, before: asyncio.Task[None] | None, key: str, work: Callable[[], Awaitable[None]]
    ) -> None:
        if before is not None:
            await asyncio.wait({before})
        try:
            await work()
        except Exception:
            log.exception("failed: %s", key)

    def _forget(self, key: str, task: asyncio.Task[None]) -> None:
        if self._tails.get(key) is task:
            del self._tails[key]
