"""What all compared ways share: queues by type and tier, agents by the types they know.

A call's type is its queue and the one skill that it asks for; an agent's level for it decides
whether it is an own skill. Way by way only two things differ: the order of calls that an agent can
take, and which agents may take a call now.
"""

from __future__ import annotations

import heapq
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from callwright.routing.model import FreeAgent, WaitingCall
from callwright.routing.simulation.day import OWN_LEVEL

TIERS = ("vip", "gold", "normal")  # the dearest first
RANK = {"vip": 2, "gold": 1, "normal": 0}


class Given(NamedTuple):
    """A call goes to an agent."""

    call: str
    agent: str


class Waiting:
    """A call that waits. `there` turns false when it has left."""

    __slots__ = ("arrived", "call", "id", "queue", "rank", "there", "tier")

    def __init__(self, call: WaitingCall, arrived: float) -> None:
        self.call, self.id, self.queue, self.arrived = call, call.id, call.queue, arrived
        self.tier, self.rank = call.tier, RANK.get(call.tier, 0)
        self.there = True


class Agent:
    """An agent on duty. `levels`: queue -> level."""

    __slots__ = ("id", "levels", "since")

    def __init__(self, agent: FreeAgent, since: float) -> None:
        self.id, self.since = agent.id, since
        self.levels = dict(agent.skills)


class Heads:
    """The queues' heads and the free agents; subclasses say `key`, `admits` and `agent_key`."""

    waits: tuple[float, ...] = ()  # ages of a call at which more agents may take it

    def __init__(self) -> None:
        self.calls: dict[str, Waiting] = {}
        self.queues: dict[tuple[str, int], deque[Waiting]] = {}
        self.length: Counter[str] = Counter()
        self.agents: dict[str, Agent] = {}
        self.free: dict[str, dict[str, Agent]] = {}  # queue -> the free who know it
        self.duty: Counter[str] = Counter()  # queue -> agents on duty whose own it is
        self.known: dict[str, FreeAgent] = {}
        self._news: list[Waiting | Agent] = []
        self._timers: list[tuple[float, str]] = []

    # what a way of routing decides ----------------------------------------------------------

    def key(self, call: Waiting, level: int, now: float) -> float:
        """The order in which a free agent of this level takes calls; the least first."""
        return call.arrived

    def admits(self, call: Waiting, agent: Agent, level: int, now: float) -> bool:
        """Whether this agent may take the call now."""
        return True

    def agent_key(self, call: Waiting, agent: Agent, level: int) -> tuple[float, ...]:
        """The order in which free agents are given a call; the least first."""
        return (-level, agent.since)

    # news ----------------------------------------------------------------------------------

    def call_arrives(self, call: WaitingCall, now: float) -> None:
        """See `Dispatcher`."""
        waiting = self.calls[call.id] = Waiting(call, now - call.waiting_s)
        line = self.queues.setdefault((call.queue, waiting.rank), deque())
        line.append(waiting)
        if len(line) > 1 and line[-2].arrived > waiting.arrived:
            line.extend(sorted(list(line), key=lambda one: one.arrived))
            for _ in range(len(line) // 2):
                line.popleft()
        self.length[call.queue] += 1
        self._news.append(waiting)
        for wait in self.waits:
            heapq.heappush(self._timers, (waiting.arrived + wait, call.id))

    def call_leaves(self, call_id: str) -> None:
        """See `Dispatcher`."""
        waiting = self.calls.pop(call_id)
        waiting.there = False
        self.length[waiting.queue] -= 1

    def agent_ready(self, agent: FreeAgent, now: float) -> None:
        """See `Dispatcher`."""
        if agent.id not in self.known:
            self.known[agent.id] = agent
            self.duty.update(q for q, level in agent.skills.items() if level >= OWN_LEVEL)
        found = self.agents[agent.id] = Agent(agent, now - agent.idle_s)
        for queue in found.levels:
            self.free.setdefault(queue, {})[agent.id] = found
        self._news.append(found)

    def agent_away(self, agent_id: str) -> None:
        """See `Dispatcher`."""
        agent = self.known.pop(agent_id, None)
        if agent is not None:
            self.duty.subtract(q for q, level in agent.skills.items() if level >= OWN_LEVEL)
        self._take_out(agent_id)

    def _take_out(self, agent_id: str) -> None:
        found = self.agents.pop(agent_id, None)
        if found is not None:
            for queue in found.levels:
                del self.free[queue][agent_id]

    # decisions -----------------------------------------------------------------------------

    def assign(self, now: float) -> Sequence[Given]:
        """Each piece of news is looked at once, in its order."""
        found: list[Given] = []
        news, self._news = self._news, []
        for one in news:
            if isinstance(one, Agent):
                self._serve(one, now, found)
            else:
                self._place(one.queue, now, found)
        while self._timers and self._timers[0][0] <= now + 1e-9:
            waiting = self.calls.get(heapq.heappop(self._timers)[1])
            if waiting is not None:
                self._place(waiting.queue, now, found)
        return found

    def next_change(self, now: float) -> float | None:
        """The next age at which more agents may take a call."""
        while self._timers and self._timers[0][1] not in self.calls:
            heapq.heappop(self._timers)
        return self._timers[0][0] if self._timers else None

    def heads(self, queue: str) -> Iterator[Waiting]:
        """The first of each tier in a queue, the dearest first."""
        for rank in (2, 1, 0):
            line = self.queues.get((queue, rank))
            while line:
                if line[0].there:
                    yield line[0]
                    break
                line.popleft()

    def _serve(self, agent: Agent, now: float, found: list[Given]) -> None:
        if agent.id not in self.agents or self.agents[agent.id] is not agent:
            return
        best: tuple[float, Waiting] | None = None
        for queue, level in agent.levels.items():
            if not self.length[queue]:
                continue
            for call in self.heads(queue):
                if self.admits(call, agent, level, now):
                    key = self.key(call, level, now)
                    if best is None or key < best[0]:
                        best = key, call
        if best is not None:
            self._pair(best[1], agent, found)

    def _place(self, queue: str, now: float, found: list[Given]) -> None:
        """Give the callers of a queue, in their order, to the free agents who may take them."""
        if not self.free.get(queue):
            return
        for call in sorted(self.heads(queue), key=lambda one: self.key(one, OWN_LEVEL, now)):
            agent = self.best_agent(call, now)
            if agent is not None:
                self._pair(call, agent, found)
                return

    def best_agent(self, call: Waiting, now: float) -> Agent | None:
        """The agent for a call among the free."""
        best: tuple[tuple[float, ...], Agent] | None = None
        for agent in self.free.get(call.queue, {}).values():
            level = agent.levels[call.queue]
            if self.admits(call, agent, level, now):
                key = self.agent_key(call, agent, level)
                if best is None or key < best[0]:
                    best = key, agent
        return best[1] if best else None

    def _pair(self, call: Waiting, agent: Agent, found: list[Given]) -> None:
        self.call_leaves(call.id)
        self._take_out(agent.id)
        found.append(Given(call.id, agent.id))
