"""How long a caller will wait: an estimate that says what it rests on. Pure.

The callers ahead are counted by who could serve them: one whom only half of this caller's agents
could take counts less than one whom all of them could. Agents who work (ready, ringing, talking,
on hold, wrapping up) take one call each `handling` seconds; a break or nobody signed in means that
there is no estimate, and nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from callwright.routing.model import ON_DUTY, READY, FreeAgent, WaitingCall, needs_of, value_of
from callwright.routing.needs import Needs, able, in_queue, lowered
from callwright.routing.policy import Policy

ENOUGH = 5  # handled calls: fewer say too little about the next one
LONGEST_SPOKEN_MIN = 60
LONGEST_SPOKEN_PLACE = 99

Source = Literal["this queue lately", "this queue in a day", "all queues lately",
                 "all queues in a day"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Handled:
    """Calls that were handled: how many, and the mean of talk and wrap-up in seconds."""

    count: int = 0
    mean_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Lately:
    """What was handled by queue: in the last hours, and in the last day."""

    recent: Mapping[str, Handled]
    day: Mapping[str, Handled]


@dataclass(frozen=True, slots=True)
class Expectation:
    """`position` = place in the own queue, from 1. `seconds` None = nobody can know; `reasons`
    say what it rests on."""

    position: int
    seconds: float | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Crew:
    """Who could take calls of one profile: all who work, and how many of them are free now."""

    able: frozenset[str]
    ready: int


Profile = tuple[str, Needs]  # a queue, and the skills asked for: whoever can take one takes all


def expected_waits(
    calls: Sequence[WaitingCall],
    agents: Sequence[FreeAgent],
    lately: Lately,
    policy: Policy,
) -> dict[str, Expectation]:
    """Every waiting caller's estimate by id; independent of the input's order.

    Work of ours that never delays a caller stands behind all of them and gets none.
    """
    ordered = sorted((c for c in calls if not c.blended), key=lambda c: _turn(c, policy))
    profiles = {call.id: _profile(call, policy) for call in ordered}
    crews = {profile: _crew(profile, agents) for profile in set(profiles.values())}
    shares = {
        (one, other): _share(crews[one].able, crews[other].able) for one in crews for other in crews
    }
    before: dict[Profile, int] = dict.fromkeys(crews, 0)
    in_queue: dict[str, int] = {}
    found: dict[str, Expectation] = {}
    for call in ordered:
        profile = profiles[call.id]
        ahead = sum(count * shares[profile, other] for other, count in before.items())
        place = in_queue.get(call.queue, 0) + 1
        found[call.id] = _expectation(place, ahead, crews[profile], handling(call.queue, lately))
        before[profile] += 1
        in_queue[call.queue] = place
    return found


def _turn(call: WaitingCall, policy: Policy) -> tuple[float, float, str]:
    """The order in which the router serves: wait and head start, as `model.place` has it."""
    head_start = policy.lead_s(value_of(call, policy))
    if call.waiting_s >= policy.guarantee_s:
        head_start = policy.guarantee_s
    return -(call.waiting_s + head_start), -call.waiting_s, call.id


def _profile(call: WaitingCall, policy: Policy) -> Profile:
    return call.queue, lowered(needs_of(call, policy), call.waiting_s, policy)


def handling(queue: str, lately: Lately) -> tuple[float, Source] | None:
    """Seconds that a call of a queue takes, and from which calls that is known."""
    own, all_ = lately.recent.get(queue, Handled()), _together(lately.recent)
    own_day, all_day = lately.day.get(queue, Handled()), _together(lately.day)
    steps: tuple[tuple[Handled, Source], ...] = (
        (own, "this queue lately"), (own_day, "this queue in a day"),
        (all_, "all queues lately"), (all_day, "all queues in a day"),
    )  # fmt: skip
    return next(((h.mean_s, source) for h, source in steps if h.count >= ENOUGH), None)


def _together(parts: Mapping[str, Handled]) -> Handled:
    count = sum(part.count for part in parts.values())
    total = sum(part.count * part.mean_s for part in parts.values())
    return Handled(count, total / count if count else 0.0)


def _crew(profile: Profile, agents: Sequence[FreeAgent]) -> Crew:
    """Whoever is at work and could take these calls if they were free now."""
    queue, needs = profile
    crew = [
        agent
        for agent in agents
        if agent.state in ON_DUTY and in_queue(queue, agent.queues) and able(needs, agent.skills)
    ]
    ready = sum(agent.state == READY for agent in crew)
    return Crew(frozenset(agent.id for agent in crew), ready)


def _share(ours: frozenset[str], theirs: frozenset[str]) -> float:
    """How much of one of their callers falls to our agents."""
    return len(ours & theirs) / len(theirs) if theirs else 0.0


def _expectation(
    position: int, ahead: float, crew: Crew, takes: tuple[float, Source] | None
) -> Expectation:
    if not crew.able:
        return Expectation(position, None, ("nobody who can take it is at work",))
    at_work = f"{ahead:.1f} callers ahead for {len(crew.able)} agents at work"
    if ahead + 1 <= crew.ready:
        return Expectation(position, 0.0, (at_work, f"{crew.ready} of them free"))
    if takes is None:
        return Expectation(position, None, (at_work, f"fewer than {ENOUGH} calls were handled"))
    seconds, source = takes
    wait = (ahead + 1 - crew.ready) * seconds / len(crew.able)
    return Expectation(
        position, round(wait, 1), (at_work, f"a call takes {seconds:.0f} s ({source})")
    )
