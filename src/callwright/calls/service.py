"""The verbs of a call: each changes state and says so in the same transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from callwright.agents import service as agents
from callwright.calls import (
    callback_store,
    callbacks,
    missed,
    reads,
    store,
    visit_store,
    visits,
    wrap_timer,
)
from callwright.calls.events import (
    CallAnswered,
    CallConnected,
    CallEnded,
    CallHeld,
    CallResumed,
    CallStarted,
    ConsultChanged,
    ContactIdentified,
    LegReplaced,
    TalkLeft,
)
from callwright.calls.model import (
    END_REASON,
    VISIT_EXIT,
    Consult,
    ConsultState,
    Contact,
    ContactState,
    Segment,
    Talk,
    after,
    consult_after,
)
from callwright.customers import service as customers
from callwright.customers.model import CallerMatch, Customer
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.ids import new_id
from callwright.ports.telephony import LegArrived
from callwright.queues import service as queues
from callwright.queues.model import Line
from callwright.voicemails import service as voicemails

QUEUE_TIMER = visits.QUEUE_TIMER
MAX_RAW = 120  # an absurd caller id is clipped, never refused

contact = store.contact
move = visits.move
leave_queue = visits.leave
enqueue = visits.enqueue
overflow_to = visits.overflow_to
overflowed_from = visits.overflowed_from
ahead_of = visit_store.ahead_of
was_here_before = visit_store.was_here_before
waiting_in = visit_store.waiting_in
listening = visit_store.listening
speak_next = visit_store.speak_next
note_wrapped = visit_store.note_wrapped
handled_since = visit_store.handled_since
ends_of = visit_store.ends_of
old_place = visits.old_place
look_again = visits.look_again
locked = store.contact_for_update
live_contacts = store.live_contacts
open_legs = store.open_legs
legs_of = store.legs_of
segments_of = store.segments_of
rings_agent = store.rings_agent
open_visit = store.open_visit
queue_figures = visit_store.queue_figures
numbers_of = store.numbers_of
contacts_by_number = store.contacts_by_number
last_visit = store.last_visit
waiting = callback_store.waiting
waiting_in_places = callback_store.waiting_in_places
places = callback_store.places
queues_of = reads.queues_of
OFFER = store.OFFER
ADD_LEG = store.ADD_LEG
open_consult = store.open_consult
bridges_of = store.bridges_of
holds_of = store.holds_of
set_wrap_timer, drop_wrap_timer = wrap_timer.set_wrap_timer, wrap_timer.drop_wrap_timer
WRAP_TIMER = wrap_timer.WRAP_TIMER


async def start_contact(
    tx: Tx, arrived: LegArrived, line: Line, match: CallerMatch, language: str
) -> UUID | None:
    """A caller came in: write the contact. None when this leg is already known."""
    best = match.best
    contact_id = new_id()
    values = {
        "id": contact_id, "site": line.site, "state": ContactState.IVR.value,
        "caller_leg": arrived.leg, "from_number": printable(arrived.from_number),
        "e164": match.e164, "number_kind": match.kind, "to_number": printable(arrived.to_number),
        "customer_id": best.id if best else None, "tier": best.tier if best else "",
        "started_at": arrived.at, "ivr": line.ivr, "language": language,
        "matches": matches_of(match),
    }  # fmt: skip
    if not await store.insert_contact(tx, values):
        return None
    tx.publish(
        CallStarted(
            at=arrived.at, site=line.site, contact_id=contact_id, leg=arrived.leg,
            line=line.number, customer_id=best.id if best else None,
        )
    )  # fmt: skip
    return contact_id


async def identify(tx: Tx, contact_id: UUID, customer: Customer) -> bool:
    """A person says who calls; False when that was known."""
    contact = await store.contact_for_update(tx, contact_id)
    if contact.customer_id == customer.id:
        return False
    await store.update_contact(tx, contact_id, customer_id=customer.id, tier=customer.tier)
    tx.publish(
        ContactIdentified(
            at=tx.clock.now(), site=contact.site, contact_id=contact_id, customer_id=customer.id,
            before_id=contact.customer_id,
        )
    )  # fmt: skip
    return True


def matches_of(match: CallerMatch) -> list[dict[str, Any]]:
    """Everybody the number may belong to, as the contact keeps it."""
    return [
        {"customer_id": str(who.id), "reasons": list(why)}
        for who, why in zip(match.candidates, match.reasons, strict=True)
    ]


async def answered(tx: Tx, contact_id: UUID, ivr_version: int | None) -> None:
    """We answered with this version of the menu; None = the menu does not speak."""
    now = tx.clock.now()
    await store.update_contact(tx, contact_id, answered_at=now, ivr_version=ivr_version)
    tx.publish(CallAnswered(at=now, contact_id=contact_id))


async def say_goodbye(tx: Tx, contact_id: UUID, reason: str) -> Contact:
    """From now on the call only ends, for this reason (a prompt may still be spoken)."""
    exit_ = VISIT_EXIT.get(reason, reason)
    contact = await leave_queue(tx, contact_id, "say_goodbye", exit_, end_reason=reason)
    return contact


async def connect(tx: Tx, contact_id: UUID, agent_id: UUID, leg: str, bridge: str) -> Segment:
    """The agent answered: the talk begins."""
    contact = await move(tx, contact_id, "connect", agent_id=agent_id)
    await visits.leave_queue(tx, contact, "answered")
    await agents.change(tx, agent_id, "answer", contact_id=contact_id)
    return await begin_talk(tx, contact, agent_id, leg, bridge)


async def begin_talk(tx: Tx, contact: Contact, agent_id: UUID, leg: str, bridge: str) -> Segment:
    """From now on this agent and the caller hear each other."""
    now = tx.clock.now()
    segment = Segment(new_id(), contact.id, agent_id, leg, bridge, now, None)
    await store.insert_segment(tx, segment)
    await missed.note_talk(tx, contact, agent_id)
    await callbacks.note_talk(tx, contact, agent_id)
    if contact.customer_id:
        await customers.push_fact(tx, contact.customer_id, "last_agent", str(agent_id))
    tx.publish(
        CallConnected(
            at=now, site=contact.site, contact_id=contact.id, segment_id=segment.id,
            agent_id=agent_id, leg=leg,
        )
    )  # fmt: skip
    return segment


async def replace_leg(tx: Tx, contact_id: UUID, before: str, leg: str) -> None:
    """An agent goes on, on another leg; `leg_gone` when the talk has ended meanwhile."""
    consult = await store.open_consult(tx, contact_id)
    asked = consult is not None and consult.leg == before
    if consult and asked:
        await store.update_consult(tx, consult.id, leg=leg)
    segment = await store.change_leg(tx, before, leg)
    if segment is None:
        # Who is only asked has no talk with the caller yet.
        if not asked:
            raise CallwrightError("leg_gone", leg=before)
        return
    tx.publish(
        LegReplaced(
            at=tx.clock.now(), contact_id=segment.contact_id, segment_id=segment.id,
            agent_id=segment.agent_id, leg=leg, before=before,
        )
    )  # fmt: skip


async def leave_talk(tx: Tx, contact: Contact, agent_id: UUID, at: datetime | None = None) -> None:
    """The agent talks with the caller no longer: wrap-up begins, whatever the call does."""
    for segment in await store.end_segments(tx, contact.id, at or tx.clock.now(), agent_id):
        await _wrap_up(tx, contact, segment)


async def talk(tx: Tx, contact_id: UUID) -> Talk:
    """A call in progress, locked until the commit: nothing of it changes meanwhile."""
    contact = await store.contact_for_update(tx, contact_id)
    segments = await store.open_segments(tx, contact_id)
    own = [segment.leg for segment in segments if segment.agent_id == contact.agent_id]
    if contact.state == ContactState.DIALLING and contact.agent_id:
        own = [
            row["id"]
            for row in await store.legs_of(tx, contact_id)
            if row["agent_id"] == contact.agent_id
        ]
    consult = await store.open_consult(tx, contact_id)
    return Talk(contact, consult, segments, own[0] if own else None)


async def step(tx: Tx, talk_: Talk, trigger: str, **columns: Any) -> None:
    """A trigger of the contact's table; hold and the agent's own state follow it."""
    contact, before = talk_.contact, talk_.contact.state
    state = after(before, trigger)
    await store.update_contact(tx, contact.id, state=state.value, **columns)
    agent_id, now = contact.agent_id, tx.clock.now()
    if agent_id is None or (before == ContactState.HELD) == (state == ContactState.HELD):
        return
    if state == ContactState.HELD:
        await store.begin_hold(tx, new_id(), contact.id, agent_id)
    else:
        await store.end_hold(tx, contact.id, now)
    if trigger in ("hold", "resume"):
        await agents.change(tx, agent_id, trigger, contact_id=contact.id)
        event = CallHeld if trigger == "hold" else CallResumed
        tx.publish(event(at=now, site=contact.site, contact_id=contact.id, agent_id=agent_id))


async def begin_consult(tx: Tx, consult: Consult) -> None:
    """Write a third party and its leg before it is rung."""
    await store.insert_consult(tx, consult)
    await store.insert_leg(tx, consult.leg, consult.contact_id, consult.target_agent_id)
    say_consult(tx, consult, consult.state)


async def step_consult(tx: Tx, consult: Consult | None, trigger: str, *, result: str = "") -> None:
    """A trigger of the consult's table; `wrong_state` when there is none."""
    state = consult_after(consult.state if consult else None, trigger)
    if consult is None:
        return
    now, columns = tx.clock.now(), dict[str, Any]()
    if trigger == "answer":
        columns["answered_at"] = now
    if state == ConsultState.CLOSED:
        columns |= {"closed_at": now, "result": result}
    await store.update_consult(tx, consult.id, state=state.value, **columns)
    say_consult(tx, consult, state, result)


