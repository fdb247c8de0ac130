"""Who may do what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Role = Literal["agent", "supervisor", "qa", "manager", "admin"]
Permission = Literal[
    "calls.read", "calls.reveal", "recordings.original", "tickets.read", "tickets.edit",
    "customers.edit", "agents.read", "agents.own_state", "agents.any_state", "queues.read",
    "settings.edit", "users.edit", "system.read", "scripts.read", "scripts.edit", "scripts.approve",
    "routing.simulate",
]  # fmt: skip

_AGENT: frozenset[Permission] = frozenset(
    {
        "calls.read", "tickets.read", "tickets.edit", "customers.edit", "agents.read",
        "agents.own_state", "queues.read", "scripts.read",
    }
)  # fmt: skip
_SUPERVISOR: frozenset[Permission] = _AGENT | {
    "calls.reveal", "agents.any_state", "system.read", "scripts.edit", "scripts.approve",
    "routing.simulate",
}  # fmt: skip
_QA: frozenset[Permission] = frozenset(
    {
        "calls.read", "calls.reveal", "tickets.read", "agents.read", "queues.read",
        "scripts.read", "scripts.edit",
    }
)  # fmt: skip
_MANAGER: frozenset[Permission] = _SUPERVISOR | {"settings.edit"}

_ADMIN: frozenset[Permission] = _MANAGER | {"users.edit", "recordings.original"}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    "agent": _AGENT,
    "supervisor": _SUPERVISOR,
    "qa": _QA,
    "manager": _MANAGER,
    "admin": _ADMIN,
}


@dataclass(frozen=True, slots=True)
class User:
    """A signed-in person, or the machine's own tools (`login` = "local")."""

    id: UUID
    login: str
    name: str
    role: Role
    language: str

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the role allows."""
        return PERMISSIONS[self.role]
