"""The parts of the pool: who is alike, which calls are alike, and who may take which. Pure.

Agents with the same queues, skills and team are one `Profile`. Calls that ask for the same in the
same queue are one `Group`; at one step of relaxation they are one `Shape`, and in the same
condition (kept for somebody, gate open by age, …) they are one `Lane`. Within a lane every agent
sees the same order, so its head stands for all of it.
"""

from __future__ import annotations

import heapq
from bisect import insort
from collections import defaultdict
from collections.abc import Iterator

from callwright.routing.missed import asked_trades, trades
from callwright.routing.model import FreeAgent, WaitingCall
from callwright.routing.needs import (
    Needs,
    able,
    in_queue,
    mean_level,
    own_trade,
)
from callwright.routing.policy import Policy

# what a lane is within its shape: sticky agent, still kept for them, team, still kept for it,
# gate open by age, beyond the guarantee
Condition = tuple[str | None, bool, str, bool, bool, bool]
Head = tuple[float, float, str, int, "Waiter"]  # key, arrival, id, number of its entry, call


class Waiter:
    """A call in the pool. `lane` None = it is not here any more."""

    __slots__ = ("arrived", "call", "group", "key", "lane", "pending", "value")

    def __init__(self, call: WaitingCall, group: Group, arrived: float, value: float) -> None:
        self.call, self.group, self.arrived, self.value = call, group, arrived, value
        self.key = arrived  # less the head start
        self.lane: Lane | None = None
        self.pending: tuple[float, ...] = ()  # ages at which something changes, the next first


class Seat:
    """An agent in the pool. `left` = calls that may be given now."""

    __slots__ = ("id", "left", "profile", "serving", "since", "turn")

    def __init__(self, agent_id: str, profile: Profile) -> None:
        self.id, self.profile = agent_id, profile
        self.since, self.left, self.turn = 0.0, 0, 0
        self.serving: list[str] = []


class Profile:
    """Agents alike. `shapes` = what they can take: (shape, own trade, fit)."""

    __slots__ = (
        "free", "free_count", "groups", "on_duty", "queues", "shapes", "skills", "team", "trades"
    )  # fmt: skip

    def __init__(self, agent: FreeAgent, policy: Policy) -> None:
        self.queues, self.skills, self.team = agent.queues, dict(agent.skills), agent.team
        self.trades = trades(agent.skills, agent.queues, policy)
        self.free: list[tuple[float, str, int, Seat]] = []  # longest idle first
        self.free_count = 0
        self.on_duty = 0
        self.shapes: list[tuple[Shape, bool, float]] = []
        self.groups: list[tuple[Group, bool]] = []  # those asked for as they stand; own trade

    def is_of(self, agent: FreeAgent) -> bool:
        """Whether the agent is alike."""
        return (
            agent.skills == self.skills and agent.queues == self.queues and agent.team == self.team
        )

    def longest_idle(self) -> Seat | None:
        """The free agent who has waited longest."""
        free = self.free
        while free:
            _, _, turn, seat = free[0]
            if seat.left and seat.turn == turn:
                return seat
            heapq.heappop(free)
        return None


class Group:
    """Calls that ask for the same in the same queue. `closed` = the gate for second trades."""

    __slots__ = (
        "asked", "base", "blended", "closed", "full", "given", "primary", "queue", "shapes",
        "team_able",
        "waiting",
    )  # fmt: skip

    def __init__(self, queue: str, asked: Needs, blended: bool) -> None:
        self.queue, self.asked, self.blended = queue, asked, blended
        self.given = asked_trades(queue, asked)
        self.waiting = self.primary = 0
        self.team_able: dict[str, int] = {}
        self.closed = self.full = False
        self.shapes: dict[Needs, Shape] = {}
        self.base: Shape | None = None  # before any relaxation

    def look(self, share: float) -> bool:
        """Set the gate; whether it opened just now."""
        was = self.closed
        self.closed = self.primary > 0 and self.waiting < share * self.primary
        return was and not self.closed

    def lanes(self) -> Iterator[Lane]:
        """All lanes with somebody in them."""
        for shape in self.shapes.values():
            yield from (lane for lane in shape.by_condition.values() if lane.live)


