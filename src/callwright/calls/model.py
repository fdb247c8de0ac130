"""The states of a contact, as a table, and what its end means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from callwright.kit.errors import CallwrightError


class ContactState(StrEnum):
    """Where the caller is. `held` = music while an agent is away from the talk; `outside` = put
    through to an outside number; `dialling` = we call the customer; `choosing` = asked whether to
    be called back, the place in the queue is kept; `voicemail` = leaves a message; `secure` = the
    caller types digits that nobody hears while the agent waits."""

    IVR = "ivr"
    WAITING = "waiting"
    CHOOSING = "choosing"
    VOICEMAIL = "voicemail"
    RINGING = "ringing"
    TALKING = "talking"
    HELD = "held"
    OUTSIDE = "outside"
    DIALLING = "dialling"
    SECURE = "secure"
    LEAVING = "leaving"
    ENDED = "ended"


S = ContactState

TRANSITIONS: dict[tuple[ContactState, str], ContactState] = {
    (S.IVR, "enqueue"): S.WAITING,
    (S.DIALLING, "enqueue"): S.WAITING,
    (S.WAITING, "choose"): S.CHOOSING,
    (S.CHOOSING, "stay"): S.WAITING,
    (S.CHOOSING, "promise"): S.LEAVING,
    (S.IVR, "leave_message"): S.VOICEMAIL,
    (S.WAITING, "leave_message"): S.VOICEMAIL,
    (S.CHOOSING, "leave_message"): S.VOICEMAIL,
    (S.WAITING, "offer"): S.RINGING,
    (S.WAITING, "overflow"): S.WAITING,
    (S.RINGING, "offer_failed"): S.WAITING,
    (S.RINGING, "connect"): S.TALKING,
    (S.DIALLING, "connect"): S.TALKING,
    (S.TALKING, "hold"): S.HELD,
    (S.HELD, "resume"): S.TALKING,
    (S.TALKING, "secure"): S.SECURE,
    (S.SECURE, "secured"): S.TALKING,
    (S.TALKING, "hand_over"): S.TALKING,
    (S.HELD, "hand_over"): S.TALKING,
    (S.TALKING, "put_out"): S.OUTSIDE,
    (S.HELD, "put_out"): S.OUTSIDE,
    (S.TALKING, "enqueue"): S.WAITING,
    (S.HELD, "enqueue"): S.WAITING,
    (S.OUTSIDE, "enqueue"): S.WAITING,
    (S.IVR, "say_goodbye"): S.LEAVING,
    (S.WAITING, "say_goodbye"): S.LEAVING,
    (S.TALKING, "say_goodbye"): S.LEAVING,
    (S.VOICEMAIL, "say_goodbye"): S.LEAVING,
    (S.IVR, "end"): S.ENDED,
    (S.WAITING, "end"): S.ENDED,
    (S.CHOOSING, "end"): S.ENDED,
    (S.VOICEMAIL, "end"): S.ENDED,
    (S.RINGING, "end"): S.ENDED,
    (S.TALKING, "end"): S.ENDED,
    (S.HELD, "end"): S.ENDED,
    (S.OUTSIDE, "end"): S.ENDED,
    (S.DIALLING, "end"): S.ENDED,
    (S.SECURE, "end"): S.ENDED,
    (S.LEAVING, "end"): S.ENDED,
}

# What it means when the caller's leg ends in a state and nobody gave a reason before.
END_REASON: dict[ContactState, str] = {
    S.IVR: "abandoned_ivr",
    S.WAITING: "abandoned_queue",
    S.CHOOSING: "abandoned_queue",
    S.VOICEMAIL: "abandoned_voicemail",
    S.RINGING: "abandoned_ringing",
    S.TALKING: "completed",
    S.HELD: "completed",
    S.OUTSIDE: "completed",
    S.DIALLING: "no_answer",
    S.SECURE: "completed",
    S.LEAVING: "completed",
}

# Ends without a talk after which somebody should call back.
MISSED = frozenset(
    {
        "abandoned_ivr", "abandoned_queue", "abandoned_ringing", "queue_timeout", "no_agents",
        "queue_full", "closed", "pbx_lost", "voicemail", "voicemail_short", "abandoned_voicemail",
        "voicemail_failed", "callback_failed",
    }
)  # fmt: skip
Handled = Literal["answered_later", "called_back", "by_hand"]

# How a stay in a queue ended, where it is not called like the call's own end.
VISIT_EXIT: dict[str, str] = {
    "abandoned_queue": "abandoned",
    "abandoned_ringing": "ring_abandoned",
    "queue_timeout": "timeout",
    "no_agents": "no_agent",
    "closed": "after_hours",
    "completed": "answered",
    "pbx_lost": "system",
}


@dataclass(frozen=True, slots=True)
class Contact:
    """One caller's journey."""

    id: UUID
    site: str
    state: ContactState
    caller_leg: str
    from_number: str
    e164: str | None
    number_kind: str
    to_number: str
    customer_id: UUID | None
    tier: str
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    end_reason: str | None
    queue: str | None
    agent_id: UUID | None
    ivr: str
    ivr_version: int | None
    language: str
    matches: list[dict[str, Any]]
    direction: str = "in"


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay in a queue. `entered_at` stays through unanswered offers: the place is kept.

    `aged_from` = since when the caller counts as waiting for routing, when that is earlier: a
    transferred caller does not begin anew. `speak_at` = when something is spoken
    to them next, None = not even the greeting was.
    """

    id: UUID
    contact_id: UUID
    queue: str
    entered_at: datetime
    left_at: datetime | None
    exit: str | None
    aged_from: datetime | None = None
    speak_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """One talk of the caller with one agent. `wrapped_at` = when its wrap-up was over."""

    id: UUID
    contact_id: UUID
    agent_id: UUID
    leg: str
    bridge: str
    started_at: datetime
    ended_at: datetime | None
    wrapped_at: datetime | None = None


def after(state: ContactState, trigger: str) -> ContactState:
    """The next state; `wrong_state` with the present one when it is not possible."""
    following = TRANSITIONS.get((state, trigger))
    if following is None:
        raise CallwrightError("wrong_state", what="contact", state=state.value, trigger=trigger)
    return following


def caller_of(contact: Contact) -> str:
    """The same for every call of one number; a hidden one is a caller of its own each time."""
    number = contact.e164 or contact.from_number
    return number if any(map(str.isdigit, number)) else str(contact.id)


def contact_of(row: dict[str, Any]) -> Contact:
    """A contact from its row."""
    values = {name: row[name] for name in Contact.__slots__}
    return Contact(**{**values, "state": ContactState(row["state"])})


class ConsultState(StrEnum):
    """The third leg. `parked` = it hears music while agent and caller talk; `blind` = it rings and
    the agent has left already; `through` = an outside party talks with the caller, agent gone."""

    RINGING = "ringing"
    TALKING = "talking"
    PARKED = "parked"
    CONFERENCE = "conference"
    BLIND = "blind"
    THROUGH = "through"
    CLOSED = "closed"


K = ConsultState

CONSULT: dict[tuple[ConsultState, str], ConsultState] = {
    (K.RINGING, "answer"): K.TALKING,
    (K.BLIND, "answer"): K.THROUGH,
    (K.TALKING, "swap"): K.PARKED,
    (K.PARKED, "swap"): K.TALKING,
    (K.TALKING, "confer"): K.CONFERENCE,
    (K.PARKED, "confer"): K.CONFERENCE,
    (K.TALKING, "put_through"): K.THROUGH,
    (K.PARKED, "put_through"): K.THROUGH,
    (K.CONFERENCE, "put_through"): K.THROUGH,
    (K.RINGING, "close"): K.CLOSED,
    (K.TALKING, "close"): K.CLOSED,
    (K.PARKED, "close"): K.CLOSED,
    (K.CONFERENCE, "close"): K.CLOSED,
    (K.BLIND, "close"): K.CLOSED,
    (K.THROUGH, "close"): K.CLOSED,
}


@dataclass(frozen=True, slots=True)
class Consult:
    """A third party in a call. `kind` = agent or number; `value` = the login, or the number."""

    id: UUID
    contact_id: UUID
    agent_id: UUID
    leg: str
    bridge: str
    state: ConsultState
    kind: str
    value: str
    target_agent_id: UUID | None
    note: str
    started_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
    result: str | None


def consult_after(state: ConsultState | None, trigger: str) -> ConsultState:
    """The next state of a consult; `wrong_state` when there is none or it is not possible."""
    following = CONSULT.get((state, trigger)) if state else None
    if following is None:
        present = state.value if state else "none"
        raise CallwrightError("wrong_state", what="consult", state=present, trigger=trigger)
    return following


def consult_of(row: dict[str, Any]) -> Consult:
    """A consult from its row."""
    return Consult(**{**row, "state": ConsultState(row["state"])})


class Party(StrEnum):
    """Whose leg it is. `owner` = the agent whose call it is; `other` = nobody's any more."""

    CUSTOMER = "customer"
    OWNER = "owner"
    TARGET = "target"
    OTHER = "other"