def say_consult(tx: Tx, consult: Consult, state: ConsultState, result: str = "") -> None:
    """Tell what became of a third party."""
    tx.publish(
        ConsultChanged(
            at=tx.clock.now(), contact_id=consult.contact_id, consult_id=consult.id,
            agent_id=consult.agent_id, state=state.value, kind=consult.kind,
            target_agent_id=consult.target_agent_id, result=result,
        )
    )  # fmt: skip


async def end_contact(tx: Tx, contact_id: UUID, at: datetime, reason: str | None = None) -> None:
    """The caller's leg is gone: close everything that is open. No-op when already ended."""
    contact = await store.contact_for_update(tx, contact_id)
    if contact.state == ContactState.ENDED:
        return
    if contact.state == ContactState.VOICEMAIL:
        reason = await voicemails.finish(tx, contact_id, "hung_up", at)
    why = contact.end_reason or reason or END_REASON[contact.state]
    await visits.leave_queue(tx, contact, VISIT_EXIT.get(why, why))
    await store.end_hold(tx, contact_id, at)
    for segment in await store.end_segments(tx, contact_id, at):
        await _wrap_up(tx, contact, segment)
    consult = await store.open_consult(tx, contact_id)
    if consult:
        await step_consult(tx, consult, "close", result="caller_gone")
        if consult.target_agent_id:
            await agents.release(tx, consult.target_agent_id, contact_id)
    if contact.agent_id and contact.state == ContactState.DIALLING:
        await agents.release(tx, contact.agent_id, contact_id)
    await store.update_contact(
        tx, contact_id, state=ContactState.ENDED.value, ended_at=at, end_reason=why
    )
    talked = bool(await store.segments_of(tx, contact_id))
    if contact.direction == "out":
        await callbacks.note_end(
            tx, contact, why, at, dialled=await store.leg_of(tx, contact.caller_leg) is not None
        )
    elif not talked or why.startswith(("abandoned", "voicemail")):
        await missed.note_missed(tx, contact, why, at)
    if contact.customer_id:
        await customers.push_fact(tx, contact.customer_id, "last_contact_at", at.isoformat())
    tx.publish(
        CallEnded(
            at=at, site=contact.site, contact_id=contact_id, reason=why, talked=talked,
            message=why == voicemails.LEFT,
        )
    )  # fmt: skip


async def _wrap_up(tx: Tx, contact: Contact, segment: Segment) -> None:
    agent = await agents.agent_of_id(tx, segment.agent_id)
    key = contact.queue or next(iter(agent.queues), None)
    queue = await queues.queue_of(tx, key) if key else None
    tx.publish(
        TalkLeft(
            at=tx.clock.now(), site=contact.site, contact_id=contact.id, segment_id=segment.id,
            agent_id=segment.agent_id, leg=segment.leg,
        )
    )  # fmt: skip
    due = tx.clock.now() + timedelta(seconds=queue.wrap_up_s if queue else 0)
    await agents.change(tx, segment.agent_id, "wrap_up", contact_id=contact.id, until=due)
    await set_wrap_timer(tx, contact.id, segment.agent_id, due)


async def took_part(tx: Tx, contact_id: UUID, agent_id: UUID) -> bool:
    """Whether the agent was rung or spoke in this call."""
    return any(row["agent_id"] == agent_id for row in await store.legs_of(tx, contact_id))


def printable(raw: str) -> str:
    """What a trunk sent, safe to store: no control characters, not endless."""
    return "".join(ch for ch in raw if ch.isprintable())[:MAX_RAW]
