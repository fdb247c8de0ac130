"""Answers a wish: reads or makes up the days, compares, advises, counts people. Its own process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from callwright.agents import service as agents
from callwright.kit.db import Tx
from callwright.kit.errors import invalid
from callwright.queues import service as queues
from callwright.routing.policy import Policy
from callwright.routing.simulation.day import Day, Seat
from callwright.routing.whatif.advice import Advice, advise
from callwright.routing.whatif.compare import compare, plain, run
from callwright.routing.whatif.half_hours import HalfHour, half_hours
from callwright.routing.whatif.made_up import MadeUp
from callwright.routing.whatif.past import Past
from callwright.routing.whatif.read import last_week, read_past, stretch_of_day
from callwright.routing.whatif.replay import QueueFacts, Replay
from callwright.routing.whatif.wish import Source, Wish, affordable, draft_of

WEEKS_BACK = 4
GENERATED_DAYS = 5  # for the staffing hint
FIT = ("mean_wait_s", "service_level_20", "abandoned")
Tell = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Scene:
    """Days by seed, and what the reader should know of them. `typical` = for counting people."""

    day: Callable[[int], Day]
    typical: Sequence[Day]
    calls: int
    midnight_s: float = 0.0
    stretch_days: int = 1
    facts: Mapping[str, Any] = field(default_factory=dict)
    replays: Sequence[Replay] = ()


async def scene_of(tx: Tx, source: Source, zone: ZoneInfo, now: datetime) -> Scene:
    """The callers that a source means; `invalid` names `source` where there were none."""
    facts = {
        queue.key: QueueFacts(queue.key, queue.skills, float(queue.max_wait_s))
        for queue in await queues.queues(tx)
    }
    if source.kind == "generated":
        people = await agents.agents(tx)
        seats = [Seat(str(a.id), a.skills, a.queues) for a in people]
        return made_up_scene(MadeUp(source.recipe, list(facts.values()), seats))
    stretches = stretches_of(source, zone, now)
    pasts = [await read_past(tx, since, until) for since, until in stretches]
    replays = [Replay(past, facts) for past in pasts if past.calls and past.agents]
    if not any(replay.calls for replay in replays):
        raise invalid("source", "nobody called, or nobody was on duty")
    return replay_scene(replays, zone, whole_days=source.kind != "week")


def stretches_of(source: Source, zone: ZoneInfo, now: datetime) -> list[tuple[datetime, datetime]]:
    """From when to when."""
    if source.kind == "week" or source.date is None:
        return [last_week(now)]
    if source.kind == "day":
        return [stretch_of_day(source.date, zone, now)]
    days = [source.date - timedelta(weeks=weeks) for weeks in range(1, WEEKS_BACK + 1)]
    today = now.astimezone(zone).date()
    past = [day for day in days if day <= today]
    if not past:
        raise invalid("source.date", "is too far in the future")
    return [stretch_of_day(day, zone, now) for day in past]


def replay_scene(replays: Sequence[Replay], zone: ZoneInfo, *, whole_days: bool) -> Scene:
    """One or more stretches of the past; seeds take turns in them."""
    start = datetime.fromisoformat(replays[0].past.start).astimezone(zone)
    since_midnight = (start.hour * 60 + start.minute) * 60 + start.second
    return Scene(
        day=lambda seed: replays[seed % len(replays)].day(seed),
        typical=[replay.day(0) for replay in replays],
        calls=sum(len(replay.calls) for replay in replays) // len(replays),
        midnight_s=-float(since_midnight),
        stretch_days=1 if whole_days else max(1, round(replays[0].past.seconds / 86_400)),
        facts=_facts(replays),
        replays=replays,
    )


def made_up_scene(source: MadeUp) -> Scene:
    """Made-up days of a company."""
    if not source.queues:
        raise invalid("source", "no agent can take a call of any queue")
    typical = [source.day(seed) for seed in range(1, GENERATED_DAYS + 1)]
    calls = sum(len(day.callers) for day in typical) // len(typical)
    facts = {"calls": calls, "agents": len(source.seats), "recipe": asdict(source.recipe)}
    opening = 9 * 3600.0  # made-up days begin at nine
    return Scene(source.day, typical, calls, midnight_s=-opening, facts=facts)


def _facts(replays: Sequence[Replay]) -> dict[str, Any]:
    pasts = [replay.past for replay in replays]
    holes = [asdict(past.holes) for past in pasts]
    return {
        "stretches": [{"start": past.start, "seconds": past.seconds} for past in pasts],
        "calls": sum(len(replay.calls) for replay in replays),
        "left_out": sum(replay.left_out for replay in replays),
        "agents": len({agent.id for past in pasts for agent in past.agents}),
        "holes": {name: sum(hole[name] for hole in holes) for name in holes[0]},
        "patience": _patience(replays),
    }


def _patience(replays: Sequence[Replay]) -> dict[str, int]:
    estimates = [replay.patience_of("") for replay in replays]
    return {
        "abandoned": sum(one.abandoned for one in estimates),
        "censored": sum(one.censored for one in estimates),
    }


def answer(scene: Scene, wish: Wish, running: Policy, tell: Tell) -> dict[str, Any]:
    """Everything that was asked for, as JSON."""
    affordable(scene.calls, wish)
    draft = draft_of(wish)
    found: dict[str, Any] = {"source": dict(scene.facts)}
    if scene.replays:
        found["fit"] = fit(scene.replays, running)
    if "comparison" in wish.questions:
        seeds = range(1, wish.seeds + 1)
        rows = compare(scene.day, seeds, running, draft, lambda share: tell("comparison", share))
        found["comparison"] = {"seeds": wish.seeds, "rows": [plain(row) for row in rows]}
    if "advice" in wish.questions:
        advice = advise(scene.day, draft or running, lambda share: tell("advice", share))
        found["advice"] = plain_advice(advice)
    if "staffing" in wish.questions:
        tell("staffing", 0.0)
        found["staffing"] = {
            "target": wish.target.model_dump(),
            "half_hours": plain_hours(scene, wish),
        }
    return found


def plain_hours(scene: Scene, wish: Wish) -> list[dict[str, Any]]:
    """The staffing hint as JSON."""
    hours: list[HalfHour] = half_hours(
        scene.typical, wish.target.target, midnight_s=scene.midnight_s,
        stretch_days=scene.stretch_days,
    )  # fmt: skip
    return [plain_hour(hour) for hour in hours]


def plain_hour(hour: HalfHour) -> dict[str, Any]:
    """A half hour as JSON."""
    return asdict(hour)


def plain_advice(advice: Advice) -> dict[str, Any]:
    """Advice as JSON; agents by id."""
    return {**asdict(advice), "helps": advice.helps}


def fit(replays: Sequence[Replay], running: Policy) -> dict[str, Any]:
    """How well the simulator tells what happened: recorded, and simulated by today's policy."""
    simulated = [run(replay.day(0), running) for replay in replays]
    recorded = [_recorded(replay.past, replay) for replay in replays]
    weights = [len(replay.calls) for replay in replays]
    return {
        name: {
            "recorded": _mean(recorded, name, weights),
            "simulated": _mean(simulated, name, weights),
        }
        for name in FIT
    }


def _recorded(_: Past, replay: Replay) -> dict[str, float | None]:
    calls = replay.calls
    if not calls:
        return dict.fromkeys(FIT)
    in_time = sum(call.end == "answered" and call.waited_s <= 20 for call in calls)
    return {
        "mean_wait_s": sum(call.waited_s for call in calls) / len(calls),
        "service_level_20": in_time / len(calls),
        "abandoned": sum(call.end != "answered" for call in calls) / len(calls),
    }


def _mean(
    figures: Sequence[Mapping[str, float | None]], name: str, weights: Sequence[int]
) -> float | None:
    known = [
        (value, weight)
        for row, weight in zip(figures, weights, strict=True)
        if (value := row[name]) is not None
    ]
    whole = sum(weight for _, weight in known)
    return sum(value * weight for value, weight in known) / whole if whole else None
