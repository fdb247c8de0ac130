"""A day made up from a description: when people call, why, how patient, who can help. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from callwright.kit.errors import invalid
from callwright.routing.simulation.day import OWN_LEVEL, Caller, Day, Effects, Seat, in_order

HALF_HOUR_S = 1800.0
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0, le=1e6)]
NotNegative = Annotated[float, Field(ge=0, le=1e6)]
Numbers = np.random.Generator
Floats = np.ndarray[Any, np.dtype[np.float64]]


class Part(BaseModel):
    """A part of the description: unknown names are faults, nan and infinity too."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Staff(Part):
    """Who can do what. Own skills go where hands are short, other skills where calls are many."""

    own_skills: int = Field(default=2, ge=1, le=50)
    one_less: Share = 0.4  # share of agents with one own skill less
    other_skills: int = Field(default=2, ge=0, le=50)
    own_level: int = Field(default=5, ge=OWN_LEVEL, le=5)
    other_level: int = Field(default=2, ge=1, le=OWN_LEVEL - 1)


class Handling(Part):
    """Seconds with an agent whose own skill it is; lognormal. `by_type`: factors, the first types'.

    `slower`, `right_first_time`: by skill level, a level not named counts as the next lower.
    """

    talk_s: Positive = 240.0
    variation: NotNegative = 0.9  # standard deviation / mean
    wrap_s: NotNegative = 30.0
    ring_s: NotNegative = 0.0
    by_type: tuple[Positive, ...] = ()
    slower: dict[int, Positive] = {1: 1.2, OWN_LEVEL: 1.0}
    right_first_time: dict[int, Share] = {1: 0.8, OWN_LEVEL: 0.95}
    wrong_type: Share = 0.0  # callers who name another matter than theirs
    lost_s: NotNegative = 75.0  # with an agent who cannot help, before being passed on


class World(Part):
    """Everything a made-up day depends on. `load`: work offered / what all agents can do at best.

    `profile`: weights of the half hours from opening to closing; empty = two gentle waves.
    """

    agents: int = Field(ge=1, le=20_000)
    types: int = Field(ge=1, le=500)
    load: float = Field(gt=0, le=5)
    hours: float = Field(default=10.0, gt=0, le=24)
    profile: tuple[NotNegative, ...] = ()
    day_variation: NotNegative = 0.05
    popularity: float = Field(default=0.8, ge=0, le=5)  # exponent of Zipf's law
    tiers: dict[str, NotNegative] = {"normal": 0.70, "gold": 0.20, "vip": 0.10}
    patience_s: Positive = 240.0  # mean; exponential
    handling: Handling = Handling()
    staff: Staff = Staff()

    @model_validator(mode="after")
    def _sums(self) -> World:
        if self.profile and len(self.profile) != math.ceil(self.hours * 2):
            raise ValueError(f"profile: needs {math.ceil(self.hours * 2)} half hours")
        if self.profile and not sum(self.profile):
            raise ValueError("profile: all weights are 0")
        if not sum(self.tiers.values()):
            raise ValueError("tiers: all shares are 0")
        return self


SIZES: Mapping[int, World] = {
    15: World(agents=15, types=6, load=0.85),
    80: World(agents=80, types=12, load=0.92),
    500: World(agents=500, types=30, load=0.92),
}


def parse_world(body: object) -> World:
    """A world from its file; `invalid` names the field, for example `handling.talk_s`."""
    if not isinstance(body, Mapping):
        raise invalid("world", "must be a mapping")
    try:
        return World.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        why = first["msg"].removeprefix("Value error, ")
        field, _, rest = why.partition(": ") if not place else (place, "", why)
        raise invalid(field, rest) from error


def generate(world: World, seed: int) -> Day:
    """The day of this seed. Each attribute has its own stream: changing one leaves the others."""
    streams = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(8)]
    popularity = 1 / np.arange(1, world.types + 1) ** world.popularity
    popularity /= popularity.sum()
    end = world.hours * 3600
    times = _arrivals(world, end, streams[0])
    return Day(
        callers=_callers(world, times, popularity, streams[1:7]),
        seats=_seats(world, popularity, streams[7]),
        effects=Effects(
            slower=dict(world.handling.slower),
            right_first_time=dict(world.handling.right_first_time),
            lost_s=world.handling.lost_s,
        ),
        end=end,
    )


