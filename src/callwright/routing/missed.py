"""Which agent is missed least elsewhere while with a caller. Pure.

Of agents who suit a call equally well, one may be the last free who knows another trade. Sending
the other keeps the next caller of that trade from waiting.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from callwright.routing.needs import Needs
from callwright.routing.policy import Policy

Trades = tuple[tuple[str, int], ...]  # what an agent is there for, with its weight, by name
OWN, SECOND = 5, 2  # how much an agent of own and of second trade can stand in for others


def trades(skills: Mapping[str, int], queues: Sequence[str], policy: Policy) -> Trades:
    """All that an agent is there for, skills and queues, and with which weight; by name."""
    level = policy.gate.primary_level
    known = [(f"skill {skill}", OWN if has >= level else SECOND) for skill, has in skills.items()]
    return tuple(sorted((*known, *((f"queue {queue}", OWN) for queue in queues))))


def count_trades(agents: Iterable[Trades]) -> Counter[str]:
    """The weight of all these agents, by trade."""
    weights: Counter[str] = Counter()
    for mine in agents:
        for trade, weight in mine:
            weights[trade] += weight
    return weights


def asked_trades(queue: str, needs: Needs) -> frozenset[str]:
    """The trades that a call asks for."""
    return frozenset((f"queue {queue}", *(f"skill {skill}" for skill, _ in needs)))


def missed(
    mine: Trades, given: frozenset[str], free: Mapping[str, int], duty: Mapping[str, int]
) -> float:
    """How much an agent would be missed elsewhere while giving these trades: each of the others
    by its scarcity, the agents on duty over the free ones (`free`, `duty`: weights)."""
    scarcity = 0.0
    for trade, weight in mine:
        if trade not in given:
            scarcity += weight * duty[trade] / free[trade]
    return scarcity
