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
