"""The estimate of waits from what is stored now: who waits, who works, what was handled lately."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timedelta

from callwright.agents import service as agents
from callwright.calls import service as calls
from callwright.kit.db import Tx
from callwright.queues.model import Queue
from callwright.routing import rules
from callwright.routing.expected import Expectation, Handled, Lately, expected_waits
from callwright.routing.floor import free_agent, waiting_calls

RECENT = timedelta(hours=2)
DAY = timedelta(hours=24)
KEPT_S = 60.0  # the mean of two hours changes slowly


class Estimates:
    """What was handled lately is read once a minute; who waits and who works, each time anew."""

    def __init__(self) -> None:
        self._lately = Lately({}, {})
        self._read_at = -math.inf

    async def now(self, tx: Tx, queues: Mapping[str, Queue]) -> dict[str, Expectation]:
        """Every waiting caller's estimate by contact id."""
        waiting = [row for row in await calls.waiting(tx) if row["queue"] in queues]
        crew = await agents.agents_on_duty(tx)
        _, policy = await rules.in_force(tx)
        at = tx.clock.now()
        return expected_waits(
            await waiting_calls(tx, waiting, queues, policy, at),
            [free_agent(agent, at) for agent in crew],
            await self._handled(tx),
            policy,
        )

    async def _handled(self, tx: Tx) -> Lately:
        if tx.clock.monotonic() - self._read_at >= KEPT_S:
            now = tx.clock.now()
            self._lately = Lately(await _since(tx, now - RECENT), await _since(tx, now - DAY))
            self._read_at = tx.clock.monotonic()
        return self._lately


async def _since(tx: Tx, since: datetime) -> dict[str, Handled]:
    found = await calls.handled_since(tx, since)
    return {queue: Handled(count, mean) for queue, (count, mean) in found.items()}
