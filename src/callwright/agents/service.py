"""The verbs of agents. Each state change is one row update and one event."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from callwright.agents import store
from callwright.agents.events import AgentPhoneChanged, AgentStateChanged
from callwright.agents.model import Agent, after
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError, invalid
from callwright.kit.ids import new_id

REQUESTS = {"ready": "go_ready", "break": "take_break", "offline": "sign_off"}

agents = store.agents
agents_ready = store.agents_ready
count_on_duty = store.count_on_duty
phone_passwords = store.phone_passwords


async def add_agent(
    tx: Tx,
    *,
    login: str,
    name: str,
    department: str,
    site: str,
    skills: dict[str, int],
    queues: list[str],
) -> UUID:
    """Make an agent, offline, with a phone of the same name and a random password."""
    agent_id = new_id()
    await store.insert_agent(
        tx,
        {
            "id": agent_id, "login": login, "name": name, "department": department,
            "site": site, "endpoint": endpoint_of(login),
            "phone_password": secrets.token_urlsafe(18),
            "state": "offline", "state_since": tx.clock.now(), "reason": "",
            "reachable": False, "contact_id": None, "skills": skills, "queues": queues,
        },
    )  # fmt: skip
    return agent_id


def endpoint_of(login: str) -> str:
    """The SIP user of an agent's phone: the login in the letters that SIP users may have."""
    return "".join(ch if ch.isalnum() or ch in "-_" else "-" for ch in login)


async def agent_of_login(tx: Tx, login: str) -> Agent:
    """The agent of a login; `not_found` otherwise."""
    agent = await store.agent_by(tx, "login", login)
    if agent is None:
        raise CallwrightError("not_found", what="agent", login=login)
    return agent


async def agent_of_id(tx: Tx, agent_id: UUID) -> Agent:
    """The agent of an id; `not_found` otherwise."""
    agent = await store.agent_by(tx, "id", agent_id)
    if agent is None:
        raise CallwrightError("not_found", what="agent")
    return agent


async def request_state(tx: Tx, login: str, state: str, reason: str = "") -> Agent:
    """What an agent or a supervisor may ask for: ready, break, offline."""
    if state not in REQUESTS:
        raise invalid("state", f"one of {', '.join(REQUESTS)}")
    agent = await agent_of_login(tx, login)
    return await change(tx, agent.id, REQUESTS[state], reason=reason)


async def change(
    tx: Tx, agent_id: UUID, trigger: str, *, contact_id: UUID | None = None, reason: str = ""
) -> Agent:
    """Apply a trigger of the state table. `contact_id` = the contact the agent is busy with."""
    agent = await store.agent_for_update(tx, agent_id)
    return await _apply(tx, agent, trigger, contact_id, reason)


async def reserve(tx: Tx, agent: Agent, contact_id: UUID) -> None:
    """Keep an agent, as read a moment ago, for an offer; `wrong_state` if ready no longer."""
    await _apply(tx, agent, "reserve", contact_id, "")


async def _apply(tx: Tx, agent: Agent, trigger: str, contact_id: UUID | None, reason: str) -> Agent:
    state = after(agent.state, trigger)
    if state == agent.state and reason == agent.reason:
        return agent
    now = tx.clock.now()
    changed = replace(agent, state=state, state_since=now, reason=reason, contact_id=contact_id)
    if not await store.update_agent(
        tx, agent.id, before=agent.state.value,
        state=state.value, state_since=now, reason=reason, contact_id=contact_id,
    ):  # fmt: skip
        raise CallwrightError("wrong_state", what="agent", trigger=trigger)
    tx.publish(
        AgentStateChanged(
            at=now, site=agent.site, agent_id=agent.id, login=agent.login, contact_id=contact_id,
            before=agent.state.value, state=state.value, reason=reason,
        )
    )  # fmt: skip
    return changed


async def note_phone(tx: Tx, endpoint: str, online: bool, at: datetime) -> None:
    """A phone registered or went away; phones that are nobody's are ignored."""
    agent = await store.set_reachable(tx, endpoint, online)
    if agent:
        tx.publish(
            AgentPhoneChanged(
                at=at, site=agent.site, agent_id=agent.id, login=agent.login, reachable=online
            )
        )


async def phone_password(tx: Tx, login: str) -> str:
    """The password of an agent's phone."""
    agent = await agent_of_login(tx, login)
    return dict(await store.phone_passwords(tx))[agent.endpoint]
