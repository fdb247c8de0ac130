"""The decision: which waiting call goes to which free agent, and why. Pure.

This is the plain form that everything else is held against; `pool.Pool` decides the same, fast.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from callwright.routing.missed import asked_trades, count_trades, missed, trades
from callwright.routing.needs import (
    Needs,
    able,
    asked,
    in_queue,
    lowered,
    mean_level,
    own_trade,
)
from callwright.routing.policy import DEFAULT_POLICY, Policy

# Signed in and at work: calls may be kept for them. Nobody is kept waiting for a break.
ON_DUTY = frozenset({"ready", "ringing", "talking", "hold", "wrap"})
READY = "ready"


@dataclass(frozen=True, slots=True)
class WaitingCall:
    """A caller who waits. `skills` = name -> least level; `waiting_s` since entering the queue.

    `sticky` = the agent, `wants` = the team that should have the call; `language` = the caller's
    tag; `repeat` = called lately; `blended` = work of ours, which must never delay a caller.
    """

    id: str
    queue: str
    tier: str = ""
    type: str = ""
    skills: Mapping[str, int] = field(default_factory=dict)
    waiting_s: float = 0.0
    sticky: str | None = None
    wants: str = ""
    language: str = ""
    repeat: bool = False
    open_ticket: bool = False
    blended: bool = False


@dataclass(frozen=True, slots=True)
class FreeAgent:
    """An agent. Only those in state `ready` get calls. `idle_s` since the last call.

    `capacity` = how many calls at once may still be given; `serving` = the queues of the calls
    that the agent has.
    """

    id: str
    state: str
    idle_s: float = 0.0
    skills: Mapping[str, int] = field(default_factory=dict)
    queues: tuple[str, ...] = ()
    team: str = ""
    capacity: int = 1
    serving: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One agent looked at for one call. `score` None = cannot take it, for the reason given."""

    call: str
    agent: str
    score: float | None
    reason: str


class Why(NamedTuple):
    """What an assignment was decided by. Times are seconds; `fit` = mean skill level.

    `own` = the agent's own trade, `sticky` = the agent whom the caller should stay with, `team` =
    of the team that was asked for.
    """

    urgency: float
    tier: str
    waited_s: float
    fit: float
    idle_s: float
    own: bool
    sticky: bool
    team: bool
    beyond_guarantee: bool


