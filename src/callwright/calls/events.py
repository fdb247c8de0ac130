"""What happens in a call. Ids and our own names only: no number, no name of a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from callwright.kit.event import Event


@dataclass(frozen=True, kw_only=True)
class CallStarted(Event):
    """A caller came in, or (direction out) an agent calls somebody. `leg` = the customer's leg."""

    NAME: ClassVar[str] = "call.started"
    contact_id: UUID
    leg: str
    line: str
    customer_id: UUID | None = None
    direction: str = "in"


@dataclass(frozen=True, kw_only=True)
class CallerGuarded(Event):
    """A rule of the guard caught a call: let_in (exempt), low, say, reject. `reasons` in words."""

    NAME: ClassVar[str] = "caller.guarded"
    contact_id: UUID
    rule: str
    action: str
    reasons: list[str]


@dataclass(frozen=True, kw_only=True)
class CallAnswered(Event):
    """We took the call (the menu speaks), or the customer whom we called did; not yet a talk."""

    NAME: ClassVar[str] = "call.answered"
    contact_id: UUID


@dataclass(frozen=True, kw_only=True)
class CallQueued(Event):
    """The caller waits in a queue."""

    NAME: ClassVar[str] = "call.queued"
    contact_id: UUID
    visit_id: UUID
    queue: str


@dataclass(frozen=True, kw_only=True)
class CallConnected(Event):
    """An agent and the caller talk."""

    NAME: ClassVar[str] = "call.connected"
    contact_id: UUID
    segment_id: UUID
    agent_id: UUID
    leg: str


@dataclass(frozen=True, kw_only=True)
class ContactIdentified(Event):
    """A person said who the caller is: chosen of several, found, or written down anew."""

    NAME: ClassVar[str] = "contact.identified"
    contact_id: UUID
    customer_id: UUID
    before_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class CallEnded(Event):
    """The caller's leg is gone. `talked` = there was a conversation with a person; `message` =
    there is a voicemail."""

    NAME: ClassVar[str] = "call.ended"
    contact_id: UUID
    reason: str
    talked: bool
    message: bool = False


@dataclass(frozen=True, kw_only=True)
class CallMissed(Event):
    """A caller left, or was sent away, without having talked to a person."""

    NAME: ClassVar[str] = "call.missed"
    contact_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class MissedHandled(Event):
    """A missed caller was dealt with: answered_later, called_back or by_hand."""

    NAME: ClassVar[str] = "missed.handled"
    contact_id: UUID
    how: str


@dataclass(frozen=True, kw_only=True)
class CallAdopted(Event):
    """A restarted platform found this call alive in the PBX and goes on with it."""

    NAME: ClassVar[str] = "call.adopted"
    contact_id: UUID
    state: str
    leg: str


@dataclass(frozen=True, kw_only=True)
class QueueLeft(Event):
    """A queue visit ended: answered, abandoned, ring_abandoned, timeout, queue_full, no_agent,
    after_hours, overflow, voicemail, callback_requested, system."""

    NAME: ClassVar[str] = "queue.left"
    contact_id: UUID
    visit_id: UUID
    queue: str
    exit: str
    waited_s: float


@dataclass(frozen=True, kw_only=True)
class LegRang(Event):
    """An outgoing leg's far end rings."""

    NAME: ClassVar[str] = "leg.rung"
    contact_id: UUID
    leg: str


@dataclass(frozen=True, kw_only=True)
class LegPickedUp(Event):
    """An outgoing leg was answered."""

    NAME: ClassVar[str] = "leg.answered"
    contact_id: UUID
    leg: str


@dataclass(frozen=True, kw_only=True)
class LegGone(Event):
    """A leg ended."""

    NAME: ClassVar[str] = "leg.ended"
    contact_id: UUID
    leg: str
    cause: str