class Shape:
    """A group at a step of relaxation. `lanes` = those with callers whom anybody may take, `ours`
    = those of blended work; `inbound` = calls in all its lanes."""

    __slots__ = ("by_condition", "group", "inbound", "lanes", "needs", "ours", "plain", "profiles")

    def __init__(self, group: Group, needs: Needs) -> None:
        self.group, self.needs = group, needs
        self.profiles: list[tuple[bool, float, Profile]] = []  # own trade first, then the best fit
        self.lanes: list[Lane] = []
        self.ours: list[Lane] = []
        self.by_condition: dict[Condition, Lane] = {}
        self.inbound = 0
        # of callers who want nobody in particular: young, aged, -, beyond the guarantee
        self.plain = [
            self.lane((None, False, "", False, aged, overdue))
            for overdue in (False, True)
            for aged in (False, True)
        ]

    def lane(self, condition: Condition) -> Lane:
        """The lane of a condition."""
        found = self.by_condition.get(condition)
        if found is None:
            found = self.by_condition[condition] = Lane(self, condition)
        return found


class Lane:
    """Calls of a shape in the same condition: a heap, entries of calls that left are skipped."""

    __slots__ = ("aged", "condition", "heap", "held", "kept", "live", "overdue", "shape", "sticky",
                 "wants")  # fmt: skip

    def __init__(self, shape: Shape, condition: Condition) -> None:
        self.shape, self.condition = shape, condition
        self.sticky, self.held, self.wants, self.kept, self.aged, self.overdue = condition
        self.heap: list[Head] = []
        self.live = 0

    def head(self) -> Head | None:
        """The first call; None when all have left."""
        heap = self.heap
        while heap:
            head = heap[0]
            if head[4].lane is self:
                return head
            heapq.heappop(heap)
        return None

    def barred(self, own: bool, team: str) -> bool:
        """Whether agents of this team, and for whom it is (not) their own trade, must not now."""
        group = self.shape.group
        if group.full:
            return True
        if not own and not self.aged and group.closed:
            return True
        return self.kept and team != self.wants and group.team_able.get(self.wants, 0) > 0


class Index:
    """All profiles, groups and shapes, and which fit together; each worked out once."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.profiles: dict[object, Profile] = {}
        self.groups: dict[object, Group] = {}
        self.blended: list[Group] = []
        # who could fit at all: by one of the skills asked for, "" when none is
        self._with_skill: defaultdict[str, list[Profile]] = defaultdict(list)
        self._groups_for: defaultdict[str, list[Group]] = defaultdict(list)
        self._shapes_for: defaultdict[str, list[Shape]] = defaultdict(list)

    def profile(self, agent: FreeAgent) -> Profile:
        """The profile of an agent."""
        key = (agent.queues, frozenset(agent.skills.items()), agent.team)
        found = self.profiles.get(key)
        if found is None:
            found = self.profiles[key] = Profile(agent, self.policy)
            for skill in ("", *agent.skills):
                self._with_skill[skill].append(found)
                for group in self._groups_for[skill]:
                    self._join(found, group)
                for shape in self._shapes_for[skill]:
                    self._match(found, shape)
        return found

    def group(self, queue: str, asked: Needs, blended: bool) -> Group:
        """The group of calls like this."""
        key = (queue, asked, blended)
        found = self.groups.get(key)
        if found is None:
            found = self.groups[key] = Group(queue, asked, blended)
            skill = self._rarest(asked)
            self._groups_for[skill].append(found)
            for profile in self._with_skill[skill]:
                self._join(profile, found)
            if blended:
                self.blended.append(found)
        return found

    def shape(self, group: Group, needs: Needs) -> Shape:
        """The shape of a group at a step of relaxation."""
        found = group.shapes.get(needs)
        if found is None:
            found = group.shapes[needs] = Shape(group, needs)
            if needs == group.asked:
                group.base = found
            skill = self._rarest(needs)
            self._shapes_for[skill].append(found)
            for profile in self._with_skill[skill]:
                self._match(profile, found)
        return found

    def _rarest(self, needs: Needs) -> str:
        return min((s for s, _ in needs), key=lambda s: len(self._with_skill[s]), default="")

    def _join(self, profile: Profile, group: Group) -> None:
        if in_queue(group.queue, profile.queues) and able(group.asked, profile.skills):
            own = own_trade(group.asked, profile.skills, self.policy)
            profile.groups.append((group, own))
            count_duty(group, own, profile.team, profile.on_duty)

    def _match(self, profile: Profile, shape: Shape) -> None:
        group = shape.group
        if in_queue(group.queue, profile.queues) and able(shape.needs, profile.skills):
            own = own_trade(group.asked, profile.skills, self.policy)
            suits = mean_level(group.asked, profile.skills)
            profile.shapes.append((shape, own, suits))
            insort(shape.profiles, (own, suits, profile), key=lambda one: (not one[0], -one[1]))


def count_duty(group: Group, own: bool, team: str, by: int) -> None:
    """So many more agents of a profile are on duty."""
    if own:
        group.primary += by
    group.team_able[team] = group.team_able.get(team, 0) + by
