"""Ways to route that others publish, each as favourable to it as its rule allows.

All know the agents' skills and their levels, ring no phone in vain and lose no time between the
decision and the talk; where a rule leaves the choice of an agent open, the best skilled and then
the longest idle is taken.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from bench.dispatch.heads import Agent, Given, Heads, Waiting
from callwright.routing.model import FreeAgent, WaitingCall
from callwright.routing.simulation.day import OWN_LEVEL

PRIORITY_S = 60.0  # one point of priority is worth a minute of waiting (Genesys, "priority")
COST = (1.0, 2.0, 5.0)  # what a second of waiting costs: ordinary, gold, VIP
SLOWER = 1.2  # with an agent whose second skill it is


class Fifo(Heads):
    """First come, first served, among the calls that the agent knows; agents: longest idle."""

    def agent_key(self, call: Waiting, agent: Agent, level: int) -> tuple[float, ...]:
        """Only idle time counts."""
        return (agent.since,)


class BlindFifo(Heads):
    """One line for everybody, the first caller to the longest idle agent, whatever they know.

    A caller who met a wrong agent is passed on to the head of the line for those who know.
    """

    def __init__(self) -> None:
        super().__init__()
        self._heard: set[str] = set()

    def call_arrives(self, call: WaitingCall, now: float) -> None:
        """The first time nobody knows what the caller wants."""
        if call.id in self._heard:
            super().call_arrives(call, now)
        else:
            self._heard.add(call.id)
            super().call_arrives(_unknown(call), now)

    def agent_ready(self, agent: FreeAgent, now: float) -> None:
        """Everybody takes unknown matters."""
        super().agent_ready(agent, now)
        found = self.agents[agent.id]
        found.levels[""] = 1
        self.free.setdefault("", {})[agent.id] = found

    def agent_key(self, call: Waiting, agent: Agent, level: int) -> tuple[float, ...]:
        """Only idle time counts."""
        return (agent.since,)


def _unknown(call: WaitingCall) -> WaitingCall:
    return WaitingCall(call.id, "", call.tier, "", {}, call.waiting_s)


class StrictPriority(Heads):
    """Twilio TaskRouter's order: the higher priority always first, then age."""

    def key(self, call: Waiting, level: int, now: float) -> float:
        """No wait outweighs a tier."""
        return call.arrived - 1e7 * call.rank


class Bullseye(Heads):
    """Genesys' bullseye: own skill at first, whoever knows the matter after a ring's time-out.

    Order: priority and age, where a point of priority is a minute.
    """

    def __init__(self, ring_s: float) -> None:
        super().__init__()
        self.ring_s, self.waits = ring_s, (ring_s,)

    def key(self, call: Waiting, level: int, now: float) -> float:
        """Age with a head start of a minute for each point of priority."""
        return call.arrived - PRIORITY_S * call.rank

    def admits(self, call: Waiting, agent: Agent, level: int, now: float) -> bool:
        """The second ring opens when the caller has waited through the first."""
        return level >= OWN_LEVEL or now - call.arrived >= self.ring_s - 1e-9


class GeneralisedCMu(Heads):
    """The generalised c-µ rule (van Mieghem; Mandelbaum and Stolyar) for a cost that grows with
    the square of the wait: the free agent takes the call with the greatest c × wait × µ, where µ
    is one over the time that this agent needs for it."""

    def key(self, call: Waiting, level: int, now: float) -> float:
        """Marginal cost times rate of service; a second more, so that new calls differ."""
        rate = 1.0 if level >= OWN_LEVEL else 1.0 / SLOWER
        return -COST[call.rank] * (now - call.arrived + 1.0) * rate