@dataclass(frozen=True, kw_only=True)
class LegReplaced(Event):
    """The agent goes on with the same talk on another leg."""

    NAME: ClassVar[str] = "leg.replaced"
    contact_id: UUID
    segment_id: UUID
    agent_id: UUID
    leg: str
    before: str


@dataclass(frozen=True, kw_only=True)
class CallHeld(Event):
    """The caller hears music: on hold, or while the agent consults."""

    NAME: ClassVar[str] = "call.held"
    contact_id: UUID
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class CallResumed(Event):
    """The music is over; agent and caller talk again."""

    NAME: ClassVar[str] = "call.resumed"
    contact_id: UUID
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class TalkLeft(Event):
    """An agent's talk with the caller is over; the call may go on without this agent."""

    NAME: ClassVar[str] = "talk.left"
    contact_id: UUID
    segment_id: UUID
    agent_id: UUID
    leg: str


@dataclass(frozen=True, kw_only=True)
class CallTransferred(Event):
    """The agent passed the caller on. `to` = agent, queue, number; `how` = blind, consulted."""

    NAME: ClassVar[str] = "call.transferred"
    contact_id: UUID
    agent_id: UUID
    to: str
    how: str
    target_agent_id: UUID | None = None
    queue: str = ""


@dataclass(frozen=True, kw_only=True)
class CallReturned(Event):
    """A transfer came to nothing, or the agent was lost: the caller waits again."""

    NAME: ClassVar[str] = "call.returned"
    contact_id: UUID
    queue: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ConsultChanged(Event):
    """A third party: ringing, talking (caller hears music), parked (it hears music), conference,
    blind (rings, the agent has left), through, closed (with a `result`)."""

    NAME: ClassVar[str] = "consult.changed"
    contact_id: UUID
    consult_id: UUID
    agent_id: UUID
    state: str
    kind: str
    target_agent_id: UUID | None = None
    result: str = ""


@dataclass(frozen=True, kw_only=True)
class CallbackRequested(Event):
    """A caller hangs up and keeps the place. `first` = whose phone will ring first."""

    NAME: ClassVar[str] = "callback.requested"
    contact_id: UUID
    callback_id: UUID
    queue: str
    first: str


@dataclass(frozen=True, kw_only=True)
class CallbackPlanned(Event):
    """The caller gave up waiting and is called back when it delays nobody, before `expires`
    (ISO 8601)."""

    NAME: ClassVar[str] = "callback.planned"
    contact_id: UUID
    callback_id: UUID
    queue: str
    expires: str


@dataclass(frozen=True, kw_only=True)
class CallbackDialled(Event):
    """Its turn has come: a call out begins. `contact_id` = the call in which it was asked for."""

    NAME: ClassVar[str] = "callback.dialled"
    contact_id: UUID
    callback_id: UUID
    dialled_contact_id: UUID
    first: str
    agent_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class CallbackReturned(Event):
    """The call out came to nothing; it waits on at its place, not before `due` (ISO 8601)."""

    NAME: ClassVar[str] = "callback.returned"
    contact_id: UUID
    callback_id: UUID
    dialled_contact_id: UUID
    reason: str
    tries: int
    due: str


@dataclass(frozen=True, kw_only=True)
class CallbackCompleted(Event):
    """Agent and customer talk."""

    NAME: ClassVar[str] = "callback.completed"
    contact_id: UUID
    callback_id: UUID
    dialled_contact_id: UUID
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class CallbackFailed(Event):
    """Given up, and why: the end reason of the last call out, do_not_call, or blocked."""

    NAME: ClassVar[str] = "callback.failed"
    contact_id: UUID
    callback_id: UUID
    reason: str
    tries: int


@dataclass(frozen=True, kw_only=True)
class CallbackCancelled(Event):
    """Withdrawn, and why: by_hand, called_again (the caller took the place over), served, expired,
    asked_for (by the caller, with a place of its own)."""

    NAME: ClassVar[str] = "callback.cancelled"
    contact_id: UUID
    callback_id: UUID
    reason: str
