"""Which agent should learn which skill: lessons tried in the simulator, the best ones told. Pure.

A lesson raises one agent to `LEVEL` in what a queue asks for (and lets the agent into the queue).
1. Load: the running days tell how long callers of each queue wait and how much time agents spare.
   Only lessons for the queues with most waiting, by agents with most spare time in the hours of
   that waiting, are tried: at most `MOST_LESSONS`.
2. Each is tried on the same few days as the present team; the best `FINALISTS` go on.
3. They are measured on days that were not used to choose them, so that luck is not reported as
   effect; the intervals hold for all finalists together (Bonferroni).
A lesson helps only where its whole interval does; when none is left, that is the answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist, fmean, stdev

from callwright.routing.policy import Policy
from callwright.routing.pool import Pool
from callwright.routing.simulation.day import OWN_LEVEL, Day, Seat
from callwright.routing.simulation.engine import Outcome, simulate
from callwright.routing.simulation.measures import Figures, Interval, measure
from callwright.routing.whatif.made_up import HALF_HOUR_S

LEVEL = OWN_LEVEL
MOST_LESSONS, FINALISTS, QUEUES_TRIED = 12, 4, 4
FIRST_DAYS, MORE_DAYS = 4, 20
MOST_CALLS = 2_000_000  # simulated calls that one piece of advice may cost

Days = Callable[[int], Day]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What an agent would learn: `skills` = name -> level, for one queue."""

    agent: str
    queue: str
    skills: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a lesson changes: mean wait of all callers (seconds) and match, with intervals."""

    lesson: Lesson
    mean_wait_s: Interval
    match: Interval | None
    helps: bool


@dataclass(frozen=True, slots=True)
class Advice:
    """`effects`: the finalists, best first. `possible` lessons there were, `tried` of them were."""

    effects: tuple[Effect, ...]
    possible: int
    tried: int
    days: int

    @property
    def helps(self) -> bool:
        """Whether any lesson is worth it."""
        return any(effect.helps for effect in self.effects)


def advise(
    days: Days,
    policy: Policy,
    tell: Callable[[float], None] = lambda share: None,
    *,
    first: int = FIRST_DAYS,
    more: int = MORE_DAYS,
) -> Advice:
    """Try lessons. `days(seed)` must give the same callers each time it is asked for a seed."""
    base = [days(seed) for seed in range(1, first + 1)]
    outcomes = [simulate(day, Pool(policy)) for day in base]
    ranked = rank(base, outcomes)
    calls = max(1, round(fmean(len(day.callers) for day in base)))
    lessons = ranked[: _affordable(calls, first, more)]
    before = [measure(outcome) for outcome in outcomes]
    steps = len(lessons) * first + (min(FINALISTS, len(lessons)) + 1) * more
    done = 0

    def run(day: Day) -> Figures:
        nonlocal done
        done += 1
        tell(min(1.0, done / max(1, steps)))
        return measure(simulate(day, Pool(policy)))

    gains = [
        (_gain([run(taught(day, lesson)) for day in base], before), n)
        for n, lesson in enumerate(lessons)
    ]
    finalists = [lessons[n] for _, n in sorted(gains)[:FINALISTS]]
    # a fifth of the way on, far from the seeds of the comparison and of the choice
    fresh = [days(seed) for seed in range(1001, 1001 + more)] if finalists else []
    plain = [run(day) for day in fresh]
    effects = [
        _effect(lesson, [run(taught(day, lesson)) for day in fresh], plain, len(finalists))
        for lesson in finalists
    ]
    effects.sort(key=lambda e: (e.mean_wait_s.mean, e.lesson.agent, e.lesson.queue))
    return Advice(tuple(effects), len(ranked), len(lessons), more)


def taught(day: Day, lesson: Lesson) -> Day:
    """The same day with one agent who knows more."""
    return replace(day, seats=tuple(_learn(seat, lesson) for seat in day.seats))


def _learn(seat: Seat, lesson: Lesson) -> Seat:
    if seat.id != lesson.agent:
        return seat
    skills = dict(seat.skills)
    for skill, level in lesson.skills.items():
        skills[skill] = max(level, skills.get(skill, 0))
    member = not seat.queues or lesson.queue in seat.queues
    return replace(
        seat, skills=skills, queues=seat.queues if member else (*seat.queues, lesson.queue)
    )


def rank(days: Sequence[Day], outcomes: Sequence[Outcome]) -> list[Lesson]:
    """Every lesson somebody could take, the most promising ones first.

    Promise = caller-seconds of waiting in the queue, by half hour, times the agent's spare share
    while on duty in that half hour.
    """
    waiting = _waiting(outcomes)
    total = {queue: sum(slots.values()) for queue, slots in waiting.items()}
    worst = sorted(total, key=lambda queue: (-total[queue], queue))
    worst = [queue for queue in worst if total[queue] > 0][:QUEUES_TRIED]
    needs = {c.queue: c.skills for day in days for c in day.callers if c.queue in worst}
    spare = _spare(outcomes)
    scored: list[tuple[float, Lesson]] = []
    for queue in worst:
        for seat in days[0].seats:
            lesson = _lesson(seat, queue, needs[queue])
            if lesson:
                there = sum(
                    seconds
                    for slot, seconds in waiting[queue].items()
                    if _on_duty(seat, slot * HALF_HOUR_S)
                )
                scored.append((-there * spare.get(seat.id, 0.0), lesson))
    scored.sort(key=lambda one: (one[0], one[1].agent, one[1].queue))
    return [lesson for promise, lesson in scored if promise < 0]


def _lesson(seat: Seat, queue: str, needs: Mapping[str, int]) -> Lesson | None:
    """What is missing for the queue to be the agent's own; None when nothing is."""
    lacking = {s: max(LEVEL, least) for s, least in needs.items() if seat.skills.get(s, 0) < LEVEL}
    member = not seat.queues or queue in seat.queues
    return Lesson(seat.id, queue, lacking) if lacking or not member else None


