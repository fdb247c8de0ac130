"""Days for a company without a past: its own queues, skills and agents, and callers made up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from callwright.routing.simulation.day import Caller, Day, Effects, Seat, in_order
from callwright.routing.whatif.replay import QueueFacts

HALF_HOUR_S = 1800.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is assumed of the callers. Seconds; `load` = work offered / work that all agents can do.

    `tiers` = (tier, share); queues get callers by how many agents can serve them.
    """

    load: float = 0.85
    hours: float = 9.0
    talk_s: float = 240.0
    talk_variation: float = 0.9
    wrap_s: float = 30.0
    ring_s: float = 5.0
    patience_s: float = 180.0
    tiers: tuple[tuple[str, float], ...] = (("normal", 0.7), ("gold", 0.2), ("diamond", 0.1))


class MadeUp:
    """Days by seed: arrivals are Poisson around two gentle waves, talks lognormal."""

    def __init__(self, recipe: Recipe, queues: Sequence[QueueFacts], seats: Sequence[Seat]) -> None:
        self.recipe = recipe
        self.end = recipe.hours * 3600
        self.seats = tuple(
            Seat(seat.id, seat.skills, seat.queues, ((0.0, self.end),)) for seat in seats
        )
        served = [(queue, sum(can_serve(seat, queue) for seat in self.seats)) for queue in queues]
        self.queues = [queue for queue, able in served if able]
        able = np.asarray([able for _, able in served if able], dtype=float)
        self.shares = able / able.sum() if able.size else able

    def day(self, seed: int) -> Day:
        """The same callers for the same seed, whatever the policy."""
        if not self.queues:
            return Day((), self.seats, Effects(), self.end)
        numbers = np.random.default_rng(seed)
        times = self._arrivals(numbers)
        return Day(in_order(self._callers(times, numbers)), self.seats, Effects(), self.end)

    def _arrivals(self, numbers: np.random.Generator) -> Any:
        recipe = self.recipe
        slots = math.ceil(recipe.hours * 2)
        starts = np.arange(slots) * HALF_HOUR_S
        lengths = np.minimum(HALF_HOUR_S, self.end - starts)
        weights = lengths * (1 + 0.25 * np.sin(2 * np.pi * starts / 16_200))
        per_s = recipe.load * len(self.seats) / (recipe.talk_s + recipe.wrap_s + recipe.ring_s)
        counts = numbers.poisson(per_s * self.end * weights / weights.sum())
        within = numbers.uniform(0, 1, int(counts.sum())) * np.repeat(lengths, counts)
        return np.sort(np.repeat(starts, counts) + within)

    def _callers(self, times: Any, numbers: np.random.Generator) -> list[Caller]:
        recipe, count = self.recipe, len(times)
        which = numbers.choice(len(self.queues), count, p=self.shares)
        tiers, shares = zip(*recipe.tiers, strict=True)
        tier = numbers.choice(len(tiers), count, p=np.asarray(shares) / sum(shares))
        sigma = math.sqrt(math.log(1 + recipe.talk_variation**2))
        talk = numbers.lognormal(math.log(recipe.talk_s) - sigma**2 / 2, sigma, count)
        patience = numbers.exponential(recipe.patience_s, count)
        luck = numbers.uniform(0, 1, count)
        return [
            Caller(
                id=f"c{n:06d}", at=float(times[n]), queue=queue.key, skills=queue.skills,
                tier=tiers[tier[n]], talk_s=float(talk[n]), wrap_s=recipe.wrap_s,
                ring_s=recipe.ring_s, patience_s=min(float(patience[n]), queue.max_wait_s),
                luck=float(luck[n]),
            )
            for n in range(count)
            for queue in (self.queues[which[n]],)
        ]  # fmt: skip


def can_serve(seat: Seat, queue: QueueFacts) -> bool:
    """Whether the agent is in the queue and has every skill at the level asked for."""
    member = not seat.queues or queue.key in seat.queues
    return member and all(seat.skills.get(s, 0) >= least for s, least in queue.skills.items())
