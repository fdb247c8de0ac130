"""The rules of routing that a manager sets: weights, the guarantee, relaxation, gates. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from callwright.kit.errors import invalid
from callwright.kit.fitting import fitting

HEAVIEST = 1000.0  # a weight beyond this is a slip of the finger
LONGEST_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Step:
    """From `after_s` on, each skill asked for may be `lower_by` levels lower (never below 1)
    than the caller's queue asks; `any` = the skill is not needed at all."""

    after_s: float
    lower_by: int = 0
    any: bool = False


@dataclass(frozen=True, slots=True)
class Gate:
    """When an agent for whom a call is a second trade may take it.

    It is an agent's own trade when each skill asked for is there at `primary_level` or above. The
    gate is open when `share` callers per such agent on duty wait, when there is no such agent on
    duty, and for a caller who has waited `after_s`. `share` 0 = always open.
    """

    primary_level: int = 3
    share: float = 0.1
    after_s: float = 40.0


@dataclass(frozen=True, slots=True)
class Tongue:
    """The skill that a caller's language needs. Time never lowers it."""

    skill: str
    least: int = 1


@dataclass(frozen=True)
class Policy:
    """Order = value + waiting time / `slope_s`; see `docs/explanation/routing.md` for the proof.

    Values are plain factors, multiplied; a name that is not in the table has the value 1.
    `type_value` is looked up by the issue, else by the queue's key. Times are seconds.
    """

    tier_value: Mapping[str, float] = field(
        default_factory=lambda: {"diamond": 3.0, "vip": 3.0, "gold": 2.0, "silver": 1.3}
    )
    type_value: Mapping[str, float] = field(
        default_factory=lambda: {"投诉": 1.5, "complaint": 1.5, "complaints": 1.5}
    )
    repeat_value: float = 1.2
    repeat_hours: int = 24
    open_ticket_value: float = 1.2
    guarantee_s: float = 300.0
    own_first_s: float = 60.0
    relax: tuple[Step, ...] = ()
    gate: Gate = Gate()
    sticky_s: float = 10.0
    team_s: float = 0.0
    reserve: int = 1
    languages: Mapping[str, Tongue] = field(default_factory=dict)
    queue_capacity: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def least(self) -> float:
        """The smallest value that a call can have."""
        return self._extreme(min)

    @cached_property
    def greatest(self) -> float:
        """The greatest value that a call can have."""
        return self._extreme(max)

    def _extreme(self, pick: Callable[[Iterable[float]], float]) -> float:
        value = pick((1.0, *self.tier_value.values())) * pick((1.0, *self.type_value.values()))
        return value * pick((1.0, self.repeat_value)) * pick((1.0, self.open_ticket_value))

    @cached_property
    def slope_s(self) -> float:
        """Seconds of waiting that weigh as much as one unit of value: the greatest lead that
        value and own trade give together is `guarantee_s`."""
        spread = self.greatest - self.least
        lead = self.guarantee_s - self.own_first_s
        return lead / spread if spread > 0 and lead > 0 else self.guarantee_s

    @cached_property
    def tongues(self) -> frozenset[str]:
        """The skills that are languages."""
        return frozenset(tongue.skill for tongue in self.languages.values())

    def value(self, tier: str, type_: str, queue: str, repeat: bool, open_ticket: bool) -> float:
        """Customer value x issue, raised for who calls again or has an open ticket."""
        issue = self.type_value.get(type_)
        if issue is None:
            issue = self.type_value.get(queue, 1.0)
        value = self.tier_value.get(tier, 1.0) * issue
        if repeat:
            value *= self.repeat_value
        return value * self.open_ticket_value if open_ticket else value

    def lead_s(self, value: float) -> float:
        """The head start of a call of this value over one of the least value, seconds."""
        if self.own_first_s >= self.guarantee_s:
            return 0.0
        return (value - self.least) * self.slope_s

    def step_at(self, waiting_s: float) -> Step | None:
        """The last step of relaxation that is reached."""
        reached = [step for step in self.relax if step.after_s <= waiting_s]
        return reached[-1] if reached else None

    def tongue(self, language: str) -> Tongue | None:
        """What a language tag needs: the tag itself, then the language without its region."""
        return self.languages.get(language) or self.languages.get(language.partition("-")[0])


