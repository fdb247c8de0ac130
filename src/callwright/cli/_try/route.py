"""`try route`: waiting calls and agents in, assignments with scores and reasons out."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from callwright.kit.errors import invalid
from callwright.routing.model import FreeAgent, WaitingCall, choose


class CallIn(BaseModel):
    """A waiting call; `skills` = name -> least level."""

    model_config = ConfigDict(extra="ignore")

    id: str = Field(min_length=1)
    queue: str = Field(min_length=1)
    tier: str | None = None
    type: str | None = None
    skills: dict[str, int] = {}
    waiting_s: float = Field(default=0.0, ge=0)
    sticky: str | None = None


class AgentIn(BaseModel):
    """An agent; only those in state `ready` can get a call."""

    model_config = ConfigDict(extra="ignore")

    id: str = Field(min_length=1)
    state: str
    idle_s: float = Field(default=0.0, ge=0)
    skills: dict[str, int] = {}
    queues: list[str] = []


class Moment(BaseModel):
    """One line of input."""

    model_config = ConfigDict(extra="ignore")

    calls: list[CallIn]
    agents: list[AgentIn]


def route_line(line: dict[str, Any]) -> dict[str, Any]:
    """Answer one line; `invalid` names the field, for example `calls.0.queue`."""
    try:
        moment = Moment.model_validate(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise invalid(".".join(str(part) for part in first["loc"]), first["msg"]) from error
    _unique("calls", [call.id for call in moment.calls])
    _unique("agents", [agent.id for agent in moment.agents])
    decision = choose([_call(call) for call in moment.calls], [_agent(a) for a in moment.agents])
    return {
        "assign": [asdict(assignment) for assignment in decision.assign],
        "candidates": [asdict(candidate) for candidate in decision.candidates],
        "reasons": [
            f"{one.call} -> {one.agent}: {'; '.join(one.reasons)}" for one in decision.assign
        ],
    }


def _unique(field: str, ids: list[str]) -> None:
    twice = {one for one in ids if ids.count(one) > 1}
    if twice:
        raise invalid(field, f"id {sorted(twice)[0]!r} is there twice")


def _call(call: CallIn) -> WaitingCall:
    return WaitingCall(
        id=call.id, queue=call.queue, tier=call.tier or "", type=call.type or "",
        skills=call.skills, waiting_s=call.waiting_s, sticky=call.sticky,
    )  # fmt: skip


def _agent(agent: AgentIn) -> FreeAgent:
    return FreeAgent(agent.id, agent.state, agent.idle_s, agent.skills, tuple(agent.queues))
