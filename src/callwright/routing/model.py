"""The decision: which waiting call goes to which free agent, and why. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

TIER_WEIGHT: Mapping[str, float] = {
    "diamond": 3.0, "vip": 3.0, "gold": 2.0, "silver": 1.3, "normal": 1.0, "": 1.0,
}  # fmt: skip
TYPE_WEIGHT: Mapping[str, float] = {"投诉": 1.5, "complaint": 1.5}
AGEING_S = 60.0  # a waiting minute is worth as much as one ordinary customer


@dataclass(frozen=True, slots=True)
class WaitingCall:
    """A caller who waits. `skills` = name -> least level; `waiting_s` since entering the queue."""

    id: str
    queue: str
    tier: str = ""
    type: str = ""
    skills: Mapping[str, int] = field(default_factory=dict)
    waiting_s: float = 0.0
    sticky: str | None = None


@dataclass(frozen=True, slots=True)
class FreeAgent:
    """An agent. Only those in state `ready` get calls. `idle_s` since the last call."""

    id: str
    state: str
    idle_s: float = 0.0
    skills: Mapping[str, int] = field(default_factory=dict)
    queues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One agent looked at for one call. `score` None = cannot take it, for the reason given."""

    call: str
    agent: str
    score: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """A call goes to an agent."""

    call: str
    agent: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """All assignments of one moment, and everybody who was looked at."""

    assign: tuple[Assignment, ...]
    candidates: tuple[Candidate, ...]


def urgency(call: WaitingCall) -> float:
    """Customer value x issue, plus age: a longer wait always wins in the end."""
    value = TIER_WEIGHT.get(call.tier, 1.0) * TYPE_WEIGHT.get(call.type, 1.0)
    return value + call.waiting_s / AGEING_S


def obstacle(call: WaitingCall, agent: FreeAgent) -> str | None:
    """Why this agent cannot take this call; None when they can."""
    if agent.state != "ready":
        return f"state {agent.state}"
    if agent.queues and call.queue not in agent.queues:
        return f"not in queue {call.queue}"
    for skill, least in call.skills.items():
        level = agent.skills.get(skill, 0)
        if level < least:
            return f"skill {skill} {level} below {least}"
    return None


def fit(call: WaitingCall, agent: FreeAgent) -> float:
    """How well the agent suits the call: mean level of the skills asked for, 1 when none is."""
    if not call.skills:
        return 1.0
    return sum(agent.skills.get(skill, 0) for skill in call.skills) / len(call.skills)


def choose(calls: Sequence[WaitingCall], agents: Sequence[FreeAgent]) -> Decision:
    """Serve the most urgent call first, by its best agent; independent of the input's order.

    Among able agents: the sticky one, then the best fit, then the longest idle, then by id.
    """
    free = {agent.id: agent for agent in agents}
    taken: set[str] = set()
    assignments: list[Assignment] = []
    candidates: list[Candidate] = []
    for call in sorted(calls, key=lambda c: (-urgency(c), -c.waiting_s, c.id)):
        able: list[FreeAgent] = []
        for agent in sorted(free.values(), key=lambda a: a.id):
            why_not = obstacle(call, agent) or ("taken" if agent.id in taken else None)
            score = None if why_not else round(urgency(call) * fit(call, agent), 4)
            candidates.append(Candidate(call.id, agent.id, score, why_not or "able"))
            if why_not is None:
                able.append(agent)
        if not able:
            continue
        best = min(able, key=lambda a: (a.id != call.sticky, -fit(call, a), -a.idle_s, a.id))
        taken.add(best.id)
        assignments.append(_assignment(call, best, len(able)))
    return Decision(tuple(assignments), tuple(candidates))


def _assignment(call: WaitingCall, agent: FreeAgent, able: int) -> Assignment:
    reasons = (
        f"urgency {urgency(call):.2f} (tier {call.tier or 'none'}, waited {call.waiting_s:.0f} s)",
        f"fit {fit(call, agent):.1f}, idle {agent.idle_s:.0f} s, best of {able} able",
        *(("sticky agent",) if agent.id == call.sticky else ()),
    )
    return Assignment(call.id, agent.id, round(urgency(call) * fit(call, agent), 4), reasons)
