"""Why this agent, and why not the others, in a size that can be kept with every offer. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from callwright.routing.model import (
    READY,
    Crowd,
    FreeAgent,
    Place,
    WaitingCall,
    fit,
    needs_of,
    obstacle,
    place,
    score_of,
    urgency,
    value_of,
)
from callwright.routing.policy import Policy

MOST_OTHERS, MOST_OBSTACLES, MOST_NAMES = 5, 8, 5


def explain(
    call: WaitingCall,
    agents: Sequence[FreeAgent],
    policy: Policy,
    *,
    alike: int,
    chosen: str | None = None,
    names: Mapping[str, str] | None = None,
    callers: Sequence[WaitingCall] = (),
) -> dict[str, Any]:
    """One caller and everybody who was looked at, as plain values.

    `callers` = who waits besides, told where it is work of ours: it must delay none of them.
    `alike` = callers who wait for the same, this one too; `chosen` = the agent's id, None while
    the caller waits; `names` = id -> login. `others` = the best of those who could have had the
    call, each with what they come behind in; `obstacles` = why the rest could not, counted.
    """
    agents = [replace(a, state=READY) if a.id == chosen else a for a in agents]  # as it was then
    crowd = Crowd([call, *callers], agents, policy)
    crowd.waiting[crowd.group(call)] = alike
    able: list[tuple[Place, FreeAgent]] = []
    hindered: defaultdict[str, list[str]] = defaultdict(list)
    for agent in agents:
        why_not = None if agent.id == chosen else obstacle(call, agent, policy, crowd)
        if why_not is None:
            able.append((place(call, agent, crowd), agent))
        else:
            hindered[why_not].append(_name(agent.id, names))
    able.sort(key=lambda one: (one[1].id != chosen, one[0]))
    best = able[0] if able else None
    told = [_told(call, agent, policy, names) for _, agent in able]
    others = [
        {**one, "because": _behind(mine, best[0]) if best else ""}
        for one, (mine, _) in zip(told[1:], able[1:], strict=True)
    ]
    most = sorted(hindered.items(), key=lambda item: (-len(item[1]), item[0]))
    return {
        "call": _facts(call, policy),
        "alike": alike,
        "chosen" if chosen else "best": told[0] if told else None,
        "others": others[:MOST_OTHERS],
        "able": len(able),
        "obstacles": [
            {"why": why, "count": len(who), "agents": sorted(who)[:MOST_NAMES]}
            for why, who in most[:MOST_OBSTACLES]
        ],
        "obstacles_left_out": sum(len(who) for _, who in most[MOST_OBSTACLES:]),
    }


def _facts(call: WaitingCall, policy: Policy) -> dict[str, Any]:
    return {
        "queue": call.queue, "tier": call.tier, "type": call.type, "language": call.language,
        "needs": dict(needs_of(call, policy)), "waited_s": round(call.waiting_s, 3),
        "value": round(value_of(call, policy), 4), "urgency": round(urgency(call, policy), 4),
        "repeat": call.repeat, "open_ticket": call.open_ticket, "team": call.wants,
        "beyond_guarantee": call.waiting_s >= policy.guarantee_s, "blended": call.blended,
    }  # fmt: skip


def _told(
    call: WaitingCall, agent: FreeAgent, policy: Policy, names: Mapping[str, str] | None
) -> dict[str, Any]:
    suits = fit(call, agent, policy)
    return {
        "agent": _name(agent.id, names), "score": round(score_of(call, suits, policy), 4),
        "fit": round(suits, 4), "idle_s": round(agent.idle_s, 3), "team": agent.team,
        "sticky": call.sticky == agent.id,
    }  # fmt: skip


def _behind(mine: Place, best: Place) -> str:
    """In what a pair comes behind the best one: the first thing that differs."""
    _, _, _, not_sticky, not_own, not_team, *_ = mine
    _, _, _, best_not_sticky, best_not_own, best_not_team, *_ = best
    if not_sticky != best_not_sticky:
        return "not the agent whom the caller should stay with"
    if not_own != best_not_own:
        return "second trade"
    if not_team != best_not_team:
        return "another team"
    if mine[6] != best[6]:
        return "lower skill level"
    if mine[7] != best[7]:
        return "missed more elsewhere"
    return "less long idle" if mine[8] != best[8] else "as good, later by name"


def _name(agent_id: str, names: Mapping[str, str] | None) -> str:
    return names.get(agent_id, agent_id) if names else agent_id
