"""What happens to offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from callwright.kit.event import Event


@dataclass(frozen=True, kw_only=True)
class OfferMade(Event):
    """A call is offered to an agent; the phone is about to ring. `score` as decided.

    `kind` = queue, transfer (a colleague passed it on), consult (a colleague asks: no visit).
    """

    NAME: ClassVar[str] = "offer.made"
    contact_id: UUID
    visit_id: UUID | None
    offer_id: UUID
    agent_id: UUID
    login: str
    queue: str
    ring_s: int
    score: float
    kind: str = "queue"


@dataclass(frozen=True, kw_only=True)
class OfferClosed(Event):
    """How it went: accepted, no_answer, rejected, busy, unreachable, caller_gone, withdrawn,
    failed."""

    NAME: ClassVar[str] = "offer.closed"
    contact_id: UUID
    offer_id: UUID
    agent_id: UUID
    login: str
    result: str


@dataclass(frozen=True, kw_only=True)
class CallOverflowed(Event):
    """A caller could not wait in a queue. `cause` = full, too_long, nobody_on_duty, after_hours;
    `kind` = what became of them: goodbye, queue (`to` = its key), voicemail, callback."""

    NAME: ClassVar[str] = "call.overflowed"
    contact_id: UUID
    visit_id: UUID
    queue: str
    cause: str
    kind: str
    to: str = ""


@dataclass(frozen=True, kw_only=True)
class QueueAnnounced(Event):
    """A waiting caller was told something. `position` = the place, from 1; `ewt_s` = the expected
    wait as estimated then, None = nobody could know; `said` = the prompts; `played` = completed
    (heard whole), interrupted, failed, leg_gone; `reasons` = what the estimate rests on."""

    NAME: ClassVar[str] = "queue.announced"
    contact_id: UUID
    visit_id: UUID
    queue: str
    position: int
    ewt_s: float | None
    said: list[str]
    played: str
    reasons: list[str]


@dataclass(frozen=True, kw_only=True)
class RoutingPublished(Event):
    """Routing follows another version of its rules from now on."""

    NAME: ClassVar[str] = "routing.published"
    version: int


@dataclass(frozen=True, kw_only=True)
class SimulationRequested(Event):
    """Somebody wants to know what another policy, or another skill, would change."""

    NAME: ClassVar[str] = "simulation.requested"
    simulation_id: UUID


@dataclass(frozen=True, kw_only=True)
class SimulationFinished(Event):
    """A simulation is over: done, failed or cancelled."""

    NAME: ClassVar[str] = "simulation.finished"
    simulation_id: UUID
    state: str