DEFAULT_POLICY = Policy()

Weight = Annotated[float, Field(gt=0, le=HEAVIEST, allow_inf_nan=False)]
Seconds = Annotated[float, Field(ge=0, le=LONGEST_S, allow_inf_nan=False)]
Level = Annotated[int, Field(ge=1, le=5)]
Name = Annotated[str, Field(min_length=1, max_length=100)]
Weights = Annotated[dict[Name, Weight], Field(max_length=500)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Step(_Body):
    after_s: Seconds
    lower_by: Annotated[int, Field(ge=0, le=5)] = 0
    any: bool = False

    @model_validator(mode="after")
    def _does_something(self) -> _Step:
        if self.any == (self.lower_by > 0):
            raise ValueError("needs either lower_by of 1 or more, or any: true")
        return self


class _Gate(_Body):
    primary_level: Level = 3
    share: Annotated[float, Field(ge=0, le=HEAVIEST, allow_inf_nan=False)] = 0.1
    after_s: Seconds = 40.0


class _Tongue(_Body):
    skill: Name
    least: Level = 1


class PolicyBody(_Body):
    """A policy as it is published; what is left out is as it comes with the software."""

    tier_value: Weights = dict(DEFAULT_POLICY.tier_value)
    type_value: Weights = dict(DEFAULT_POLICY.type_value)
    repeat_value: Weight = 1.2
    repeat_hours: Annotated[int, Field(ge=0, le=720)] = 24
    open_ticket_value: Weight = 1.2
    guarantee_s: Annotated[float, Field(ge=1, le=LONGEST_S, allow_inf_nan=False)] = 300.0
    own_first_s: Seconds = 60.0
    relax: Annotated[list[_Step], Field(max_length=20)] = []
    gate: _Gate = _Gate()
    sticky_s: Seconds = 10.0
    team_s: Seconds = 0.0
    reserve: Annotated[int, Field(ge=0, le=10_000)] = 1
    languages: Annotated[dict[Name, _Tongue], Field(max_length=100)] = {}
    queue_capacity: Annotated[
        dict[Name, Annotated[int, Field(ge=1, le=100_000)]], Field(max_length=1000)
    ] = {}


def parse_policy(body: Mapping[str, Any]) -> Policy:
    """A policy from its published form; `invalid` names the field, as in `relax.1.after_s`."""
    with fitting("policy"):
        read = PolicyBody.model_validate(body)
    _fit_what_was_left_out(read)
    _check_times(read)
    plain = read.model_dump()
    return Policy(
        **{
            **plain,
            "relax": tuple(Step(**step) for step in plain["relax"]),
            "gate": Gate(**plain["gate"]),
            "languages": {tag: Tongue(**one) for tag, one in plain["languages"].items()},
        }
    )


def policy_body(policy: Policy) -> dict[str, Any]:
    """The published form of a policy."""
    return PolicyBody.model_validate(asdict(policy), strict=False).model_dump()


def _fit_what_was_left_out(read: PolicyBody) -> None:
    """A short guarantee shortens the times that nobody set."""
    for name in {"own_first_s", "sticky_s", "team_s"} - read.model_fields_set:
        setattr(read, name, min(getattr(read, name), read.guarantee_s))
    if "after_s" not in read.gate.model_fields_set:
        after_s = min(read.gate.after_s, read.guarantee_s)
        read.gate = read.gate.model_copy(update={"after_s": after_s})


def _check_times(read: PolicyBody) -> None:
    """Nothing may hold a caller back beyond the guarantee."""
    held = {
        "own_first_s": read.own_first_s, "gate.after_s": read.gate.after_s,
        "sticky_s": read.sticky_s, "team_s": read.team_s,
    }  # fmt: skip
    for name, seconds in held.items():
        if seconds > read.guarantee_s:
            raise invalid(name, f"must not be above guarantee_s, {read.guarantee_s:g}")
    times = [step.after_s for step in read.relax]
    for index, (before, after) in enumerate(pairwise(times), start=1):
        if after <= before:
            raise invalid(f"relax.{index}.after_s", "must be later than the step before")
