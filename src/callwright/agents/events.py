"""What happens to agents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from callwright.kit.event import Event


@dataclass(frozen=True, kw_only=True)
class AgentStateChanged(Event):
    """An agent is in another state now. `reason` = break reason, or why the house did it."""

    NAME: ClassVar[str] = "agent.state_changed"
    agent_id: UUID
    login: str
    before: str
    state: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class AgentPhoneChanged(Event):
    """An agent's phone registered or went away. `rings` = the kind that rings now, or empty."""

    NAME: ClassVar[str] = "agent.phone_changed"
    agent_id: UUID
    login: str
    reachable: bool
    rings: str = ""
