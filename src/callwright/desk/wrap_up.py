"""Notes, edited drafts and wrap-ups: what agents write down in and after a call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from callwright.agents import service as agents
from callwright.agents.model import Agent, AgentState
from callwright.calls import service as calls
from callwright.calls.model import Contact, ContactState
from callwright.desk import dispositions, proposals, store
from callwright.desk.events import CallDisposed, DraftEdited, WrapUpExtended
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError, invalid
from callwright.tickets import service as tickets
from callwright.tickets.model import TicketState

EXTEND_S = 30
MAX_EXTENDS = 2
UNWANTED = "the agent wants no ticket"


@dataclass(frozen=True, slots=True)
class Finish:
    """What an agent submits. `ticket` = fields for it, None = no ticket is wanted.

    `key` is the same for the same press, however often it is sent.
    """

    disposition: str
    summary: str
    ticket: dict[str, Any] | None
    ready: bool
    key: str


async def write_note(tx: Tx, login: str, contact_id: UUID, text: str) -> None:
    """Keep what was typed. Taken also after the call: a late save loses nothing."""
    agent, contact = await _both(tx, login, contact_id)
    await store.save_note(tx, contact.id, agent.id, text)


async def edit_draft(
    tx: Tx, login: str, contact_id: UUID, fields: dict[str, Any]
) -> dict[str, Any] | None:
    """The agent knows better than the words: from now on these fields stay as typed."""
    agent, contact = await _both(tx, login, contact_id)
    if not fields:
        return await proposals.draft_of(tx, contact)
    await _check_fields(tx, contact, fields)
    await store.save_edits(tx, contact.id, fields)
    tx.publish(
        DraftEdited(
            at=tx.clock.now(), site=contact.site, contact_id=contact.id, agent_id=agent.id,
            login=login, fields=tuple(fields),
        )
    )  # fmt: skip
    return await proposals.draft_of(tx, contact)


async def write_wrap_up(tx: Tx, login: str, contact_id: UUID, values: dict[str, Any]) -> None:
    """Keep disposition and summary as chosen so far; the countdown submits them."""
    agent, contact = await _both(tx, login, contact_id)
    if values.get("disposition") is not None:
        await _check_disposition(tx, values["disposition"])
    row = await store.wrap_for_update(tx, contact.id, agent.id)
    if row["finished_at"] is not None:
        raise CallwrightError("wrong_state", what="wrap_up", state="finished")
    if values:
        await store.update_wrap(tx, contact.id, agent.id, **values)


async def extend(tx: Tx, login: str, contact_id: UUID, seen: int | None = None) -> datetime:
    """Half a minute more, twice at most; the new end.

    `seen` = how often it was extended when the key was pressed: a second press adds nothing.
    """
    agent, contact = await _both(tx, login, contact_id)
    row = await store.wrap_for_update(tx, contact.id, agent.id)
    agent = await agents.agent_of_id(tx, agent.id)  # as another press has left it
    if not _wraps_up(agent, contact) or agent.until is None:
        raise CallwrightError("wrong_state", what="agent", state=agent.state.value)
    if seen is not None and row["extended"] > seen:
        return agent.until
    if row["extended"] >= MAX_EXTENDS:
        raise CallwrightError(
            "wrong_state", what="wrap_up", state="extended", max_extends=MAX_EXTENDS
        )
    until = agent.until + timedelta(seconds=EXTEND_S)
    times = row["extended"] + 1
    await store.update_wrap(tx, contact.id, agent.id, extended=times)
    await agents.prolong(tx, agent, until)
    await calls.set_wrap_timer(tx, contact.id, agent.id, until)
    tx.publish(
        WrapUpExtended(
            at=tx.clock.now(), site=contact.site, contact_id=contact.id, agent_id=agent.id,
            login=login, times=times,
        )
    )  # fmt: skip
    return until


async def finish(tx: Tx, login: str, contact_id: UUID, form: Finish) -> int | None:
    """Submit the wrap-up; the ticket's number when there is one already.

    The same key again changes nothing. After the countdown it still counts: nothing typed is lost.
    """
    agent, contact = await _both(tx, login, contact_id)
    if agent.contact_id == contact.id and agent.state != AgentState.WRAP:
        raise CallwrightError("wrong_state", what="agent", state=agent.state.value)
    await _check_disposition(tx, form.disposition)
    row = await store.wrap_for_update(tx, contact.id, agent.id)
    if row["finished_at"] is not None and not row["by_timer"]:
        if row["key"] != form.key:
            raise CallwrightError("wrong_state", what="wrap_up", state="finished")
        return await _ticket_no(tx, contact.id)
    await _check_fields(tx, contact, form.ticket or {})
    await _settle(tx, agent, contact, form, by_timer=False)
    if form.ready and _wraps_up(agent, contact):
        await _set_free(tx, agent)
    return await _ticket_no(tx, contact.id)


async def finish_by_timer(tx: Tx, contact_id: UUID, agent_id: UUID, language: str) -> None:
    """The countdown is over: what is there is submitted, and the agent is free."""
    agent = await agents.agent_of_id(tx, agent_id)
    contact = await calls.contact(tx, contact_id)
    if contact is None:
        return
    row = await store.wrap_for_update(tx, contact_id, agent_id)
    if row["finished_at"] is None:
        summary = row["summary"]
        if summary is None:
            draft = await proposals.draft_of(tx, contact)
            summary = await proposals.summary_of(tx, contact, draft, language)
        edited = await store.edits_of(tx, contact_id)
        form = Finish(row["disposition"] or dispositions.NONE, summary, edited, True, "")
        await _settle(tx, agent, contact, form, by_timer=True)
    if _wraps_up(agent, contact):
        await _set_free(tx, agent)


async def ticket_came(tx: Tx, contact_id: UUID) -> None:
    """The ticket (or the decision against one) came after the wrap-up: now the agent's word."""
    contact = await calls.contact(tx, contact_id)
    if contact is None or contact.agent_id is None:
        return
    row = await store.wrap_of(tx, contact_id, contact.agent_id)
    if row is not None and row["finished_at"] is not None:
        await _apply(tx, contact, row["ticket"] if row["ticket_wanted"] else None)