def type_name(number: int) -> str:
    """The name of a matter, which is a queue and a skill too."""
    return f"type{number + 1:02d}"


def _weights(world: World) -> Floats:
    if world.profile:
        return np.asarray(world.profile, dtype=float)
    middles = (np.arange(math.ceil(world.hours * 2)) + 0.5) * HALF_HOUR_S
    return 1 + 0.15 * np.sin(2 * np.pi * middles / 14_400)


def _arrivals(world: World, end: float, numbers: Numbers) -> Floats:
    """Poisson within each half hour, around the profile; a whole day may be busier or calmer."""
    factors = np.asarray([*world.handling.by_type, *[1.0] * world.types])[: world.types]
    popularity = 1 / np.arange(1, world.types + 1) ** world.popularity
    talk = world.handling.talk_s * float((factors * popularity).sum() / popularity.sum())
    per_s = world.load * world.agents / (talk + world.handling.wrap_s)
    spread = world.day_variation
    busier = float(numbers.gamma(1 / spread**2, spread**2)) if spread else 1.0
    weights = _weights(world)
    starts = np.arange(len(weights)) * HALF_HOUR_S
    lengths = np.minimum(HALF_HOUR_S, end - starts)
    expected = weights * lengths
    counts = numbers.poisson(per_s * busier * end * expected / expected.sum())
    times = np.repeat(starts, counts) + numbers.uniform(0, 1, counts.sum()) * np.repeat(
        lengths, counts
    )
    return np.sort(times)


def _callers(
    world: World, times: Floats, popularity: Floats, numbers: list[Numbers]
) -> tuple[Caller, ...]:
    count, handling = len(times), world.handling
    kinds = numbers[0].choice(world.types, count, p=popularity)
    names = list(world.tiers)
    shares = np.asarray(list(world.tiers.values())) / sum(world.tiers.values())
    tiers = numbers[1].choice(len(names), count, p=shares)
    talks = _lognormal(handling.talk_s, handling.variation, count, numbers[2])
    patience = numbers[3].exponential(world.patience_s, count)
    luck = numbers[4].uniform(0, 1, count)
    wrong = numbers[5].uniform(0, 1, count) < handling.wrong_type
    named = numbers[5].choice(world.types, count, p=popularity)
    factors = np.asarray([*handling.by_type, *[1.0] * world.types])
    matters = [type_name(k) for k in range(world.types)]
    skills = [{matter: 1} for matter in matters]
    said = np.where(wrong, named, kinds).tolist()
    columns = zip(
        times.tolist(), said, kinds.tolist(), (talks * factors[kinds]).tolist(),
        patience.tolist(), tiers.tolist(), luck.tolist(), strict=True,
    )  # fmt: skip
    return in_order(
        Caller(
            f"c{n:06d}", at, matters[word], talk, bears, names[tier], matters[word], skills[word],
            handling.wrap_s, handling.ring_s, chance, None if word == kind else skills[kind],
        )
        for n, (at, word, kind, talk, bears, tier, chance) in enumerate(columns)
    )  # fmt: skip


def _lognormal(mean: float, variation: float, count: int, numbers: Numbers) -> Floats:
    sigma = math.sqrt(math.log(1 + variation**2))
    return np.asarray(numbers.lognormal(math.log(mean) - sigma**2 / 2, sigma, count))


def _seats(world: World, popularity: Floats, numbers: Numbers) -> tuple[Seat, ...]:
    """Each agent's own skills where hands are shortest (with some chance), others by demand."""
    staff, need = world.staff, popularity * world.agents
    have = np.zeros(world.types)
    seats = []
    for n in range(world.agents):
        count = staff.own_skills - (1 if numbers.random() < staff.one_less else 0)
        own: list[int] = []
        for _ in range(min(max(1, count), world.types)):
            short = (need - have) / need + numbers.random(world.types) * 0.3
            short[own] = -math.inf
            own.append(int(short.argmax()))
        have[own] += 1 / len(own)
        skills = {type_name(k): staff.own_level for k in own}
        rest = [k for k in range(world.types) if k not in own]
        if rest and staff.other_skills:
            chances = popularity[rest] / popularity[rest].sum()
            size = min(staff.other_skills, len(rest))
            others = numbers.choice(rest, size=size, replace=False, p=chances)
            skills |= {type_name(int(k)): staff.other_level for k in others}
        seats.append(Seat(f"a{n:05d}", skills))
    return tuple(seats)
