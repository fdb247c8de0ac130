"""The decision of `model.choose`, kept ready between two pieces of news.

An event costs a look at the heads of the lanes that an agent can serve, or at the longest idle of
the profiles that can serve a lane, however many calls and agents are behind them. Pure.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable

from callwright.routing.lanes import Head, Lane, Profile, Seat, Shape, Waiter
from callwright.routing.memory import GRACE_S, Memory
from callwright.routing.missed import missed
from callwright.routing.model import Assignment, WaitingCall, Why, needs_of

# key of the pair, arrival, call, not the sticky one, not own trade, other team, -fit, how much
# missed, idle since, agent: as `model.place`
Order = tuple[bool, bool, float, float, float, str]
Rank = tuple[float, float, str, bool, bool, bool, float, float, float, str]
Pair = tuple[Rank, Waiter, Seat, float]
Choice = tuple[Order, Seat, bool, float]
Spare = Callable[[Profile], bool]
Found = tuple[Rank, int, Waiter, Seat, float, Seat | Lane]


class Pool(Memory):
    """Who waits and who is free. Tell it what happens, then ask `assign`."""

    def assign(self, now: float) -> list[Assignment]:
        """The best possible pair, again and again; what is assigned leaves the pool's callers and
        its free agents (who stay on duty)."""
        if self._due(now):
            self._catch_up(now)
        self._count_trades()
        found: list[Assignment] = []
        pairs: list[Found] = []
        for source in self._sources():
            self._push_best(pairs, source)
        while pairs:
            rank, _, waiter, seat, suits, source = heapq.heappop(pairs)
            if self._stands(rank, waiter, seat):
                found.append(self._take(rank, waiter, seat, suits, now))
            if self._free_seats:
                self._push_best(pairs, source)
        if self._blended:
            found += self._assign_blended(now)
        return found

    def _sources(self) -> list[Seat | Lane]:
        """Where a pair may have become possible since the last decision: agents who are free now,
        and lanes that are new or open, unless nobody else is free."""
        seats = [seat for seat in self._new_seats.values() if seat.left]
        sources: list[Seat | Lane] = [*seats]
        if self._free_seats > len(seats):
            sources += self._new_lanes
        self._new_seats.clear()
        self._new_lanes.clear()
        return sources

    def alike(self, call: WaitingCall) -> int:
        """How many wait for the same, in the same queue."""
        group = self._index.groups.get((call.queue, needs_of(call, self.policy), call.blended))
        return group.waiting if group else 0

    def next_change(self, now: float) -> float | None:
        """When a pair may become possible by time alone; None when never."""
        if self._unsettled or self._new_lanes or self._new_seats:
            return now
        changes = self._changes
        while changes and changes[0][2].lane is None:
            heapq.heappop(changes)
        return max(now, changes[0][0]) if changes else None

    def _push_best(self, pairs: list[Found], source: Seat | Lane) -> None:
        best = self._best_call(source) if isinstance(source, Seat) else self._best_seat(source)
        if best is not None:
            rank, waiter, seat, suits = best
            heapq.heappush(pairs, (rank, next(self._number), waiter, seat, suits, source))

    def _best_call(self, seat: Seat) -> Pair | None:
        """The caller whom this free agent should take."""
        if not seat.left:
            return None
        profile = seat.profile
        own_first_s, team = self.policy.own_first_s, profile.team
        best: tuple[float, float, str, Lane, Waiter, bool, float] | None = None
        least = float("inf")
        for shape, own, suits in profile.shapes:
            for lane in shape.lanes:
                head = lane.heap[0]
                if head[4].lane is not lane:
                    head = lane.head() or head
                key = head[0] - own_first_s if own and not lane.overdue else head[0]
                if key > least or lane.barred(own, team):
                    continue
                if best is None or (key, head[1], head[2]) < best[:3]:
                    least = key
                    best = (key, head[1], head[2], lane, head[4], own, suits)
        mine = self._best_wish(seat) if seat.id in self._for_seat else None
        if best is None:
            return mine
        key, arrived, id_, lane, waiter, own, suits = best
        team_differs = not (lane.wants and lane.wants == team)
        absence = self._missed(lane, profile)
        rank = (
            key, arrived, id_, True, not own, team_differs, -suits, absence, seat.since, seat.id
        )  # fmt: skip
        if mine is not None and mine[0] < rank:
            return mine
        return rank, waiter, seat, suits

    def _best_wish(self, seat: Seat) -> Pair | None:
        """The first of the callers who should stay with this agent."""
        pairs = [self._pair(lane, seat) for lane in self._for_seat[seat.id]]
        possible = [pair for pair in pairs if pair is not None]
        return min(possible, key=lambda pair: pair[0], default=None)

    def _best_seat(self, lane: Lane, spare: Spare | None = None) -> Pair | None:
        """The free agent who should take the first caller of this lane."""
        head = lane.head()
        if head is None or lane.shape.group.full:
            return None
        sticky = self._seats.get(lane.sticky or "")
        if sticky is not None and sticky.left and (spare is None or spare(sticky.profile)):
            return self._pair(lane, sticky)
        if lane.held:
            return None
        best = self._longest_idle(lane, spare)
        if best is None:
            return None
        order, seat, own, suits = best
        return self._rank(head, lane, own, False, order), head[4], seat, suits

    def _longest_idle(self, lane: Lane, spare: Spare | None) -> Choice | None:
        """The best of the free agents for the callers of a lane."""
        best: Choice | None = None
        for own, suits, profile in lane.shape.profiles:
            if best is not None and self._worse(best, own, suits, lane):
                break
            if not profile.free_count or lane.barred(own, profile.team):
                continue
            seat = profile.longest_idle() if spare is None or spare(profile) else None
            if seat is None:
                continue
            team_differs = not (lane.wants and lane.wants == profile.team)
            absence = self._missed(lane, profile)
            order = (not own, team_differs, -suits, absence, seat.since, seat.id)
            if best is None or order < best[0]:
                best = order, seat, own, suits
        return best

    @staticmethod
    def _worse(best: Choice, own: bool, suits: float, lane: Lane) -> bool:
        """Whether everybody from here on is worse: they come own trade first, then by fit."""
        return own != best[2] or (not lane.wants and suits < best[3])

    def _pair(self, lane: Lane, seat: Seat) -> Pair | None:
        """The first caller of a lane with the agent whom they should stay with."""
        head = lane.head()
        if head is None or lane.shape.group.full:
            return None
        own, suits = self._suits(lane.shape, seat.profile)
        team_differs = not (lane.wants and lane.wants == seat.profile.team)
        absence = self._missed(lane, seat.profile)
        order = (not own, team_differs, -suits, absence, seat.since, seat.id)
        return self._rank(head, lane, own, True, order), head[4], seat, suits

    def _rank(
        self,
        head: Head,
        lane: Lane,
        own: bool,
        mine: bool,
        order: Order,
    ) -> Rank:
        key = head[0] if lane.overdue or not (own or mine) else head[0] - self.policy.own_first_s
        return (key, head[1], head[2], not mine, *order)

    def _missed(self, lane: Lane, profile: Profile) -> float:
        return missed(profile.trades, lane.shape.group.given, self._free, self._on_duty)

    @staticmethod
    def _suits(shape: Shape, profile: Profile) -> tuple[bool, float]:
        return next((own, suits) for own, suits, one in shape.profiles if one is profile)

    @staticmethod
    def _stands(rank: Rank, waiter: Waiter, seat: Seat) -> bool:
        """Whether the pair, found a moment ago, still is one."""
        lane = waiter.lane
        if lane is None or not seat.left:
            return False
        if lane.sticky == seat.id:
            return not lane.shape.group.full
        return not lane.barred(not rank[4], seat.profile.team)

    # -- work of ours ----------------------------------------------------------------------------

    def _assign_blended(self, now: float) -> list[Assignment]:
        """When no caller can be served any more: work that must never delay one."""
        found: list[Assignment] = []
        while True:
            spare = self._spare()
            pairs = [
                self._best_seat(lane, spare)
                for group in self._index.blended
                for shape in group.shapes.values()
                for lane in list(shape.ours)
            ]
            best = min((p for p in pairs if p), key=lambda pair: pair[0], default=None)
            if best is None:
                return found
            found.append(self._take(*best, now))

    def _spare(self) -> Spare:
        """Says whether an agent of a profile delays nobody: as `Crowd.delays_nobody`."""
        ready, anywhere, everybody = Counter[str](), 0, 0
        for profile in self._index.profiles.values():
            everybody += profile.free_count
            anywhere += 0 if profile.queues else profile.free_count
            for queue in profile.queues:
                ready[queue] += profile.free_count

        def spare(profile: Profile) -> bool:
            if any(shape.inbound for shape, _, _ in profile.shapes if not shape.group.blended):
                return False
            reserve = self.policy.reserve
            if not profile.queues:
                return everybody > reserve
            return all(ready[queue] + anywhere > reserve for queue in profile.queues)

        return spare

    def _take(self, rank: Rank, waiter: Waiter, seat: Seat, suits: float, now: float) -> Assignment:
        call = waiter.call
        del self._waiters[call.id]
        self._forget(waiter)
        self._set_left(seat, seat.left - 1)
        seat.serving.append(call.queue)
        self._serving[call.queue] += 1
        self._set_full(call.queue)
        waited_s, policy = now - waiter.arrived, self.policy
        urgent = waiter.value + waited_s / policy.slope_s
        why = Why(
            urgent, call.tier, waited_s, suits, now - seat.since, not rank[4], not rank[3],
            not rank[5], waited_s + GRACE_S >= policy.guarantee_s,
        )  # fmt: skip
        return Assignment(call.id, seat.id, urgent * suits, why)