async def _settle(tx: Tx, agent: Agent, contact: Contact, form: Finish, *, by_timer: bool) -> None:
    """Write it down, tell the ticket, say so."""
    now = tx.clock.now()
    await store.update_wrap(
        tx, contact.id, agent.id, disposition=form.disposition, summary=form.summary,
        ticket_wanted=form.ticket is not None, ticket=form.ticket or {}, key=form.key,
        by_timer=by_timer, finished_at=now,
    )  # fmt: skip
    if contact.agent_id == agent.id:  # who passed the call on decides nothing about its ticket
        await _apply(tx, contact, form.ticket)
    tx.publish(
        CallDisposed(
            at=now, site=contact.site, contact_id=contact.id, agent_id=agent.id,
            login=agent.login, disposition=form.disposition, by_timer=by_timer,
            ticket_wanted=form.ticket is not None,
        )
    )  # fmt: skip


async def _apply(tx: Tx, contact: Contact, fields: dict[str, Any] | None) -> None:
    """Put the agent's word on the ticket, or see to it that none is made."""
    ticket = await tickets.ticket_of(tx, contact.id)
    if ticket is not None:
        await _edit(tx, contact, ticket, fields)
    elif fields is None and contact.state == ContactState.ENDED:
        await tickets.waive(tx, contact.id, UNWANTED)
    elif fields and contact.agent_id is not None:
        verdict = await tickets.verdict_of(tx, contact.id)
        if verdict is None or verdict["verdict"] != "none":
            return  # the words decide soon; `ticket_came` takes up these fields then
        agent = await agents.agent_of_id(tx, contact.agent_id)
        values = {"subject": "", **fields}
        values["type_"] = values.pop("type", None)
        await tickets.create(tx, agent.login, contact_id=contact.id, **values)


async def _edit(
    tx: Tx, contact: Contact, ticket: dict[str, Any], fields: dict[str, Any] | None
) -> None:
    """A ticket that is not wanted is closed; second thoughts open it again."""
    if contact.agent_id is None:
        return
    login = (await agents.agent_of_id(tx, contact.agent_id)).login
    closed = ticket["state"] == TicketState.CLOSED
    if fields is None and not closed:
        await tickets.edit(tx, ticket["no"], {"state": TicketState.CLOSED.value}, login)
    elif fields:
        if closed:
            await tickets.edit(tx, ticket["no"], {"state": TicketState.OPEN.value}, login)
        await tickets.edit(tx, ticket["no"], fields, login)


async def _ticket_no(tx: Tx, contact_id: UUID) -> int | None:
    ticket = await tickets.ticket_of(tx, contact_id)
    return int(ticket["no"]) if ticket else None


async def _set_free(tx: Tx, agent: Agent) -> None:
    """Ready for the next call; without a phone nobody can be."""
    if agent.contact_id is not None:
        await calls.drop_wrap_timer(tx, agent.contact_id, agent.id)
    if agent.reachable:
        await agents.change(tx, agent.id, "wrap_over")
    else:
        await agents.change(tx, agent.id, "sign_off", reason="phone_lost")


def _wraps_up(agent: Agent, contact: Contact) -> bool:
    return agent.state == AgentState.WRAP and agent.contact_id == contact.id


async def _both(tx: Tx, login: str, contact_id: UUID) -> tuple[Agent, Contact]:
    """Agent and contact, when the agent has or had a part in it."""
    agent = await agents.agent_of_login(tx, login)
    contact = await calls.contact(tx, contact_id)
    if contact is None:
        raise CallwrightError("not_found", what="contact", id=str(contact_id))
    if agent.contact_id != contact.id and not await calls.took_part(tx, contact.id, agent.id):
        raise CallwrightError("wrong_state", what="contact", state=contact.state.value)
    return agent, contact


async def _check_fields(tx: Tx, contact: Contact, fields: dict[str, Any]) -> None:
    """Types and departments that the house has, or that are there already."""
    present = await proposals.draft_of(tx, contact) if fields else None
    await tickets.check(tx, fields, present or {"type": None, "department": None})


async def _check_disposition(tx: Tx, key: str) -> None:
    _, known = await dispositions.in_force(tx)
    if key not in [row["key"] for row in known]:
        raise invalid("disposition", "none of the company's dispositions")