def _waiting(outcomes: Sequence[Outcome]) -> dict[str, dict[int, float]]:
    """Queue -> half hour -> seconds that its callers waited."""
    found: dict[str, dict[int, float]] = {}
    for outcome in outcomes:
        for fate in outcome.fates:
            slots = found.setdefault(fate.caller.queue, {})
            slot = int(fate.caller.at // HALF_HOUR_S)
            slots[slot] = slots.get(slot, 0.0) + fate.wait_s
    return found


def _spare(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Agent -> share of the time on duty without work."""
    busy: dict[str, float] = {}
    duty: dict[str, float] = {}
    for outcome in outcomes:
        for agent, seconds in outcome.duty_s.items():
            duty[agent] = duty.get(agent, 0.0) + seconds
            busy[agent] = busy.get(agent, 0.0) + outcome.busy_s[agent]
    return {a: max(0.0, 1 - busy[a] / seconds) for a, seconds in duty.items() if seconds > 0}


def _on_duty(seat: Seat, start: float) -> bool:
    return any(since < start + HALF_HOUR_S and start < to for since, to in seat.shifts)


def _affordable(calls: int, first: int, more: int) -> int:
    """How many lessons the budget of simulated calls allows, one at least."""
    left = MOST_CALLS / calls - first - (FINALISTS + 1) * more
    return max(1, min(MOST_LESSONS, int(left // first)))


def _gain(after: Sequence[Figures], before: Sequence[Figures]) -> float:
    """Change of the mean wait, seconds; less is better."""
    return fmean((a["mean_wait_s"] or 0.0) - (b["mean_wait_s"] or 0.0)
                 for a, b in zip(after, before, strict=True))  # fmt: skip


def _effect(
    lesson: Lesson, after: Sequence[Figures], before: Sequence[Figures], together: int
) -> Effect:
    wait = _interval(list(_changes(after, before, "mean_wait_s")), together)
    matches = list(_changes(after, before, "match"))
    helps = wait.high is not None and wait.high < 0
    return Effect(lesson, wait, _interval(matches, together) if matches else None, helps)


def _changes(after: Sequence[Figures], before: Sequence[Figures], name: str) -> Iterator[float]:
    for one, other in zip(after, before, strict=True):
        a, b = one.get(name), other.get(name)
        if a is not None and b is not None:
            yield a - b


def _interval(values: Sequence[float], together: int) -> Interval:
    """The 95 % interval of a mean that holds for `together` means at once."""
    mean, n = fmean(values), len(values)
    if n < 2:
        return Interval(mean, None, None, n)
    z = NormalDist().inv_cdf(1 - 0.05 / 2 / together)
    f = n - 1  # Student's t by its expansion around the normal distribution
    t = z + (z**3 + z) / (4 * f) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * f**2)
    half = t * stdev(values) / math.sqrt(n)
    return Interval(mean, mean - half, mean + half, n)