class Place(StrEnum):
    """What a leg hears: the talk, the talk aside without the caller, music, a ringing tone."""

    TALK = "talk"
    ASIDE = "aside"
    MUSIC = "music"
    TONE = "tone"
    SILENCE = "silence"


P, L = Party, Place

# Who hears whom. The rows say the state; the PBX is made to agree (`places.arrange`).
LAYOUT: dict[tuple[ContactState, ConsultState | None], dict[Party, Place]] = {
    (S.WAITING, None): {P.CUSTOMER: L.MUSIC},
    (S.RINGING, None): {P.CUSTOMER: L.MUSIC},
    (S.DIALLING, None): {P.OWNER: L.TONE},
    (S.TALKING, None): {P.CUSTOMER: L.TALK, P.OWNER: L.TALK},
    (S.HELD, None): {P.CUSTOMER: L.MUSIC, P.OWNER: L.SILENCE},
    (S.SECURE, None): {P.CUSTOMER: L.SILENCE, P.OWNER: L.SILENCE},
    (S.HELD, K.RINGING): {P.CUSTOMER: L.MUSIC, P.OWNER: L.TONE},
    (S.HELD, K.TALKING): {P.CUSTOMER: L.MUSIC, P.OWNER: L.ASIDE, P.TARGET: L.ASIDE},
    (S.TALKING, K.PARKED): {P.CUSTOMER: L.TALK, P.OWNER: L.TALK, P.TARGET: L.MUSIC},
    (S.TALKING, K.CONFERENCE): {P.CUSTOMER: L.TALK, P.OWNER: L.TALK, P.TARGET: L.TALK},
    (S.OUTSIDE, K.BLIND): {P.CUSTOMER: L.MUSIC},
    (S.OUTSIDE, K.THROUGH): {P.CUSTOMER: L.ASIDE, P.TARGET: L.ASIDE},
}


