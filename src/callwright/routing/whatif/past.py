"""A stretch of the past as it was: who called, who was on duty, and what nobody can know. Pure.

Rules for holes, each counted in `Holes` and told with every result:
* a talk without an end, or of more than `LONGEST_TALK_S`, is of unknown length;
* a wrap-up of more than `LONGEST_WRAP_S` counts as that long;
* somebody in one state for more than `LONGEST_STRETCH_S` went home at its beginning;
* a call still waiting at the end of the stretch waited until then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

LONGEST_TALK_S = 4 * 3600.0
LONGEST_WRAP_S = 3600.0
LONGEST_STRETCH_S = 12 * 3600.0
CLOCK_SLACK_S = 5.0  # a talk is written down a moment before or after its offer

End = Literal["answered", "abandoned", "other"]
AWAY = ("offline", "break")
BUSY = ("ringing", "talking", "hold", "wrap")
ENDS: Mapping[str, End] = {
    "answered": "answered", "abandoned": "abandoned", "ring_abandoned": "abandoned",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PastCall:
    """One visit of a queue. `at` = seconds since the start; `ring_s` of the offer that was taken is
    part of `waited_s`; `talk_s` (hold included) is None when nobody took it or nobody knows."""

    id: str
    at: float
    queue: str
    tier: str
    language: str
    waited_s: float
    end: End
    exit: str = ""
    agent: str = ""
    ring_s: float = 0.0
    talk_s: float | None = None
    wrap_s: float = 0.0
    customer: str = ""


@dataclass(frozen=True, slots=True)
class PastAgent:
    """Somebody who was on duty; `shifts` = (from, to) in seconds since the start, breaks left out.

    Skills and queues are those of today: past ones are not kept.
    """

    id: str
    login: str
    skills: Mapping[str, int]
    queues: tuple[str, ...]
    shifts: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """A queue visit as read: times in seconds since the start, `left` None = still there."""

    id: str
    contact: str
    queue: str
    entered: float
    left: float | None
    exit: str | None
    tier: str
    language: str
    customer: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """An accepted offer as read: whose phone, since when it rang, when it was answered."""

    visit: str
    contact: str
    agent: str
    rang: float
    answered: float


@dataclass(frozen=True, slots=True)
class Change:
    """An agent's change of state as read."""

    agent: str
    at: float
    before: str
    state: str
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Holes:
    """How much was not known and had to be filled by a rule."""

    talk_unknown: int = 0
    wraps_cut: int = 0
    stretches_cut: int = 0
    still_waiting: int = 0


@dataclass(frozen=True, slots=True)
class Past:
    """The stretch: `seconds` long from `start` (ISO); calls by arrival."""

    start: str
    seconds: float
    calls: tuple[PastCall, ...]
    agents: tuple[PastAgent, ...]
    holes: Holes = field(default_factory=Holes)


@dataclass(frozen=True, slots=True)
class Read:
    """Everything that was read of a stretch. `talks` = (contact, agent) -> (from, to or None)…;
    changes may go on after its end, so that the last wrap-ups are whole."""

    start: str
    seconds: float
    visits: Sequence[Visit]
    taken: Sequence[Taken]
    talks: Mapping[tuple[str, str], Sequence[tuple[float, float | None]]]
    changes: Sequence[Change]
    first_states: Mapping[str, str]
    offered: frozenset[tuple[str, str]]


def past_of(
    read: Read, people: Iterable[tuple[str, str, Mapping[str, int], tuple[str, ...]]]
) -> Past:
    """Put together; `people` = (id, login, skills, queues) of everybody there is today."""
    wraps, wraps_cut = wrap_ups(read.changes, read.seconds)
    taken = {one.visit: one for one in read.taken}
    calls = tuple(
        _call(visit, taken.get(visit.id), read, wraps)
        for visit in sorted(read.visits, key=lambda one: (one.entered, one.id))
    )
    by_agent: dict[str, list[Change]] = defaultdict(list)
    for change in read.changes:
        if change.at < read.seconds:
            by_agent[change.agent].append(change)
    agents, stretches_cut = [], 0
    for key, login, skills, queues in people:
        offered = {contact for agent, contact in read.offered if agent == key}
        first = read.first_states.get(key, "offline")
        found, cut = shifts(by_agent[key], first, read.seconds, offered)
        stretches_cut += cut
        if found:
            agents.append(PastAgent(key, login, dict(skills), queues, found))
    holes = Holes(
        talk_unknown=sum(c.end == "answered" and c.talk_s is None for c in calls),
        wraps_cut=wraps_cut,
        stretches_cut=stretches_cut,
        still_waiting=sum(visit.left is None for visit in read.visits),
    )
    return Past(read.start, read.seconds, calls, tuple(agents), holes)


