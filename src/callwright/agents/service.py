"""The verbs of agents. Each state change is one row update and one event."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from callwright.agents import store
from callwright.agents.events import AgentPhoneChanged, AgentStateChanged
from callwright.agents.model import Agent, AgentState, Phone, PhoneKind, after, phone_that_rings
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError, invalid
from callwright.kit.ids import new_id
from callwright.kit.timers import cancel_timer, set_timer

PHONE_TIMER = "agent.phone_lost"
PHONE_GRACE_S = 20  # a browser that is loaded again is back sooner
REQUESTS = {"ready": "go_ready", "break": "take_break", "offline": "sign_off"}

agents = store.agents
agents_ready = store.agents_ready
agents_with = store.agents_with
RESERVE = store.RESERVE
count_on_duty = store.count_on_duty
agents_on_duty = store.agents_on_duty
queues_served = store.queues_served
phones = store.phones


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
    """Make an agent, offline, with a SIP phone of the same name and a browser phone."""
    agent_id, now, endpoint = new_id(), tx.clock.now(), endpoint_of(login)
    await store.insert_agent(
        tx,
        {
            "id": agent_id, "login": login, "name": name, "department": department,
            "site": site, "endpoint": endpoint, "state": "offline", "state_since": now,
            "reason": "", "reachable": False, "contact_id": None, "skills": skills,
            "queues": queues,
        },
    )  # fmt: skip
    kinds: dict[str, PhoneKind] = {endpoint: "sip", f"{endpoint}-web": "browser"}
    for user, kind in kinds.items():
        password = secrets.token_urlsafe(18)
        await store.insert_phone(
            tx,
            {
                "endpoint": user, "agent_id": agent_id, "kind": kind, "password": password,
                "online": False, "since": now,
            },
        )  # fmt: skip
    return agent_id


def endpoint_of(login: str) -> str:
    """The SIP user of an agent's phone: the login in the letters that SIP users may have."""
    return "".join(ch if ch.isalnum() or ch in "-_" else "-" for ch in login)


async def find_agent(tx: Tx, login: str) -> Agent | None:
    """The agent of a login; None for people who take no calls."""
    return await store.agent_by(tx, "login", login)


async def agent_of_login(tx: Tx, login: str) -> Agent:
    """The agent of a login; `not_found` otherwise."""
    agent = await find_agent(tx, login)
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
    tx: Tx,
    agent_id: UUID,
    trigger: str,
    *,
    contact_id: UUID | None = None,
    reason: str = "",
    until: datetime | None = None,
) -> Agent:
    """Apply a trigger of the state table. `contact_id` = the contact the agent is busy with;
    `until` = when a ring or a wrap-up ends."""
    agent = await store.agent_for_update(tx, agent_id)
    changed = await _apply(tx, agent, trigger, contact_id, reason=reason, until=until)
    return await _go_back(tx, changed) if trigger == "wrap_over" else changed


def say_reserved(tx: Tx, agent: Agent, contact_id: UUID) -> None:
    """An agent, ready a moment ago, was kept for an offer by the change `RESERVE`."""
    _say(tx, agent, after(agent.state, "reserve"), contact_id, "")


async def prolong(tx: Tx, agent: Agent, until: datetime) -> None:
    """The present state ends by itself at another moment."""
    await store.update_agent(tx, agent.id, before=agent.state.value, until=until)


async def dial(tx: Tx, agent_id: UUID, contact_id: UUID) -> Agent:
    """The agent calls somebody; what the agent did before follows the call."""
    agent = await store.agent_for_update(tx, agent_id)
    before = agent.state.value if agent.state.value in REQUESTS else "ready"
    changed = await _apply(tx, agent, "dial", contact_id)
    await store.update_agent(tx, agent_id, before=changed.state.value, back_to=before)
    return changed


