"""Ready replies: the states of their versions, who may approve, who sees which. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from callwright.kit.errors import CallwrightError
from callwright.scripts.variables import unknown_names


class ScriptState(StrEnum):
    """Where the newest version is. An approved version stays in use while the next is written."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    RETIRED = "retired"


S = ScriptState

TRANSITIONS: dict[tuple[ScriptState, str], ScriptState] = {
    (S.DRAFT, "edit"): S.DRAFT,
    (S.IN_REVIEW, "edit"): S.DRAFT,
    (S.PUBLISHED, "edit"): S.DRAFT,
    (S.RETIRED, "edit"): S.DRAFT,
    (S.DRAFT, "submit"): S.IN_REVIEW,
    (S.IN_REVIEW, "approve"): S.PUBLISHED,
    (S.IN_REVIEW, "reject"): S.DRAFT,
    (S.DRAFT, "retire"): S.RETIRED,
    (S.IN_REVIEW, "retire"): S.RETIRED,
    (S.PUBLISHED, "retire"): S.RETIRED,
}

APPROVE_THEIR_OWN = frozenset({"manager", "admin"})
NUMBER = re.compile(r"[Ss]-?([0-9]{1,9})")

Language = Literal["zh-Hans", "zh-Hant", "en"]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


def _known_variables(text: str) -> str:
    """A typo in a variable is found when it is written, not when it is sent."""
    unknown = unknown_names(text)
    if unknown:
        raise ValueError(f"unknown variables: {', '.join(unknown)}")
    return text


Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=1000),
    AfterValidator(_known_variables),
]


class Body(BaseModel):
    """What a person writes. No `departments` = everybody sees it."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    title: Words
    text: Text
    group: Words
    keywords: list[Words] = Field(default=[], max_length=30)
    departments: list[Words] = Field(default=[], max_length=30)
    language: Language = "zh-Hans"
    valid_from: AwareDatetime | None = None
    valid_until: AwareDatetime | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Body:
        if self.valid_from and self.valid_until and self.valid_until <= self.valid_from:
            raise ValueError("valid_until must be after valid_from")
        return self


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a script; never changed once written, but for its approval."""

    script_id: UUID
    version: int
    body: Body
    author: str
    at: datetime
    approved_by: str | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """What all versions of a script share. `published` = the version in use, if any."""

    id: UUID
    number: int
    state: ScriptState
    version: int
    published: int | None
    updated_at: datetime

    @property
    def no(self) -> str:
        """S-041, as people say it."""
        return written_number(self.number)


@dataclass(frozen=True, slots=True)
class Usage:
    """How often a script was used, in all its versions."""

    sent: int = 0
    played: int = 0
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """A head with one of its versions."""

    head: Head
    version: Version

    @property
    def body(self) -> Body:
        """What a person wrote."""
        return self.version.body

    @property
    def state(self) -> ScriptState:
        """The version in use is published, whatever is being written beside it."""
        in_use = self.version.version == self.head.published
        return ScriptState.PUBLISHED if in_use else self.head.state


def after(state: ScriptState, trigger: str) -> ScriptState:
    """The next state; `wrong_state` with the present one when it is not possible."""
    following = TRANSITIONS.get((state, trigger))
    if following is None:
        raise CallwrightError("wrong_state", what="script", state=state.value, trigger=trigger)
    return following


def may_approve(*, approver: str, role: str, author: str) -> bool:
    """Four eyes: nobody approves their own words, but for a manager or admin."""
    return approver != author or role in APPROVE_THEIR_OWN


def is_expired(body: Body, now: datetime) -> bool:
    """Whether its time is over."""
    return body.valid_until is not None and body.valid_until <= now


def is_in_force(body: Body, now: datetime) -> bool:
    """Whether its time has come and is not over."""
    return not is_expired(body, now) and (body.valid_from is None or body.valid_from <= now)


def is_seen_by(body: Body, department: str | None) -> bool:
    """Whether a department may use it. None = a person of no department: sees all."""
    return not body.departments or department is None or department in body.departments


def written_number(number: int) -> str:
    """41 → S-041."""
    return f"S-{number:03d}"


def read_number(text: str) -> int | None:
    """S-041, s41 → 41; None when it is no number of a script."""
    found = NUMBER.fullmatch(text.strip())
    return int(found[1]) if found and int(found[1]) > 0 else None


def in_use(scripts: Iterable[Script], now: datetime, department: str | None) -> list[Script]:
    """What an agent may send or play now."""
    return [
        script
        for script in scripts
        if is_in_force(script.body, now) and is_seen_by(script.body, department)
    ]
