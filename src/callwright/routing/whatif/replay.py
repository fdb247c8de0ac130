"""A past stretch as days for the simulator: what is known stays, what is not is drawn. Pure.

Seed 0 is the stretch as it was. Every other seed is a bootstrap of it: each call comes 0, 1, 2, …
times (Poisson with mean 1), copies some minutes away from the original, so that intervals speak of
stretches like this one and not of this one alone.

Unknown and therefore drawn, the same for every policy (common random numbers):
* patience of callers who did not give up: longer than they waited, by `patience`; nobody waits
  longer than the queue lets them;
* talk and wrap-up of callers whom nobody took: those of an answered call of the same queue.
A talk with an agent of a lower level is brought to that of an own skill by `Effects`.
"""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from callwright.routing.simulation.day import Caller, Day, Effects, Seat, in_order, level_of
from callwright.routing.whatif.past import Past, PastCall
from callwright.routing.whatif.patience import Patience, by_queue

COPY_WITHIN_S = 300.0
TALK_S, WRAP_S, RING_S = 240.0, 30.0, 5.0  # where no call at all was answered
# nobody could have had them, whatever the policy
LEFT_OUT = frozenset(
    {"no_agent", "no_agents", "after_hours", "blocked", "lost", "system", "queue_full"}
)


@dataclass(frozen=True, slots=True)
class QueueFacts:
    """What today's settings say of a queue: skills it asks for, longest wait in seconds."""

    key: str
    skills: Mapping[str, int] = field(default_factory=dict)
    max_wait_s: float = math.inf


@dataclass(frozen=True, slots=True)
class _Known:
    """What the answered calls of a queue tell: (talk, wrap-up) pairs, median ring."""

    handled: Sequence[tuple[float, float]]
    ring_s: float


class Replay:
    """Days of one past stretch: `day(0)` as it was, `day(1)`, `day(2)`… like it."""

    def __init__(
        self, past: Past, queues: Mapping[str, QueueFacts], effects: Effects | None = None
    ) -> None:
        self.past = past
        self.queues = queues
        self.effects = effects or Effects()
        self.calls = [call for call in past.calls if call.exit not in LEFT_OUT]
        self.left_out = len(past.calls) - len(self.calls)
        self.seats = tuple(
            Seat(agent.id, agent.skills, agent.queues, agent.shifts) for agent in past.agents
        )
        self._seat = {seat.id: seat for seat in self.seats}
        self._patience = by_queue(
            [(call.queue, call.waited_s, call.end == "abandoned") for call in self.calls]
        )
        self._talks = {call.id: self._own_talk(call) for call in self.calls}
        self._known = self._knowledge()

    def patience_of(self, queue: str) -> Patience:
        """The estimate that a queue's callers are drawn from."""
        return self._patience.get(queue, self._patience[""])

    def day(self, seed: int) -> Day:
        """The same callers for the same seed, whatever the policy."""
        numbers = random.Random(seed)
        callers: list[Caller] = []
        for call in self.calls:
            for copy in range(1 if seed == 0 else _poisson(numbers)):
                callers.append(self._caller(call, copy, numbers))
        return Day(in_order(callers), self.seats, self.effects, self.past.seconds)

    def _caller(self, call: PastCall, copy: int, numbers: random.Random) -> Caller:
        facts = self.queues.get(call.queue, QueueFacts(call.queue))
        known = self._known.get(call.queue) or self._known[""]
        luck, shift, pick, u = (numbers.random() for _ in range(4))
        at = call.at if copy == 0 else call.at + (2 * shift - 1) * COPY_WITHIN_S
        talk = self._talks[call.id]
        wrap = call.wrap_s
        if talk is None:
            talk, wrap = known.handled[int(pick * len(known.handled))]
        patience = call.waited_s
        if call.end != "abandoned":
            patience = self.patience_of(call.queue).draw(1 - u, call.waited_s)
        return Caller(
            id=f"{call.id}:{copy}" if copy else call.id,
            at=min(max(at, 0.0), self.past.seconds),
            queue=call.queue,
            tier=call.tier,
            skills=facts.skills,
            talk_s=talk,
            wrap_s=wrap,
            ring_s=call.ring_s if call.agent else known.ring_s,
            patience_s=min(patience, facts.max_wait_s),
            luck=luck,
        )

    def _own_talk(self, call: PastCall) -> float | None:
        """The talk as it would have been with an agent of own level."""
        if call.talk_s is None:
            return None
        seat = self._seat.get(call.agent)
        facts = self.queues.get(call.queue)
        if seat is None or facts is None:
            return call.talk_s
        return call.talk_s / self.effects.talk_factor(max(1, level_of(facts.skills, seat)))

    def _knowledge(self) -> dict[str, _Known]:
        found: dict[str, list[PastCall]] = {"": []}
        for call in self.calls:
            if self._talks[call.id] is not None:
                found[""].append(call)
                found.setdefault(call.queue, []).append(call)
        return {queue: self._of(rows) for queue, rows in found.items()}

    def _of(self, rows: Sequence[PastCall]) -> _Known:
        handled = [(self._talks[call.id] or 0.0, call.wrap_s) for call in rows]
        ring = statistics.median([call.ring_s for call in rows]) if rows else RING_S
        return _Known(handled or [(TALK_S, WRAP_S)], ring)


def _poisson(numbers: random.Random) -> int:
    """Of mean 1, by inversion."""
    left, count, share = numbers.random(), 0, math.exp(-1)
    while left > share:
        left -= share
        count += 1
        share /= count
        if count > 20:
            break
    return count
