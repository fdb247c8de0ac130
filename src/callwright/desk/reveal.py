"""Who may see what is masked: by permission, or because it is their own caller."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from callwright.accounts import service as accounts
from callwright.accounts.guard import require
from callwright.accounts.model import Permission, User
from callwright.agents import service as agents
from callwright.agents.model import AgentState
from callwright.calls import service as calls
from callwright.customers import service as customers
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.transcripts import service as transcripts

PERMISSION: Permission = "calls.reveal"
# Blanks are no reason.
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=300)]
AT_WORK = frozenset({AgentState.TALKING, AgentState.HOLD, AgentState.WRAP})


async def number(tx: Tx, user: User, contact_id: UUID, reason: str) -> str:
    """The caller's whole number; written to the audit trail."""
    await _allow_contact(tx, user, contact_id)
    contact = await calls.contact(tx, contact_id)
    if contact is None:
        raise CallwrightError("not_found", what="number", id=str(contact_id))
    await accounts.audit(tx, user, "reveal.number", f"contact:{contact_id}", reason)
    return contact.e164 or contact.from_number


async def turn(tx: Tx, user: User, contact_id: UUID, turn_id: UUID, reason: str) -> str:
    """What was said, unmasked; the turn must be one of this contact."""
    await _allow_contact(tx, user, contact_id)
    turns = {turn.id: turn for turn in await transcripts.turns_of(tx, contact_id)}
    if turn_id not in turns:
        raise CallwrightError("not_found", what="turn", id=str(turn_id))
    subject = f"contact:{contact_id} turn:{turn_id}"
    await accounts.audit(tx, user, "reveal.turn", subject, reason)
    return turns[turn_id].text


async def phone(tx: Tx, user: User, customer_id: UUID, index: int, reason: str) -> str:
    """One of a customer's numbers, by its place on their page."""
    if PERMISSION not in user.permissions:
        own = await _own_contact(tx, user)
        contact = await calls.contact(tx, own) if own else None
        if contact is None or contact.customer_id != customer_id:
            require(user, PERMISSION)
    phones = await customers.phones_of(tx, customer_id)
    if index >= len(phones):
        raise CallwrightError("not_found", what="phone", id=index)
    subject = f"customer:{customer_id} phone:{index}"
    await accounts.audit(tx, user, "reveal.phone", subject, reason)
    return str(phones[index]["number"])


async def _allow_contact(tx: Tx, user: User, contact_id: UUID) -> None:
    """Supervisors any contact, agents the one they talk on or wrap up."""
    if PERMISSION not in user.permissions and await _own_contact(tx, user) != contact_id:
        require(user, PERMISSION)


async def _own_contact(tx: Tx, user: User) -> UUID | None:
    agent = await agents.find_agent(tx, user.login)
    return agent.contact_id if agent and agent.state in AT_WORK else None
