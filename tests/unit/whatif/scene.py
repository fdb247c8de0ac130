"""A small company's past for the tests: two queues, of which one is short of hands."""

from __future__ import annotations

import random

from callwright.routing.whatif.past import Past, PastAgent, PastCall
from callwright.routing.whatif.replay import QueueFacts

HOUR = 3600.0
FACTS = {
    "orders": QueueFacts("orders", {"orders": 2}, 600.0),
    "sales": QueueFacts("sales", {"sales": 2}, 600.0),
}
AGENTS = (
    ("a1", {"orders": 5}, ("orders",)),
    ("a2", {"orders": 4}, ("orders",)),
    ("s1", {"sales": 5}, ("sales",)),
    ("s2", {"sales": 4}, ("sales",)),
    ("s3", {"sales": 4}, ("sales",)),
)


def past(seed: int = 1, hours: float = 4.0, orders: float = 0.95, sales: float = 0.3) -> Past:
    """Arrivals at random; `orders`, `sales` = load of the queue's own agents."""
    numbers = random.Random(seed)
    agents = tuple(
        PastAgent(key, key, skills, queues, ((0.0, hours * HOUR),))
        for key, skills, queues in AGENTS
    )
    calls: list[PastCall] = []
    for queue, load in (("orders", orders), ("sales", sales)):
        able = [key for key, _, queues in AGENTS if queue in queues]
        at = 0.0
        while (at := at + numbers.expovariate(load * len(able) / 200.0)) < hours * HOUR:
            calls.append(_call(f"{queue}{len(calls)}", at, queue, numbers, able))
    calls.sort(key=lambda call: call.at)
    return Past("2026-11-23T09:00:00+08:00", hours * HOUR, tuple(calls), agents)


def _call(key: str, at: float, queue: str, numbers: random.Random, able: list[str]) -> PastCall:
    gave_up = numbers.random() < 0.1
    tier = numbers.choice(["diamond", "gold", "normal", "normal", "normal"])
    if gave_up:
        return PastCall(key, at, queue, tier, "zh", numbers.uniform(20, 120), "abandoned")
    return PastCall(
        key, at, queue, tier, "zh", numbers.uniform(3, 60), "answered", "answered",
        numbers.choice(able), 3.0, numbers.expovariate(1 / 170.0), 27.0,
    )  # fmt: skip
