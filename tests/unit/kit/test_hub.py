"""Wake-ups: counted once, never lost, and no obstacle to an end."""

from __future__ import annotations

import asyncio

import pytest

from callwright.kit.hub import Signals


async def test_many_wakes_before_a_wait_count_once() -> None:
    signals = Signals()
    signals.wake("routing")
    signals.wake("routing")
    assert await signals.wait("routing", 0.01)
    assert not await signals.wait("routing", 0.01)


@pytest.mark.parametrize("turns", range(5))
async def test_who_is_cancelled_while_the_news_comes_ends(turns: int) -> None:
    """However close the two are: a loop that waits for ever in turns must hear of its end."""
    signals = Signals()

    async def loop() -> None:
        while True:
            await signals.wait("routing", 60)

    task = asyncio.create_task(loop())
    await asyncio.sleep(0.01)
    signals.wake("routing")
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    _, alive = await asyncio.wait({task}, timeout=1)
    assert not alive
