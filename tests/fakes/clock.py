"""A clock that runs faster than the wall: for tests with a real database under virtual calls."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta


class FastClock:
    """`speed` virtual seconds pass in each real one."""

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self._origin = time.monotonic()
        self._start = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

    def monotonic(self) -> float:
        """Virtual seconds since the start."""
        return (time.monotonic() - self._origin) * self.speed

    def now(self) -> datetime:
        """The virtual now."""
        return self._start + timedelta(seconds=self.monotonic())

    def skip(self, seconds: float) -> None:
        """Later at once; whoever sleeps meanwhile sleeps as long as before."""
        self._start += timedelta(seconds=seconds)

    async def sleep(self, seconds: float) -> None:
        """Sleep a fraction of it."""
        await asyncio.sleep(max(seconds, 0) / self.speed)