class Assignment(NamedTuple):
    """A call goes to an agent. `score` = urgency x fit."""

    call: str
    agent: str
    score: float
    why: Why

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why, in words."""
        why = self.why
        told = {
            "waited beyond the guarantee: first come, first served": why.beyond_guarantee,
            "sticky agent": why.sticky,
            "second trade": not why.own and not why.sticky,
            "team asked for": why.team,
        }
        return (
            f"urgency {why.urgency:.2f} (tier {why.tier or 'none'}, waited {why.waited_s:.0f} s)",
            f"fit {why.fit:.1f}, idle {why.idle_s:.0f} s",
            *(words for words, so in told.items() if so),
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """All assignments of one moment, and everybody who was looked at."""

    assign: tuple[Assignment, ...]
    candidates: tuple[Candidate, ...]


def value_of(call: WaitingCall, policy: Policy = DEFAULT_POLICY) -> float:
    """Customer value x issue, raised for who calls again or has an open ticket."""
    return policy.value(call.tier, call.type, call.queue, call.repeat, call.open_ticket)


def urgency(call: WaitingCall, policy: Policy = DEFAULT_POLICY) -> float:
    """Value, plus age: a longer wait always wins in the end."""
    return value_of(call, policy) + call.waiting_s / policy.slope_s


def needs_of(call: WaitingCall, policy: Policy = DEFAULT_POLICY) -> Needs:
    """What the call asks for, before any relaxation."""
    return asked(call.skills, call.language, policy)


def fit(call: WaitingCall, agent: FreeAgent, policy: Policy = DEFAULT_POLICY) -> float:
    """How well the agent suits the call."""
    return mean_level(needs_of(call, policy), agent.skills)


class Crowd:
    """Who waits and who is on duty at one moment: what gates, holds and reserves look at."""

    def __init__(
        self, calls: Iterable[WaitingCall], agents: Iterable[FreeAgent], policy: Policy
    ) -> None:
        self.policy = policy
        self.calls = {call.id: call for call in calls}
        self.needs = {call.id: needs_of(call, policy) for call in self.calls.values()}
        self.eased = {
            id_: lowered(self.needs[id_], call.waiting_s, policy)
            for id_, call in self.calls.items()
        }
        self.on_duty = {agent.id: agent for agent in agents if agent.state in ON_DUTY}
        self.left = {
            agent.id: agent.capacity for agent in agents if agent.state == READY and agent.capacity
        }
        self.waiting = Counter(self.group(call) for call in self.calls.values())
        self.serving = Counter(queue for one in self.on_duty.values() for queue in one.serving)
        self._trades = {a.id: trades(a.skills, a.queues, policy) for a in self.on_duty.values()}
        self._duty = count_trades(self._trades.values())
        self._free = count_trades(self._trades[id_] for id_, left in self.left.items() if left)
        self._primary: dict[object, int] = {}
        self._team: dict[object, int] = {}

    def group(self, call: WaitingCall) -> tuple[str, Needs, bool]:
        """Calls that ask for the same thing in the same queue."""
        return call.queue, self.needs[call.id], call.blended

    def missed(self, call: WaitingCall, agent: FreeAgent) -> float:
        """How much the agent would be missed elsewhere, by who was free to begin with."""
        given = asked_trades(call.queue, self.needs[call.id])
        return missed(self._trades[agent.id], given, self._free, self._duty)

    def take(self, call: WaitingCall, agent: FreeAgent) -> None:
        """The call is the agent's now."""
        self.waiting[self.group(call)] -= 1
        del self.calls[call.id]
        self.serving[call.queue] += 1
        self.left[agent.id] -= 1

    def primary(self, call: WaitingCall) -> int:
        """Agents on duty whose own trade it is."""
        group = self.group(call)
        if group not in self._primary:
            self._primary[group] = sum(
                in_queue(call.queue, agent.queues)
                and own_trade(group[1], agent.skills, self.policy)
                for agent in self.on_duty.values()
            )
        return self._primary[group]

    def in_team(self, call: WaitingCall) -> int:
        """Agents on duty, able, and of the team that the call wants."""
        key = (self.group(call), call.wants)
        if key not in self._team:
            self._team[key] = sum(
                agent.team == call.wants and self.can_ever(call, agent)
                for agent in self.on_duty.values()
            )
        return self._team[key]

    def can_ever(self, call: WaitingCall, agent: FreeAgent) -> bool:
        """Queue and skills as asked for, before any relaxation."""
        return in_queue(call.queue, agent.queues) and able(self.needs[call.id], agent.skills)

    def own_agent(self, call: WaitingCall) -> str | None:
        """The agent whom the call should stay with, while on duty and able."""
        agent = self.on_duty.get(call.sticky or "")
        return agent.id if agent and self.can_ever(call, agent) else None

    def delays_nobody(self, agent: FreeAgent) -> bool:
        """Whether the agent may do other work than take callers: none of those who wait could
        be theirs, and each queue keeps enough free agents."""
        for call in self.calls.values():
            if (
                not call.blended
                and in_queue(call.queue, agent.queues)
                and able(self.eased[call.id], agent.skills)
            ):
                return False
        free = [self.on_duty[id_] for id_, left in self.left.items() if left]
        return all(
            sum(in_queue(queue, other.queues) for other in free) > self.policy.reserve
            for queue in agent.queues
        ) and (bool(agent.queues) or len(free) > self.policy.reserve)


def obstacle(
    call: WaitingCall,
    agent: FreeAgent,
    policy: Policy = DEFAULT_POLICY,
    crowd: Crowd | None = None,
) -> str | None:
    """Why this agent cannot take this call now; None when they can.

    Without a `crowd` only what the two are counts, not who else waits or works.
    """
    if agent.state != READY:
        return f"state {agent.state}"
    if not in_queue(call.queue, agent.queues):
        return f"not in queue {call.queue}"
    needs = crowd.eased[call.id] if crowd else None
    if needs is None:
        needs = lowered(needs_of(call, policy), call.waiting_s, policy)
    for skill, least in needs:
        level = agent.skills.get(skill, 0)
        if level < least:
            return f"skill {skill} {level} below {least}"
    return _held(call, agent, crowd) if crowd else None


def _held(call: WaitingCall, agent: FreeAgent, crowd: Crowd) -> str | None:
    policy = crowd.policy
    own_agent = crowd.own_agent(call) if call.sticky else None
    if own_agent != agent.id:
        if own_agent and call.waiting_s < policy.sticky_s:
            return f"kept for agent {own_agent} until {policy.sticky_s:g} s"
        if call.wants and agent.team != call.wants and _team_first(call, crowd):
            return f"kept for team {call.wants} until {policy.team_s:g} s"
        if _gate_closed(call, agent, crowd):
            return f"second trade: too few wait, until {policy.gate.after_s:g} s"
    capacity = policy.queue_capacity.get(call.queue)
    if capacity is not None and crowd.serving[call.queue] >= capacity:
        return f"queue {call.queue} has its {capacity} calls"
    if call.blended and not crowd.delays_nobody(agent):
        return "kept free for callers"
    return None


def _team_first(call: WaitingCall, crowd: Crowd) -> bool:
    return call.waiting_s < crowd.policy.team_s and crowd.in_team(call) > 0


