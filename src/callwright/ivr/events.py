"""What callers do in the menu. Menu keys are no secrets; secure digits never become events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from callwright.kit.event import Event


@dataclass(frozen=True, kw_only=True)
class MenuEntered(Event):
    """The caller hears a menu."""

    NAME: ClassVar[str] = "menu.entered"
    contact_id: UUID
    menu: str


@dataclass(frozen=True, kw_only=True)
class MenuAnswered(Event):
    """The caller pressed a key of the menu; `key` is empty for no input."""

    NAME: ClassVar[str] = "menu.answered"
    contact_id: UUID
    menu: str
    key: str
    valid: bool


@dataclass(frozen=True, kw_only=True)
class NodePassed(Event):
    """A node of the tree did its work. `reason` says why it came to this outcome."""

    NAME: ClassVar[str] = "node.passed"
    contact_id: UUID
    node: str
    kind: str
    outcome: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class AnswerGiven(Event):
    """The caller heard what they called for, from this node; no agent was needed so far."""

    NAME: ClassVar[str] = "answer.given"
    contact_id: UUID
    node: str


@dataclass(frozen=True, kw_only=True)
class DigitsRequested(Event):
    """The caller is asked for digits that nobody hears. `by` = menu or agent."""

    NAME: ClassVar[str] = "digits.requested"
    contact_id: UUID
    node: str
    by: str


@dataclass(frozen=True, kw_only=True)
class DigitsTyped(Event):
    """How many were typed so far. For the waiting agent's screen only: never written down."""

    NAME: ClassVar[str] = "digits.typed"
    contact_id: UUID
    count: int


@dataclass(frozen=True, kw_only=True)
class DigitsCaptured(Event):
    """It is over. `outcome` = captured, empty, wrong_length, wrong_number, failed or gone; no digit
    is in any event. `sink` = where the outcome is kept."""

    NAME: ClassVar[str] = "digits.captured"
    contact_id: UUID
    node: str
    sink: str
    outcome: str
    by: str
