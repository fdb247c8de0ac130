"""Random floors: a plain book of who waits and who works, beside the fast pool."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from callwright.routing.model import Assignment, FreeAgent, WaitingCall, assign_all
from callwright.routing.policy import Gate, Policy, Step, Tongue
from callwright.routing.pool import Pool

QUEUES = ("orders", "repairs")
SKILLS = ("a", "b")
TEAMS = ("red", "blue")
# halves and whole seconds only: sums of them are exact, so that two ways to add them agree
POLICY = Policy(
    tier_value={"gold": 2.0, "diamond": 3.0},
    type_value={},
    repeat_value=1.0,
    open_ticket_value=1.0,
    guarantee_s=40.0,
    own_first_s=8.0,
    relax=(Step(6.0, 1), Step(12.0, 2), Step(30.0, any=True)),
    gate=Gate(3, 0.75, 10.0),
    sticky_s=4.0,
    team_s=8.0,
    reserve=1,
    languages={"yue": Tongue("cantonese", 2)},
    queue_capacity={"repairs": 2},
)


class Book:
    """The state of a floor as plain values; `agents` at their state since a moment."""

    def __init__(self, policy: Policy, seed: int) -> None:
        self.policy, self.random = policy, random.Random(seed)
        self.now = 0.0
        self.calls: dict[str, tuple[WaitingCall, float]] = {}
        self.agents: dict[str, tuple[FreeAgent, float]] = {}
        self.pool = Pool(policy)
        self.count = 0
        chance = self.random
        self.needs = [
            {s: chance.randint(1, 4) for s in SKILLS if chance.random() < 0.5} for _ in range(4)
        ]
        self.trades = [
            {s: chance.randint(1, 5) for s in (*SKILLS, "cantonese") if chance.random() < 0.7}
            for _ in range(6)
        ]

    def moment(self) -> tuple[list[WaitingCall], list[FreeAgent]]:
        """Calls and agents as they are now."""
        calls = [replace(c, waiting_s=self.now - since) for c, since in self.calls.values()]
        agents = [replace(a, idle_s=self.now - since) for a, since in self.agents.values()]
        return calls, agents

    def decide(self) -> tuple[Sequence[Assignment], Sequence[Assignment]]:
        """What the plain form and the pool decide; the book follows."""
        plain: Sequence[Assignment] = ()
        if any(agent.state == "ready" for agent, _ in self.agents.values()):
            calls, agents = self.moment()
            plain = assign_all(calls, agents, self.policy)
        fast = self.pool.assign(self.now)
        for one in plain:
            call, _ = self.calls.pop(one.call)
            agent, since = self.agents[one.agent]
            left = agent.capacity - 1
            state = "ready" if left else "talking"
            serving = (*agent.serving, call.queue)
            busy = replace(agent, capacity=left, state=state, serving=serving)
            self.agents[one.agent] = (busy, since)
        return plain, fast

    def happen(self) -> None:
        """Something happens, at random, a moment later."""
        chance = self.random
        self.now += chance.choice((0.0, 0.5, 1.0, 1.0, 2.0, 5.0))
        kind = chance.random()
        if kind < 0.45 and len(self.calls) < 7:
            self._arrive()
        elif kind < 0.55 and self.calls:
            gone = chance.choice(sorted(self.calls))
            del self.calls[gone]
            self.pool.call_leaves(gone)
        elif kind < 0.85:
            self._ready()
        elif kind < 0.93:
            self._busy()
        elif self.agents:
            gone = chance.choice(sorted(self.agents))
            del self.agents[gone]
            self.pool.agent_away(gone)

    def _arrive(self) -> None:
        chance = self.random
        self.count += 1
        call = WaitingCall(
            id=f"c{self.count}", queue=chance.choice(QUEUES),
            tier=chance.choice(("", "gold", "diamond")),
            skills=chance.choice(self.needs),
            waiting_s=chance.choice((0.0, 0.0, 0.0, 3.0, 20.0)),
            sticky=chance.choice((None, None, "a1", "a2")),
            wants=chance.choice(("", "", "red", "blue")),
            language=chance.choice(("", "", "zh", "yue-HK")),
            blended=chance.random() < 0.15,
        )  # fmt: skip
        self.calls[call.id] = (call, self.now - call.waiting_s)
        self.pool.call_arrives(call, self.now)

    def _ready(self) -> None:
        agent = self._agent("ready", ())
        self.agents[agent.id] = (agent, self.now - agent.idle_s)
        self.pool.agent_ready(agent, self.now)

    def _busy(self) -> None:
        agent = self._agent("talking", self.random.choice(((), ("orders",), ("repairs",))))
        self.agents[agent.id] = (agent, self.now)
        self.pool.agent_busy(agent)

    def _agent(self, state: str, serving: tuple[str, ...]) -> FreeAgent:
        """Somebody; most of the time with the skills that they had before."""
        chance = self.random
        id_ = f"a{chance.randint(1, 5)}"
        before = self.agents.get(id_)
        if before and chance.random() < 0.97:
            return replace(before[0], state=state, serving=serving, idle_s=0.0, capacity=1)
        skills = chance.choice(self.trades)
        queues = chance.choice(((), QUEUES, QUEUES, ("orders",), ("repairs",)))
        return FreeAgent(
            id_, state, chance.choice((0.0, 5.0)), skills, queues, chance.choice(TEAMS),
            chance.choice((1, 1, 2)) if not serving else 1, serving,
        )  # fmt: skip