def _gate_closed(call: WaitingCall, agent: FreeAgent, crowd: Crowd) -> bool:
    gate = crowd.policy.gate
    if not gate.share or call.waiting_s >= gate.after_s:
        return False
    if own_trade(crowd.needs[call.id], agent.skills, crowd.policy):
        return False
    primary = crowd.primary(call)
    return primary > 0 and crowd.waiting[crowd.group(call)] < gate.share * primary


Place = tuple[object, ...]


def place(call: WaitingCall, agent: FreeAgent, crowd: Crowd) -> Place:
    """Where this pair stands among all possible ones; the smallest is served first.

    Wait and head start, then the earlier caller; for one caller the agent they should stay with,
    then the own trade, the team, the better fit, who is least missed elsewhere, the longer idle.
    """
    policy, needs = crowd.policy, crowd.needs[call.id]
    mine = crowd.own_agent(call) == agent.id
    own = own_trade(needs, agent.skills, policy)
    head_start = policy.lead_s(value_of(call, policy))
    if own or mine:
        head_start += policy.own_first_s
    if call.waiting_s >= policy.guarantee_s:
        head_start = policy.guarantee_s
    team = bool(call.wants) and agent.team == call.wants
    better = (not mine, not own, not team, -mean_level(needs, agent.skills))
    return (
        -(call.waiting_s + head_start), -call.waiting_s, call.id, *better,
        crowd.missed(call, agent), -agent.idle_s, agent.id,
    )  # fmt: skip


def choose(
    calls: Sequence[WaitingCall], agents: Sequence[FreeAgent], policy: Policy = DEFAULT_POLICY
) -> Decision:
    """The best possible pair, again and again until none is left; then work of ours.

    Independent of the input's order. Each pair that was looked at is told with its reason.
    """
    crowd = Crowd(calls, agents, policy)
    first_look = {(c.id, a.id): obstacle(c, a, policy, crowd) for c in calls for a in agents}
    assign = tuple(assign_all(calls, agents, policy))
    return Decision(assign, tuple(_candidates(calls, agents, policy, first_look, assign)))


def assign_all(
    calls: Sequence[WaitingCall], agents: Sequence[FreeAgent], policy: Policy
) -> list[Assignment]:
    """The assignments of `choose` alone."""
    found: list[Assignment] = []
    if not any(agent.state == READY for agent in agents):
        return found
    crowd = Crowd(calls, agents, policy)
    for blended in (False, True):
        waiting = [call for call in calls if call.blended == blended]
        while best := _best_pair(waiting, agents, crowd):
            call, agent = best
            found.append(_awarded(call, agent, crowd))
            crowd.take(call, agent)
            waiting.remove(call)
    return found


def _awarded(call: WaitingCall, agent: FreeAgent, crowd: Crowd) -> Assignment:
    needs, policy = crowd.needs[call.id], crowd.policy
    urgent, suits = urgency(call, policy), mean_level(needs, agent.skills)
    why = Why(
        urgent, call.tier, call.waiting_s, suits, agent.idle_s,
        own_trade(needs, agent.skills, policy), crowd.own_agent(call) == agent.id,
        bool(call.wants) and call.wants == agent.team, call.waiting_s >= policy.guarantee_s,
    )  # fmt: skip
    return Assignment(call.id, agent.id, urgent * suits, why)


def _best_pair(
    calls: Sequence[WaitingCall], agents: Sequence[FreeAgent], crowd: Crowd
) -> tuple[WaitingCall, FreeAgent] | None:
    possible = [
        (place(call, agent, crowd), call, agent)
        for agent in agents
        if crowd.left.get(agent.id)
        for call in calls
        if obstacle(call, agent, crowd.policy, crowd) is None
    ]
    best = min(possible, key=lambda pair: pair[0], default=None)
    return best[1:] if best else None


def _candidates(
    calls: Sequence[WaitingCall],
    agents: Sequence[FreeAgent],
    policy: Policy,
    first_look: Mapping[tuple[str, str], str | None],
    assign: Sequence[Assignment],
) -> Iterable[Candidate]:
    pairs = {(one.call, one.agent) for one in assign}
    taken = {one.agent for one in assign}
    in_order = sorted(calls, key=lambda c: (-urgency(c, policy), -c.waiting_s, c.id))
    for call in in_order:
        for agent in sorted(agents, key=lambda a: a.id):
            why_not = first_look[call.id, agent.id]
            if (call.id, agent.id) in pairs:
                why_not = None
            elif why_not is None and agent.id in taken:
                why_not = "taken"
            score = None if why_not else score_of(call, fit(call, agent, policy), policy)
            yield Candidate(call.id, agent.id, score, why_not or "able")


def score_of(call: WaitingCall, suits: float, policy: Policy = DEFAULT_POLICY) -> float:
    """Customer value x issue, with age, x skill level."""
    return urgency(call, policy) * suits
