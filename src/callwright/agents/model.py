"""Agent states, owned by the server, as a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from callwright.kit.errors import CallwrightError


class AgentState(StrEnum):
    """The seven states of METRICS."""

    OFFLINE = "offline"
    READY = "ready"
    RINGING = "ringing"
    TALKING = "talking"
    HOLD = "hold"
    WRAP = "wrap"
    BREAK = "break"


S = AgentState

# What may happen in which state; everything else is answered 409 with the present state.
TRANSITIONS: dict[tuple[AgentState, str], AgentState] = {
    (S.OFFLINE, "go_ready"): S.READY,
    (S.BREAK, "go_ready"): S.READY,
    (S.WRAP, "go_ready"): S.READY,
    (S.READY, "go_ready"): S.READY,
    (S.READY, "take_break"): S.BREAK,
    (S.WRAP, "take_break"): S.BREAK,
    (S.BREAK, "take_break"): S.BREAK,
    (S.OFFLINE, "take_break"): S.BREAK,
    (S.READY, "sign_off"): S.OFFLINE,
    (S.BREAK, "sign_off"): S.OFFLINE,
    (S.WRAP, "sign_off"): S.OFFLINE,
    (S.OFFLINE, "sign_off"): S.OFFLINE,
    (S.READY, "reserve"): S.RINGING,
    (S.RINGING, "answer"): S.TALKING,
    (S.RINGING, "miss"): S.BREAK,
    (S.RINGING, "release"): S.READY,
    (S.TALKING, "hold"): S.HOLD,
    (S.HOLD, "resume"): S.TALKING,
    (S.TALKING, "wrap_up"): S.WRAP,
    (S.HOLD, "wrap_up"): S.WRAP,
    (S.WRAP, "wrap_over"): S.READY,
    # A consulted colleague is free again as soon as the talk without the caller is over.
    (S.TALKING, "release"): S.READY,
    (S.HOLD, "release"): S.READY,
    # Dialling out is possible whenever no call is there.
    (S.READY, "dial"): S.TALKING,
    (S.BREAK, "dial"): S.TALKING,
    (S.WRAP, "dial"): S.TALKING,
    (S.OFFLINE, "dial"): S.TALKING,
}


PhoneKind = Literal["browser", "sip"]


@dataclass(frozen=True, slots=True)
class Phone:
    """One of an agent's phones. `endpoint` = its SIP user; `since` = of its coming or going."""

    endpoint: str
    agent_id: UUID
    kind: PhoneKind
    password: str = field(repr=False)
    online: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class Agent:
    """One agent. `skills` = name -> level 1…5; `endpoint` = the SIP user of the phone that rings,
    `phone` = its kind while it is there; `until` = end of the ring or of the wrap-up; `back_to` =
    the state that follows a call which the agent dialled: ready, break, offline."""

    id: UUID
    login: str
    name: str
    department: str
    site: str
    endpoint: str
    state: AgentState
    state_since: datetime
    reason: str
    reachable: bool
    phone: PhoneKind | None
    until: datetime | None
    contact_id: UUID | None
    skills: dict[str, int]
    queues: tuple[str, ...]
    back_to: str = "ready"


def after(state: AgentState, trigger: str) -> AgentState:
    """The next state; `wrong_state` with the present one when it is not possible."""
    following = TRANSITIONS.get((state, trigger))
    if following is None:
        raise CallwrightError("wrong_state", what="agent", state=state.value, trigger=trigger)
    return following


def phone_that_rings(phones: Iterable[Phone]) -> Phone | None:
    """The browser before the SIP phone; None when no phone is there."""
    return min((phone for phone in phones if phone.online), key=lambda p: p.kind, default=None)


def shown_to(phone: PhoneKind | None, number: str) -> str:
    """What a phone is told of the caller. A browser shows the card, where the number is masked:
    it is told none, because whatever it is told can be read there."""
    return "" if phone == "browser" else number


def agent_of(row: dict[str, Any]) -> Agent:
    """An agent from its row."""
    names = (
        "id", "login", "name", "department", "site", "endpoint", "state_since", "reason",
        "reachable", "phone", "until", "contact_id", "skills", "back_to",
    )  # fmt: skip
    return Agent(
        state=AgentState(row["state"]),
        queues=tuple(row["queues"]),
        **{name: row[name] for name in names},
    )


def view(agent: Agent) -> dict[str, Any]:
    """An agent as the API and the live socket show one."""
    return {
        "login": agent.login,
        "name": agent.name,
        "department": agent.department,
        "state": agent.state.value,
        "since": agent.state_since,
        "until": agent.until,
        "reason": agent.reason,
        "reachable": agent.reachable,
        "phone": agent.phone,
        "contact_id": agent.contact_id,
        "skills": agent.skills,
        "queues": list(agent.queues),
    }
