"""What agents do at the desk. No word of a note, a summary or a ticket is in an event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from callwright.kit.event import Event


@dataclass(frozen=True, kw_only=True)
class CallDisposed(Event):
    """The wrap-up of a call is done. `disposition` none + `by_timer` = the countdown did it.

    An agent who still submits after the countdown corrects it: the last one counts.
    """

    NAME: ClassVar[str] = "call.disposed"
    contact_id: UUID
    agent_id: UUID
    login: str
    disposition: str
    by_timer: bool
    ticket_wanted: bool


@dataclass(frozen=True, kw_only=True)
class WrapUpExtended(Event):
    """An agent took more time after a call; `times` so far."""

    NAME: ClassVar[str] = "wrap_up.extended"
    contact_id: UUID
    agent_id: UUID
    login: str
    times: int


@dataclass(frozen=True, kw_only=True)
class DraftEdited(Event):
    """An agent changed fields of the ticket draft; their names only."""

    NAME: ClassVar[str] = "draft.edited"
    contact_id: UUID
    agent_id: UUID
    login: str
    fields: tuple[str, ...]
