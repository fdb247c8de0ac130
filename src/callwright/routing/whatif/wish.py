"""What somebody asks the simulator, checked: source, draft, seeds, questions, target. Pure."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from callwright.kit.errors import CallwrightError, invalid
from callwright.routing.policy import Policy, parse_policy
from callwright.routing.whatif.made_up import Recipe
from callwright.routing.whatif.staffing import Target

FEWEST_SEEDS, MOST_SEEDS = 20, 200
MOST_CALLS = 5_000_000  # simulated calls of one comparison: calls x seeds x policies
Question = Literal["comparison", "advice", "staffing"]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Source(_Body):
    """Which callers. `week` = the seven days up to now; `day` = `date`, as it was; `weekday` = the
    same weekday as `date` in the four weeks before it; `generated` = made up from what follows."""

    kind: Literal["week", "day", "weekday", "generated"]
    date: datetime.date | None = None
    load: Annotated[float, Field(gt=0, le=2)] = 0.85
    hours: Annotated[float, Field(ge=1, le=24)] = 9.0
    talk_s: Annotated[float, Field(ge=10, le=3600)] = 240.0
    wrap_s: Annotated[float, Field(ge=0, le=3600)] = 30.0
    patience_s: Annotated[float, Field(ge=5, le=3600)] = 180.0

    @model_validator(mode="after")
    def _has_its_date(self) -> Source:
        if self.kind in ("day", "weekday") and self.date is None:
            raise ValueError("this kind needs a date")
        return self

    @property
    def recipe(self) -> Recipe:
        """What is made up."""
        return Recipe(
            load=self.load, hours=self.hours, talk_s=self.talk_s, wrap_s=self.wrap_s,
            patience_s=self.patience_s,
        )  # fmt: skip


class Goal(_Body):
    """`share` of callers answered within `within_s` seconds; `present_share` = of the people who
    are paid, the share at their desks (breaks, meetings, illness)."""

    share: Annotated[float, Field(ge=0.1, le=0.99)] = 0.8
    within_s: Annotated[float, Field(ge=1, le=600)] = 20.0
    present_share: Annotated[float, Field(ge=0.3, le=1)] = 1.0

    @property
    def target(self) -> Target:
        """As staffing wants it."""
        return Target(self.share, self.within_s, self.present_share)


class Wish(_Body):
    """One simulation. Without a `draft` the running policy stands alone."""

    source: Source = Source(kind="week")
    draft: dict[str, Any] | None = None
    seeds: Annotated[int, Field(ge=FEWEST_SEEDS, le=MOST_SEEDS)] = FEWEST_SEEDS
    questions: Annotated[list[Question], Field(min_length=1, max_length=3)] = ["comparison"]
    target: Goal = Goal()


def draft_of(wish: Wish) -> Policy | None:
    """The draft as a policy; None when there is none."""
    return None if wish.draft is None else parse_draft(wish.draft)


def parse_draft(body: dict[str, Any]) -> Policy:
    """A policy; `invalid` names the field below `draft`."""
    try:
        return parse_policy(body)
    except CallwrightError as error:
        field = error.params.get("field", "")
        raise invalid(f"draft.{field}", str(error.params.get("why", error.code))) from error


def affordable(calls: int, wish: Wish) -> None:
    """`invalid` where the comparison would cost too much."""
    policies = 1 if wish.draft is None else 2
    if calls * wish.seeds * policies > MOST_CALLS:
        raise invalid("seeds", f"at most {MOST_CALLS // (calls * policies)} with {calls} calls")
