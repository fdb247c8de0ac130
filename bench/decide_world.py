"""A floor of any size for `bench.decide`: teams alike in skills, callers asking for one or two."""

from __future__ import annotations

import random
from dataclasses import dataclass

from callwright.routing.model import FreeAgent, WaitingCall

TIERS, TIER_SHARES = ("", "silver", "gold", "diamond"), (70, 20, 8, 2)
SKILLS_EACH = 6
AGENTS_A_TEAM = 20
QUEUES_A_SKILL = 3


@dataclass(frozen=True, slots=True)
class Size:
    """Agents x skills x callers waiting."""

    agents: int
    skills: int
    waiting: int

    def __str__(self) -> str:
        return f"{self.agents:,} x {self.skills} x {self.waiting:,}"


class World:
    """Draws agents and calls; the same seed draws the same."""

    def __init__(self, size: Size, seed: int) -> None:
        self.chance = random.Random(seed)
        names = [f"s{number:03}" for number in range(size.skills)]
        weights = [1 / (rank + 1) ** 0.7 for rank in range(size.skills)]
        teams = max(5, size.agents // AGENTS_A_TEAM)
        trades = [self._trade(names, weights) for _ in range(teams)]
        self.agents = [
            FreeAgent(f"a{number:05}", "ready", 0.0, trades[number % teams])
            for number in range(size.agents)
        ]
        self.queues = [self._asked() for _ in range(QUEUES_A_SKILL * size.skills)]
        self._calls = 0

    def _trade(self, names: list[str], weights: list[float]) -> dict[str, int]:
        count = max(1, min(len(names), round(self.chance.gauss(SKILLS_EACH, 2))))
        chosen = self.chance.choices(names, weights, k=count)
        return {name: self.chance.choice((2, 3, 4, 4, 5)) for name in chosen}

    def call(self) -> WaitingCall:
        """A caller whom somebody can serve."""
        self._calls += 1
        [tier] = self.chance.choices(TIERS, TIER_SHARES)
        return WaitingCall(
            f"c{self._calls:07}", "all", tier, skills=self.chance.choice(self.queues)
        )

    def _asked(self) -> dict[str, int]:
        """What a queue asks for: one or two skills of somebody's."""
        skills = sorted(self.chance.choice(self.agents).skills)
        return dict.fromkeys(
            self.chance.sample(skills, min(len(skills), self.chance.choice((1, 1, 2)))), 2
        )

    def agent(self) -> FreeAgent:
        """Somebody who becomes free."""
        return self.chance.choice(self.agents)
