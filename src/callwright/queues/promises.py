"""What a queue offers instead of waiting: a callback, a message. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from callwright.kit.fitting import fitting


class CallbackRule(BaseModel):
    """`key` = pressed while waiting, empty = none; after `offer_after_s` the caller is told of it.

    `first` = whose phone rings first. `near` = how many may still be before a customer who is
    dialled first. `tries` at most, `retry_min` minutes apart.

    `abandoned` = who hangs up after more than `abandoned_after_s` seconds is called back unasked,
    within `abandoned_hours`, by an agent who delays no caller by it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Literal["", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"] = ""
    offer_after_s: int = Field(default=60, ge=0, le=3600)
    first: Literal["agent", "customer"] = "agent"
    near: int = Field(default=0, ge=0, le=50)
    tries: int = Field(default=3, ge=1, le=10)
    retry_min: int = Field(default=15, ge=1, le=24 * 60)
    abandoned: bool = False
    abandoned_after_s: int = Field(default=5, ge=0, le=600)
    abandoned_hours: int = Field(default=24, ge=1, le=72)


class VoicemailRule(BaseModel):
    """Seconds: the longest message, the silence that ends it, the least that is kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    longest_s: int = Field(default=120, ge=10, le=600)
    silence_s: int = Field(default=5, ge=2, le=60)
    least_s: float = Field(default=1.5, ge=0.5, le=10)


Rule = TypeVar("Rule", bound=BaseModel)


def parse_rule(kind: type[Rule], body: Mapping[str, Any]) -> Rule:
    """A rule from its setting; `invalid` names the field that is wrong."""
    with fitting("body"):
        return kind.model_validate(body)