class Ending(StrEnum):
    """What follows when a leg ends."""

    NOTHING = "nothing"
    END = "end"  # the call is over: every other leg is hung up
    LET_CUSTOMER_GO = "let_customer_go"  # nobody is left to talk with
    BACK = "back"  # agent and caller are together again
    HAND_OVER = "hand_over"  # caller and third party go on without the agent
    REQUEUE = "requeue"  # the caller waits again, at the old place


E = Ending

ENDINGS: dict[tuple[Party, ContactState, ConsultState | None], Ending] = {
    (P.OWNER, S.DIALLING, None): E.END,
    (P.OWNER, S.TALKING, None): E.LET_CUSTOMER_GO,
    (P.OWNER, S.HELD, None): E.LET_CUSTOMER_GO,
    (P.OWNER, S.SECURE, None): E.LET_CUSTOMER_GO,
    (P.OWNER, S.HELD, K.RINGING): E.REQUEUE,
    (P.OWNER, S.HELD, K.TALKING): E.HAND_OVER,
    (P.OWNER, S.TALKING, K.PARKED): E.HAND_OVER,
    (P.OWNER, S.TALKING, K.CONFERENCE): E.HAND_OVER,
    (P.TARGET, S.HELD, K.RINGING): E.BACK,
    (P.TARGET, S.HELD, K.TALKING): E.BACK,
    (P.TARGET, S.TALKING, K.PARKED): E.BACK,
    (P.TARGET, S.TALKING, K.CONFERENCE): E.BACK,
    (P.TARGET, S.OUTSIDE, K.BLIND): E.REQUEUE,
    (P.TARGET, S.OUTSIDE, K.THROUGH): E.LET_CUSTOMER_GO,
}


def when_leg_ends(party: Party, state: ContactState, consult: ConsultState | None) -> Ending:
    """The decision: the caller's end ends everything, the others' depend on who is left."""
    if party == Party.CUSTOMER:
        return Ending.END if state != ContactState.ENDED else Ending.NOTHING
    return ENDINGS.get((party, state, consult), Ending.NOTHING)


@dataclass(frozen=True, slots=True)
class Talk:
    """A call in progress: its contact, who talks with the caller now, and a third party.

    `agent_leg` = the leg of the agent whose call it is, also before anybody talks.
    """

    contact: Contact
    consult: Consult | None
    segments: tuple[Segment, ...]
    agent_leg: str | None

    @property
    def state(self) -> tuple[ContactState, ConsultState | None]:
        """What LAYOUT and ENDINGS ask for."""
        return self.contact.state, self.consult.state if self.consult else None

    @property
    def owner(self) -> Segment | None:
        """The running talk of the agent whose call it is."""
        return next((s for s in self.segments if s.agent_id == self.contact.agent_id), None)

    def leg_of(self, party: Party) -> str | None:
        """The leg of a party, if there is one."""
        return {
            Party.CUSTOMER: self.contact.caller_leg,
            Party.OWNER: self.agent_leg,
            Party.TARGET: self.consult.leg if self.consult else None,
        }.get(party)

    def party_of(self, leg: str) -> Party:
        """Whose leg it is in this call."""
        parties = (Party.CUSTOMER, Party.TARGET, Party.OWNER)
        return next((p for p in parties if self.leg_of(p) == leg), Party.OTHER)

    def spots(self) -> dict[str, tuple[Place, str]]:
        """Leg -> what it hears and, for a talk, in which bridge."""
        bridges = {
            Place.TALK: self.owner.bridge if self.owner else "",
            Place.ASIDE: self.consult.bridge if self.consult else "",
        }
        wanted = LAYOUT.get(self.state, {})
        legs = ((self.leg_of(party), place) for party, place in wanted.items())
        return {leg: (place, bridges.get(place, "")) for leg, place in legs if leg}
