"""What happens to ready replies. Ids only: what was said or written to whom is in no event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from callwright.kit.event import Event


@dataclass(frozen=True, kw_only=True)
class ScriptChanged(Event):
    """A script has a new version or a new state."""

    NAME: ClassVar[str] = "script.changed"
    script_id: UUID
    version: int
    state: str


@dataclass(frozen=True, kw_only=True)
class ScriptSent(Event):
    """A script was sent to a customer as a text message."""

    NAME: ClassVar[str] = "script.sent"
    contact_id: UUID
    script_id: UUID
    agent_id: UUID | None
    version: int


@dataclass(frozen=True, kw_only=True)
class ScriptStarted(Event):
    """A script begins to sound in a live call."""

    NAME: ClassVar[str] = "script.started"
    contact_id: UUID
    script_id: UUID
    agent_id: UUID
    version: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class ScriptPlayed(Event):
    """It has sounded: to its end (`completed`), stopped before (`interrupted`), or not (`failed`).

    `seconds` = how long it was heard.
    """

    NAME: ClassVar[str] = "script.played"
    contact_id: UUID
    script_id: UUID
    agent_id: UUID
    version: int
    result: str
    seconds: float