class ModCallcenter(Heads):
    """FreeSWITCH mod_callcenter: ten times a second all callers are gone through by score, which
    is the base score (here a minute for each point of priority) and one for each second of
    waiting; each goes to the first free agent by tier level, then longest idle.

    `tier-rules-apply` is false as it comes, so a second skill (level 2) may answer at once.
    """

    pass_s = 0.1

    def __init__(self) -> None:
        super().__init__()
        self._dirty = False  # news since the last pass

    def key(self, call: Waiting, level: int, now: float) -> float:
        """Greatest score first."""
        return call.arrived - PRIORITY_S * call.rank

    def assign(self, now: float) -> Sequence[Given]:
        """Nothing happens between two passes."""
        self._dirty = self._dirty or bool(self._news)
        self._news.clear()
        if not self._dirty or now < self._next_pass(now) - 1e-9:
            return ()
        self._dirty = False
        found: list[Given] = []
        while (best := self._first(now)) is not None:
            self._pair(*best, found)
        return found

    def next_change(self, now: float) -> float | None:
        """The next pass, if there is news for it."""
        if not self._dirty:
            return None
        due = self._next_pass(now)
        return due if due > now + 1e-9 else due + self.pass_s

    def _next_pass(self, now: float) -> float:
        return round(-(-(now - 1e-9) // self.pass_s) * self.pass_s, 6)

    def _first(self, now: float) -> tuple[Waiting, Agent] | None:
        open_ = [q for q, free in self.free.items() if free and self.length[q]]
        calls = [call for queue in open_ for call in self.heads(queue)]
        if not calls:
            return None
        call = min(calls, key=lambda one: self.key(one, OWN_LEVEL, now))
        agent = self.best_agent(call, now)
        return (call, agent) if agent else None


class AppQueue(Heads):
    """Asterisk app_queue: each caller's own thread looks once a second, from its arrival on.

    It is the caller's turn while fewer callers stand before them in their queue than members of
    the queue are available; then the member of the least penalty (a second skill has one), the
    longest idle, is called. Priority orders callers within a queue only; which queue's caller gets
    a shared member is decided by whose thread looks first. `autofill = yes`, no time between tries.
    """

    look_s = 1.0

    def __init__(self) -> None:
        super().__init__()
        self._next: float | None = None

    def assign(self, now: float) -> Sequence[Given]:
        """Whoever's thread looks at this moment."""
        self._news.clear()
        found: list[Given] = []
        while True:
            looks = self._looks(now)
            due = [(at, call.arrived, call.id, call) for at, call in looks if at <= now + 1e-9]
            if not due:
                self._next = min((at for at, _ in looks), default=None)
                return found
            call = min(due)[3]
            agent = self.best_agent(call, now)
            if agent is None:  # cannot be: somebody is free
                raise RuntimeError(call.id)
            self._pair(call, agent, found)

    def next_change(self, now: float) -> float | None:
        """The next look of somebody whose turn it is."""
        return self._next

    def _looks(self, now: float) -> list[tuple[float, Waiting]]:
        """Callers whose turn it is, and when their thread looks next."""
        looks = []
        for queue, free in self.free.items():
            if free and self.length[queue]:
                for call in self._first_in(queue, len(free)):
                    passed = -(-(now - call.arrived - 1e-9) // self.look_s)
                    looks.append((call.arrived + max(0.0, passed) * self.look_s, call))
        return looks

    def _first_in(self, queue: str, count: int) -> list[Waiting]:
        found: list[Waiting] = []
        for rank in (2, 1, 0):
            line = self.queues.get((queue, rank), deque())
            while line and not line[0].there:
                line.popleft()
            for call in line:
                if len(found) == count:
                    return found
                if call.there:
                    found.append(call)
        return found


PEERS: dict[str, Callable[[], Heads]] = {
    "skills, first come first served": Fifo,
    "Asterisk app_queue": AppQueue,
    "FreeSWITCH mod_callcenter": ModCallcenter,
    "strict priority": StrictPriority,
    "bullseye 20 s": lambda: Bullseye(20.0),
    "bullseye 60 s": lambda: Bullseye(60.0),
    "generalised c-µ": GeneralisedCMu,
}
