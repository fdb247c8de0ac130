"""What the router knows between two decisions: who waits in which lane, who is on duty and free.

Pure: time comes with each piece of news, in seconds of any clock that does not go back.
"""

from __future__ import annotations

import heapq
import itertools
from collections import Counter, defaultdict
from collections.abc import Mapping

from callwright.routing.lanes import (
    Condition,
    Group,
    Index,
    Lane,
    Profile,
    Seat,
    Waiter,
    count_duty,
)
from callwright.routing.model import FreeAgent, WaitingCall, needs_of, value_of
from callwright.routing.needs import able, in_queue, lowered
from callwright.routing.policy import DEFAULT_POLICY, Policy

GRACE_S = 1e-6  # two ways to add up the same seconds
_NONE: tuple[Mapping[str, int], None] = ({}, None)


class Memory:
    """Callers and agents by what makes them alike. `Pool` decides with it."""

    def __init__(self, policy: Policy = DEFAULT_POLICY) -> None:
        self.policy = policy
        self._index = Index(policy)
        self._waiters: dict[str, Waiter] = {}
        self._seats: dict[str, Seat] = {}
        self._number = itertools.count()
        self._changes: list[tuple[float, int, Waiter]] = []
        self._lifts: list[tuple[float, int, Waiter]] = []
        self._wishes: defaultdict[str, set[Waiter]] = defaultdict(set)  # by sticky agent
        self._for_seat: dict[str, list[Lane]] = {}
        self._unsettled: set[Waiter] = set()
        self._new_seats: dict[str, Seat] = {}
        self._new_lanes: dict[Lane, None] = {}
        self._serving: Counter[str] = Counter()
        self._blended = 0
        self._free_seats = 0
        # agents by trade, by weight: on duty, and free when a decision begins
        self._on_duty: Counter[str] = Counter()
        self._free: Counter[str] = Counter()
        self._came_or_went: list[tuple[Profile, int]] = []  # since then
        self._groups: dict[tuple[str, str, bool], tuple[Mapping[str, int], Group | None]] = {}
        gate = {policy.gate.after_s} if policy.gate.share else set[float]()
        self._ages_of_all = tuple(sorted({*gate, *(step.after_s for step in policy.relax)}))

    def call_arrives(self, call: WaitingCall, now: float) -> None:
        """A caller waits; `call.waiting_s` = for how long at `now`. A known id comes anew."""
        if call.id in self._waiters:
            self.call_leaves(call.id)
        arrived = now - call.waiting_s
        value = value_of(call, self.policy)
        group = self._group_of(call)
        waiter = self._waiters[call.id] = Waiter(call, group, arrived, value)
        waiter.key = arrived - self.policy.lead_s(value)
        if call.sticky:
            self._wishes[call.sticky].add(waiter)
        self._blended += call.blended
        group.waiting += 1
        if self._look(group):
            self._open(group)
        self._set_full(call.queue)
        heapq.heappush(self._lifts, (arrived + self.policy.guarantee_s, next(self._number), waiter))
        waiter.pending = self._ages(call, bool(group.asked), now - arrived)
        self._await_change(waiter)
        self._settle(waiter, now)

    def _group_of(self, call: WaitingCall) -> Group:
        """The group of a call; what a queue asks for is seldom another than the last time."""
        key = (call.queue, call.language, call.blended)
        skills, group = self._groups.get(key, _NONE)
        if group is None or skills != call.skills:
            needs = needs_of(call, self.policy)
            group = self._index.group(call.queue, needs, call.blended)
            self._groups[key] = (call.skills, group)
        return group

    def call_leaves(self, call_id: str) -> None:
        """A caller hung up, or is served elsewhere. No matter if unknown."""
        waiter = self._waiters.pop(call_id, None)
        if waiter is not None:
            self._forget(waiter)

    def agent_ready(self, agent: FreeAgent, now: float) -> None:
        """An agent is free; `agent.idle_s` = for how long at `now`."""
        seat = self._seat(agent)
        self._serve_no_more(seat)
        self._serve(seat, agent)
        self._set_left(seat, agent.capacity)
        seat.since = now - agent.idle_s
        seat.turn = next(self._number)
        heapq.heappush(seat.profile.free, (seat.since, seat.id, seat.turn, seat))
        self._new_seats[seat.id] = seat

    def agent_busy(self, agent: FreeAgent) -> None:
        """An agent is at work but not free: callers may be kept for them."""
        seat = self._seat(agent)
        self._serve_no_more(seat)
        self._set_left(seat, 0)
        self._serve(seat, agent)

    def agent_away(self, agent_id: str) -> None:
        """An agent went: a break, the end of the shift, a phone that is gone."""
        seat = self._seats.pop(agent_id, None)
        if seat is not None:
            self._serve_no_more(seat)
            self._set_left(seat, 0)
            self._duty(seat.profile, -1)
            self._unsettled |= self._wishes.get(agent_id, set())

    def _seat(self, agent: FreeAgent) -> Seat:
        """The place of an agent who is on duty from now on."""
        seat = self._seats.get(agent.id)
        if seat is not None and seat.profile.is_of(agent):
            return seat
        profile = self._index.profile(agent)
        if seat is None:
            seat = self._seats[agent.id] = Seat(agent.id, profile)
        else:
            self._set_left(seat, 0)
            self._duty(seat.profile, -1)
            seat.profile = profile
        self._duty(profile, 1)
        self._unsettled |= self._wishes.get(agent.id, set())
        return seat

    def _duty(self, profile: Profile, by: int) -> None:
        profile.on_duty += by
        for trade, weight in profile.trades:
            self._on_duty[trade] += by * weight
        for group, own in profile.groups:
            before = group.team_able.get(profile.team, 0)
            count_duty(group, own, profile.team, by)
            if self._look(group) or (before and before + by == 0):
                self._open(group)

    def _look(self, group: Group) -> bool:
        share = self.policy.gate.share
        return share > 0 and group.look(share)

    def _open(self, group: Group) -> None:
        """More agents may take these callers than a moment ago."""
        if not group.blended:
            self._new_lanes.update(dict.fromkeys(group.lanes()))

    def _set_left(self, seat: Seat, left: int) -> None:
        change = (left > 0) - (seat.left > 0)
        seat.left = left
        if change:
            seat.profile.free_count += change
            self._free_seats += change
            self._came_or_went.append((seat.profile, change))

    def _count_trades(self) -> None:
        """Who is free now, by trade: a decision weighs all its pairs by what it began with."""
        for profile, change in self._came_or_went:
            for trade, weight in profile.trades:
                self._free[trade] += change * weight
        self._came_or_went.clear()

    def _serve(self, seat: Seat, agent: FreeAgent) -> None:
        for queue in agent.serving:
            seat.serving.append(queue)
            self._serving[queue] += 1
            self._set_full(queue)

    def _serve_no_more(self, seat: Seat) -> None:
        for queue in seat.serving:
            self._serving[queue] -= 1
            self._set_full(queue)
        seat.serving.clear()

    def _set_full(self, queue: str) -> None:
        capacity = self.policy.queue_capacity.get(queue)
        if capacity is None:
            return
        full = self._serving[queue] >= capacity
        for group in self._index.groups.values():
            if group.queue == queue and group.full != full:
                group.full = full
                if not full:
                    self._open(group)

    def _forget(self, waiter: Waiter) -> None:
        """The caller is not here any more."""
        group, call = waiter.group, waiter.call
        group.waiting -= 1
        self._look(group)
        self._blended -= call.blended
        if waiter.lane is not None:
            self._leave(waiter.lane)
        waiter.lane = None
        if call.sticky:
            self._wishes[call.sticky].discard(waiter)
            self._unsettled.discard(waiter)

    def _ages(self, call: WaitingCall, asked_for: bool, age: float) -> tuple[float, ...]:
        """The ages at which a pair may become possible, those still to come."""
        ages = self._ages_of_all if asked_for else ()
        if call.sticky or call.wants:
            own = {self.policy.sticky_s} if call.sticky else set[float]()
            ages = tuple(sorted({*ages, *own, *([self.policy.team_s] if call.wants else [])}))
        return ages if not ages or ages[0] > age + GRACE_S else _later(ages, age)

    def _await_change(self, waiter: Waiter) -> None:
        if waiter.pending:
            due = waiter.arrived + waiter.pending[0]
            heapq.heappush(self._changes, (due, next(self._number), waiter))
            waiter.pending = waiter.pending[1:]

    def _due(self, now: float) -> bool:
        """Whether some caller's condition changed meanwhile."""
        limit = now + GRACE_S
        changes, lifts = self._changes, self._lifts
        return bool(
            (changes and changes[0][0] <= limit)
            or (lifts and lifts[0][0] <= limit)
            or self._unsettled
        )

    def _catch_up(self, now: float) -> None:
        """Move the callers whose condition changed meanwhile."""
        for heap in (self._changes, self._lifts):
            while heap and heap[0][0] <= now + GRACE_S:
                _, _, waiter = heapq.heappop(heap)
                if waiter.lane is not None:
                    self._settle(waiter, now)
                    if heap is self._changes:
                        self._await_change(waiter)
        if self._unsettled:
            unsettled, self._unsettled = self._unsettled, set()
            for waiter in unsettled:
                if waiter.lane is not None:
                    self._settle(waiter, now)

    def _settle(self, waiter: Waiter, now: float) -> None:
        """Put a caller into the lane of their present condition."""
        call, group, policy = waiter.call, waiter.group, self.policy
        age = now - waiter.arrived + GRACE_S
        if policy.relax or group.base is None:
            needs = lowered(group.asked, age, policy) if policy.relax else group.asked
            shape = self._index.shape(group, needs)
        else:
            shape = group.base
        overdue = age >= policy.guarantee_s
        aged = age >= policy.gate.after_s
        if call.sticky or call.wants:
            lane = shape.lane(self._condition(waiter, age, aged, overdue))
        else:
            lane = shape.plain[aged + 2 * overdue]
        if lane is waiter.lane:
            return
        if waiter.lane is not None:
            self._leave(waiter.lane)
        waiter.lane = lane
        key = waiter.arrived - policy.guarantee_s if overdue else waiter.key
        entry = (key, waiter.arrived, call.id, next(self._number), waiter)
        heapq.heappush(lane.heap, entry)
        self._enter(lane)

    def _condition(self, waiter: Waiter, age: float, aged: bool, overdue: bool) -> Condition:
        """The condition of a caller who should stay with an agent or a team."""
        call, group, policy = waiter.call, waiter.group, self.policy
        sticky = call.sticky if call.sticky and self._can_have(call.sticky, group) else None
        return (
            sticky,
            sticky is not None and age < policy.sticky_s,
            call.wants,
            bool(call.wants) and age < policy.team_s,
            aged,
            overdue,
        )

    def _enter(self, lane: Lane) -> None:
        lane.live += 1
        lane.shape.inbound += 1
        if lane.live == 1:
            if lane.shape.group.blended:
                lane.shape.ours.append(lane)
                return
            if lane.sticky:
                self._for_seat.setdefault(lane.sticky, []).append(lane)
            if not lane.held:
                lane.shape.lanes.append(lane)
        if not lane.shape.group.blended:
            self._new_lanes[lane] = None

    def _leave(self, lane: Lane) -> None:
        lane.live -= 1
        shape = lane.shape
        shape.inbound -= 1
        if lane.live:
            return
        lane.heap.clear()
        if shape.group.blended:
            shape.ours.remove(lane)
        elif not lane.held:
            shape.lanes.remove(lane)
        if lane.sticky:
            del shape.by_condition[lane.condition]
            if not shape.group.blended:
                self._unlist(lane, lane.sticky)

    def _unlist(self, lane: Lane, agent_id: str) -> None:
        lanes = self._for_seat[agent_id]
        lanes.remove(lane)
        if not lanes:
            del self._for_seat[agent_id]

    def _can_have(self, agent_id: str, group: Group) -> bool:
        seat = self._seats.get(agent_id)
        if seat is None:
            return False
        profile = seat.profile
        return in_queue(group.queue, profile.queues) and able(group.asked, profile.skills)


def _later(ages: tuple[float, ...], age: float) -> tuple[float, ...]:
    return tuple(one for one in ages if one > age + GRACE_S)
