"""The base of all events: facts in the past tense, ids only, no personal data."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from callwright.kit.ids import new_id

EVENTS: dict[str, type[Event]] = {}


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact. Subclasses set NAME (`<noun>.<past participle>`) and add plain fields.

    Fields that end in `_id` are the event's subjects; they must be UUIDs or None. `caused_by` is
    the id of the event that led to this one.
    """

    NAME: ClassVar[str] = ""

    at: datetime
    id: UUID = field(default_factory=new_id)
    site: str = "main"
    contact_id: UUID | None = None
    caused_by: UUID | None = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.NAME in EVENTS and EVENTS[cls.NAME].__qualname__ != cls.__qualname__:
            raise ValueError(f"event {cls.NAME!r} is defined twice")
        EVENTS[cls.NAME] = cls

    def subjects(self) -> dict[str, str]:
        """The ids this event is about, as text."""
        return {
            f.name: str(getattr(self, f.name))
            for f in dataclasses.fields(self)
            if f.name.endswith("_id") and getattr(self, f.name) is not None
        }

    def body(self) -> dict[str, Any]:
        """The event's own plain fields."""
        common = {"id", "at", "site", "caused_by"}
        return {
            f.name: getattr(self, f.name)
            for f in dataclasses.fields(self)
            if f.name not in common and not f.name.endswith("_id")
        }

    @classmethod
    def load(
        cls,
        *,
        at: datetime,
        id: UUID,
        site: str,
        caused_by: UUID | None,
        subjects: dict[str, str],
        body: dict[str, Any],
    ) -> Self:
        """Make the event again from its stored row; fields unknown by now are dropped."""
        known = {f.name for f in dataclasses.fields(cls)}
        ids = {name: UUID(value) for name, value in subjects.items() if name in known}
        rest = {name: value for name, value in body.items() if name in known}
        return cls(at=at, id=id, site=site, caused_by=caused_by, **ids, **rest)