def _call(
    visit: Visit, taken: Taken | None, read: Read, wraps: Mapping[tuple[str, str], float]
) -> PastCall:
    left = read.seconds if visit.left is None else visit.left
    end = ENDS.get(visit.exit or "", "other")
    talk = _talk(taken, read) if taken and end == "answered" else None
    return PastCall(
        id=visit.id, at=visit.entered, queue=visit.queue, tier=visit.tier,
        language=visit.language, waited_s=max(0.0, left - visit.entered), end=end,
        exit=visit.exit or "",
        agent=taken.agent if taken else "",
        ring_s=max(0.0, taken.answered - taken.rang) if taken else 0.0,
        talk_s=talk, wrap_s=wraps.get((taken.agent, visit.contact), 0.0) if taken else 0.0,
        customer=visit.customer,
    )  # fmt: skip


def _talk(taken: Taken, read: Read) -> float | None:
    """How long the talk was that an accepted offer led to."""
    for begun, over in sorted(read.talks.get((taken.contact, taken.agent), ()), key=lambda t: t[0]):
        if begun >= taken.answered - CLOCK_SLACK_S:
            whole = over is not None and over - begun <= LONGEST_TALK_S
            return over - begun if over is not None and whole else None
    return None


def wrap_ups(changes: Iterable[Change], until: float) -> tuple[dict[tuple[str, str], float], int]:
    """(agent, contact) -> seconds of wrap-up, and how many were cut."""
    found: dict[tuple[str, str], float] = defaultdict(float)
    last: dict[str, tuple[str, float]] = {}  # agent -> (contact, since) while wrapping up
    busy: dict[str, str] = {}
    cut = 0
    for change in sorted(changes, key=lambda one: one.at):
        begun = last.pop(change.agent, None)
        if begun:
            seconds = change.at - begun[1]
            cut += seconds > LONGEST_WRAP_S
            found[change.agent, begun[0]] += min(seconds, LONGEST_WRAP_S)
        if change.state in BUSY:
            contact = change.contact or busy.get(change.agent, "")
            busy[change.agent] = contact
            if change.state == "wrap":
                last[change.agent] = (contact, change.at)
    for agent, (contact, since) in last.items():
        found[agent, contact] += min(max(0.0, until - since), LONGEST_WRAP_S)
    return dict(found), cut


def shifts(
    changes: Sequence[Change], first: str, until: float, offered: set[str]
) -> tuple[tuple[tuple[float, float], ...], int]:
    """When somebody was there for the queues, and how many stretches were cut.

    Away: signed off, on a break, and busy with what no queue offered (calls out, consultations,
    calls that a colleague passed on).
    """
    stretches: list[tuple[float, float]] = []
    since, there, cut, contact = 0.0, first not in AWAY, 0, ""
    ordered = sorted(changes, key=lambda one: one.at)
    ends = [*(change.at for change in ordered), until]
    for index, end in enumerate(ends):
        if there and end - since > LONGEST_STRETCH_S:
            cut += 1
        elif there and end > since:
            _join(stretches, since, end)
        if index == len(ordered):
            break
        change = ordered[index]
        since = change.at
        contact = (change.contact or contact) if change.state in BUSY else ""
        other = change.state in BUSY and bool(contact) and contact not in offered
        there = change.state not in AWAY and not other
    return tuple(stretches), cut


def _join(stretches: list[tuple[float, float]], since: float, end: float) -> None:
    """Append, or prolong the last one when it ends just here."""
    if stretches and since - stretches[-1][1] < 1e-6:
        stretches[-1] = (stretches[-1][0], end)
    else:
        stretches.append((since, end))
