"""`try route`: waiting calls and agents in, assignments with scores and reasons out."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from callwright.kit.errors import invalid
from callwright.kit.fitting import fitting
from callwright.routing.model import FreeAgent, WaitingCall, choose
from callwright.routing.policy import DEFAULT_POLICY, Policy, parse_policy


class CallIn(BaseModel):
    """A waiting call; `skills` = name -> least level, `wants` = the team that should have it."""

    model_config = ConfigDict(extra="ignore")

    id: str = Field(min_length=1)
    queue: str = Field(min_length=1)
    tier: str | None = None
    type: str | None = None
    skills: dict[str, int] = {}
    waiting_s: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    sticky: str | None = None
    wants: str | None = None
    language: str | None = None
    repeat: bool = False
    open_ticket: bool = False
    blended: bool = False


class AgentIn(BaseModel):
    """An agent; only those in state `ready` can get a call."""

    model_config = ConfigDict(extra="ignore")

    id: str = Field(min_length=1)
    state: str
    idle_s: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    skills: dict[str, int] = {}
    queues: list[str] = []
    team: str = ""
    capacity: int = Field(default=1, ge=0)
    serving: list[str] = []


class Moment(BaseModel):
    """One line of input."""

    model_config = ConfigDict(extra="ignore")

    calls: list[CallIn]
    agents: list[AgentIn]


def load_policy(path: Path | None) -> Policy:
    """The rules of a YAML file, or those that come with the software; `invalid` names the field."""
    if path is None:
        return DEFAULT_POLICY
    try:
        body = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise invalid(str(path), f"cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise invalid(str(path), f"is no YAML: {error}") from error
    return parse_policy(body)


def route_line(line: dict[str, Any], policy: Policy = DEFAULT_POLICY) -> dict[str, Any]:
    """Answer one line; `invalid` names the field, for example `calls.0.queue`.

    A line may bring its own `policy`.
    """
    with fitting():
        moment = Moment.model_validate(line)
    _unique("calls", [call.id for call in moment.calls])
    _unique("agents", [agent.id for agent in moment.agents])
    policy = parse_policy(line["policy"]) if line.get("policy") is not None else policy
    calls, agents = [_call(call) for call in moment.calls], [_agent(a) for a in moment.agents]
    decision = choose(calls, agents, policy)
    return {
        "assign": [
            {
                "call": one.call,
                "agent": one.agent,
                "score": round(one.score, 4),
                "reasons": one.reasons,
                "why": one.why._asdict(),
            }
            for one in decision.assign
        ],
        "candidates": [
            {**asdict(one), "score": None if one.score is None else round(one.score, 4)}
            for one in decision.candidates
        ],
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
        skills=call.skills, waiting_s=call.waiting_s, sticky=call.sticky, wants=call.wants or "",
        language=call.language or "", repeat=call.repeat, open_ticket=call.open_ticket,
        blended=call.blended,
    )  # fmt: skip


def _agent(agent: AgentIn) -> FreeAgent:
    return FreeAgent(
        agent.id, agent.state, agent.idle_s, agent.skills, tuple(agent.queues), agent.team,
        agent.capacity, tuple(agent.serving),
    )  # fmt: skip
