"""The estimate of waits from what is stored now: who waits, who works, what was handled lately."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from callwright.agents import service as agents
from callwright.agents.model import Agent
from callwright.calls import service as calls
from callwright.kit.db import Tx
from callwright.queues.model import Queue
from callwright.routing.expected import Expectation, Handled, Lately, expected_waits
from callwright.routing.model import FreeAgent, WaitingCall

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
        at = tx.clock.now()
        return expected_waits(
            [_call(row, queues[row["queue"]], at) for row in waiting],
            [_agent(agent, at) for agent in crew],
            await self._handled(tx),
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


def _call(row: dict[str, Any], queue: Queue, now: datetime) -> WaitingCall:
    return WaitingCall(
        id=str(row["contact_id"]),
        queue=row["queue"],
        tier=row["tier"],
        skills=queue.skills,
        waiting_s=(now - row["entered_at"]).total_seconds(),
        blended=row["blended"],
    )


def _agent(agent: Agent, now: datetime) -> FreeAgent:
    """A ready agent whose phone cannot be rung is free for nobody."""
    free = agent.reachable or agent.state != "ready"
    return FreeAgent(
        id=str(agent.id),
        state=agent.state.value if free else "offline",
        idle_s=(now - agent.state_since).total_seconds(),
        skills=agent.skills,
        queues=agent.queues,
    )