async def release(tx: Tx, agent_id: UUID, contact_id: UUID) -> None:
    """A talk is over that needs no wrap-up. No-op when the agent is not busy with this contact."""
    agent = await store.agent_for_update(tx, agent_id)
    if agent.contact_id == contact_id and agent.state in (AgentState.TALKING, AgentState.HOLD):
        await _go_back(tx, await _apply(tx, agent, "release", None))


async def _go_back(tx: Tx, agent: Agent) -> Agent:
    """Somebody who dialled out of a break, or signed off, is there again."""
    if agent.back_to == "ready":
        return agent
    return await _apply(tx, agent, REQUESTS[agent.back_to], None)


async def _apply(
    tx: Tx,
    agent: Agent,
    trigger: str,
    contact_id: UUID | None,
    *,
    reason: str = "",
    until: datetime | None = None,
) -> Agent:
    state = after(agent.state, trigger)
    if state == agent.state and reason == agent.reason:
        return agent
    now = tx.clock.now()
    changed = replace(
        agent, state=state, state_since=now, reason=reason, contact_id=contact_id, until=until
    )
    chosen = {"back_to": "ready"} if trigger in (*REQUESTS.values(), "reserve") else {}
    if not await store.update_agent(
        tx, agent.id, before=agent.state.value, **chosen,
        state=state.value, state_since=now, reason=reason, contact_id=contact_id, until=until,
    ):  # fmt: skip
        raise CallwrightError("wrong_state", what="agent", trigger=trigger)
    _say(tx, agent, state, contact_id, reason)
    if state == AgentState.READY and not agent.reachable:
        await _give_grace(tx, agent.id)
    return changed


def _say(tx: Tx, agent: Agent, state: AgentState, contact_id: UUID | None, reason: str) -> None:
    tx.publish(
        AgentStateChanged(
            at=tx.clock.now(), site=agent.site, agent_id=agent.id, login=agent.login,
            contact_id=contact_id, before=agent.state.value, state=state.value, reason=reason,
        )
    )  # fmt: skip


async def note_phone(tx: Tx, endpoint: str, online: bool, at: datetime) -> None:
    """A phone registered or went away; phones that are nobody's are ignored."""
    agent_id = await store.owner_of(tx, endpoint)
    if agent_id is None:
        return
    agent = await store.agent_for_update(tx, agent_id)
    await store.set_online(tx, endpoint, online, at)
    phones = await store.phones(tx, agent_id)
    rings = phone_that_rings(phones)
    own = next(phone for phone in phones if phone.kind == "sip")
    kind, reachable = rings.kind if rings else None, rings is not None
    if not await store.set_phone(
        tx, agent_id, endpoint=(rings or own).endpoint, phone=kind, reachable=reachable
    ):
        return
    if reachable:
        await cancel_timer(tx, f"phone:{agent_id}")
    else:
        await _give_grace(tx, agent_id)
    tx.publish(
        AgentPhoneChanged(
            at=at, site=agent.site, agent_id=agent_id, login=agent.login, reachable=reachable,
            rings=kind or "",
        )
    )  # fmt: skip


async def _give_grace(tx: Tx, agent_id: UUID) -> None:
    due = tx.clock.now() + timedelta(seconds=PHONE_GRACE_S)
    await set_timer(tx, f"phone:{agent_id}", PHONE_TIMER, due, {"agent_id": str(agent_id)})


async def sign_off_without_phone(tx: Tx, agent_id: UUID) -> None:
    """The grace is over: whoever is ready and cannot be rung is signed off."""
    agent = await store.agent_for_update(tx, agent_id)
    if agent.state == AgentState.READY and not agent.reachable:
        await _apply(tx, agent, "sign_off", None, reason="phone_lost")


async def phone_of(tx: Tx, login: str, kind: PhoneKind) -> Phone:
    """An agent's phone of a kind; `not_found` when nobody has this login."""
    agent = await agent_of_login(tx, login)
    return next(phone for phone in await store.phones(tx, agent.id) if phone.kind == kind)
