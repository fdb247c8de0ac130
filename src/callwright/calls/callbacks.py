"""Promises to call somebody back at their place in the queue: made, kept, given up, withdrawn."""

from __future__ import annotations

import dataclasses
import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from callwright.calendars import service as calendars
from callwright.calls import callback_store as store
from callwright.calls import guard, guard_store, missed_store
from callwright.calls.callback_model import (
    BUSY_HERE,
    LOOK_AGAIN,
    OPEN,
    Attempt,
    Callback,
    CallbackState,
    Standing,
    after,
    after_attempt,
    ahead_of,
    look_again_at,
)
from callwright.calls.events import (
    CallbackCancelled,
    CallbackCompleted,
    CallbackDialled,
    CallbackFailed,
    CallbackPlanned,
    CallbackRequested,
    CallbackReturned,
    CallMissed,
)
from callwright.calls.model import Contact, Visit, caller_of
from callwright.customers import service as customers
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.ids import new_id
from callwright.kit.timers import cancel_timer, set_timer
from callwright.queues import service as queues
from callwright.queues.promises import CallbackRule

log = logging.getLogger(__name__)

SIGNAL = "callbacks"
DO_NOT_CALL = "do_not_call"  # the customer's fact
EXPIRY_TIMER = "callback.expiry"

callback = store.callback
callbacks = store.callbacks
of_contact = store.of_contact
attempts_of = store.attempts_of
customer_first = store.customer_first


async def request(tx: Tx, contact: Contact, number: str, visit: Visit, rule: CallbackRule) -> bool:
    """Promise it; False when this number has a promise already, which stays as it is.

    `number` as it is to be dialled; the customer of another number than the caller's is not known.
    """
    queue, now = visit.queue, tx.clock.now()
    await _withdraw_unasked(tx, number, "asked_for")
    made = _made(contact, number, queue, rule, now)
    made = dataclasses.replace(made, aged_from=visit.aged_from or visit.entered_at)
    if not await store.insert_callback(tx, dataclasses.asdict(made)):
        return False
    tx.publish(
        CallbackRequested(
            at=now, site=contact.site, contact_id=contact.id, callback_id=made.id, queue=queue,
            first=rule.first,
        )
    )  # fmt: skip
    _wake(tx)
    return True


async def plan(tx: Tx, contact: Contact, number: str, queue: str, rule: CallbackRule) -> bool:
    """Call somebody back who did not ask for it, when it delays no caller; False when this number
    is to be called back already."""
    now = tx.clock.now()
    expires = now + timedelta(hours=rule.abandoned_hours)
    made = dataclasses.replace(
        _made(contact, number, queue, rule, now), first="agent", blended=True, expires_at=expires
    )
    if not await store.insert_callback(tx, dataclasses.asdict(made)):
        return False
    await set_timer(tx, _expiry_key(made.id), EXPIRY_TIMER, expires, {"callback_id": str(made.id)})
    tx.publish(
        CallbackPlanned(
            at=now, site=contact.site, contact_id=contact.id, callback_id=made.id, queue=queue,
            expires=expires.isoformat(),
        )
    )  # fmt: skip
    _wake(tx)
    return True


def _made(contact: Contact, number: str, queue: str, rule: CallbackRule, now: datetime) -> Callback:
    own = number in (contact.e164, contact.from_number)
    return Callback(
        id=new_id(), contact_id=contact.id, caller=number, number=number,
        customer_id=contact.customer_id if own else None, site=contact.site, queue=queue,
        line=contact.to_number, language=contact.language, first=rule.first,
        state=CallbackState.WAITING, requested_at=now, not_before=now, aged_from=now,
        tries=0, most_tries=rule.tries, retry_min=rule.retry_min, done_at=None, reason="", by="",
    )  # fmt: skip


def _expiry_key(callback_id: UUID) -> str:
    return f"callback:{callback_id}"


async def expire(tx: Tx, callback_id: UUID) -> None:
    """Its time is over. What is being dialled just now ends by itself, and is not tried again."""
    found = await store.callback(tx, callback_id, lock=True)
    if found and found.state == CallbackState.WAITING:
        await _close(tx, found, "cancel", "expired")


async def by_hand(tx: Tx, number: str, login: str) -> None:
    """A person dials this number: what nobody asked for is theirs now, and not done twice.

    A promise stands, it may be kept with a talk. Raises `being_called` while a call out for either
    is under way.
    """
    found = await store.open_of(tx, number)
    if found and found.state == CallbackState.DIALLING:
        raise CallwrightError("being_called", what="callback", id=str(found.id))
    if found and found.blended:
        await _close(tx, found, "cancel", "by_hand", login)


async def no_need(tx: Tx, caller: str, login: str) -> None:
    """A person says that it is dealt with: who did not ask is not called back any more, unless
    they have picked up already."""
    await _withdraw_unasked(tx, caller, "by_hand", login)


async def _withdraw_unasked(tx: Tx, number: str, reason: str, login: str = "") -> None:
    found = await store.open_of(tx, number)
    if found and found.blended and not await store.on_the_line(tx, found.id):
        await _close(tx, found, "cancel", reason, login)


async def take_over(tx: Tx, contact: Contact, queue: str) -> datetime | None:
    """Somebody with a promise calls in and waits in its queue: since when; the promise is over.
    Who did not ask for it has no place that could be taken over.

    In another queue the promise stands until they are served; nobody is dialled while in a call.
    """
    found = await store.open_of(tx, caller_of(contact))
    if found is None or found.state != CallbackState.WAITING or found.queue != queue:
        return None
    await _close(tx, found, "cancel", "called_again")
    return None if found.blended else found.aged_from


async def claim(tx: Tx, callback_id: UUID, zone: str) -> Callback | None:
    """Its turn has come: from now on it is being dialled. None = not now, or somebody was quicker.

    Asked at the last moment: the hours in which people may be called, the line's calendar, whether
    the customer wants no calls, and whether they are in a call with us just now.
    """
    found = await store.callback(tx, callback_id, lock=True)
    now = tx.clock.now()
    if found is None or found.state != CallbackState.WAITING or found.not_before > now:
        return None
    if found.expires_at and found.expires_at <= now:  # a timer ends it
        return None
    if unwanted := await _unwanted(tx, found):
        await give_up(tx, found, unwanted, found.tries, found.contact_id)
        return None
    later = look_again_at(now, zone, await _is_open(tx, found, now))
    if later is None and await store.in_a_call(tx, found.number, found.contact_id):
        later = now + BUSY_HERE
    if later is not None:
        await store.change(tx, found.id, found.state, not_before=later)
        return None
    await _step(tx, found, "dial")
    return found


async def _is_open(tx: Tx, found: Callback, now: datetime) -> bool:
    """Line and queue. A calendar that is not there closes nothing; the hours of calls hold."""
    line, queue = await queues.line_for(tx, found.line), await queues.queue_of(tx, found.queue)
    try:
        both = [key for key in (line.calendar, queue.calendar) if key]
        return all([await calendars.open_at(tx, key, now) for key in both])
    except CallwrightError as error:
        log.error("callback %s counts as in hours: %s", found.id, error)
        return True


async def _unwanted(tx: Tx, found: Callback) -> str:
    """Why they must not be called, empty = they may be. Who asked may be blocked by now."""
    if found.blended and await is_blocked(tx, found.number):
        return "blocked"
    return DO_NOT_CALL if await wants_no_calls(tx, found.customer_id) else ""


async def wants_no_calls(tx: Tx, customer_id: UUID | None) -> bool:
    """Whether a customer said so; of somebody unknown nobody knows."""
    if customer_id is None:
        return False
    return bool((await customers.customer_of(tx, customer_id)).facts.get(DO_NOT_CALL))


async def is_blocked(tx: Tx, number: str) -> bool:
    """Whether the guard's list blocks a number (E.164) now."""
    return guard.is_blocked(await guard_store.entries_for(tx, [number], tx.clock.now()))


async def postpone(tx: Tx, callback_id: UUID) -> None:
    """It cannot be dialled for a reason that is ours: looked at again in a while."""
    later = tx.clock.now() + LOOK_AGAIN
    await store.change(tx, callback_id, CallbackState.WAITING, not_before=later)


async def begin_attempt(tx: Tx, found: Callback, contact_id: UUID, agent_id: UUID | None) -> None:
    """The call out is written down; the unique index allows one at a time."""
    await store.insert_attempt(tx, found.id, contact_id, agent_id)
    tx.publish(
        CallbackDialled(
            at=tx.clock.now(), site=found.site, contact_id=found.contact_id, callback_id=found.id,
            dialled_contact_id=contact_id, agent_id=agent_id, first=found.first,
        )
    )  # fmt: skip


async def note_end(tx: Tx, contact: Contact, reason: str, at: datetime, *, dialled: bool) -> None:
    """A call out ended without a talk: if it was an attempt, the promise stands or is given up."""
    callback_id = await store.end_attempt(tx, contact.id, at, reason)
    found = await store.callback(tx, callback_id, lock=True) if callback_id else None
    if found is None or found.state != CallbackState.DIALLING:
        return
    attempt = Attempt(reason, dialled, contact.answered_at is not None)
    following = after_attempt(found, attempt, at)
    if following.trigger == "fail":
        await give_up(tx, found, reason, following.tries, contact.id)
        return
    await _step(
        tx, found, "give_back", tries=following.tries, not_before=following.not_before,
        reason=reason,
    )  # fmt: skip
    tx.publish(
        CallbackReturned(
            at=at, site=found.site, contact_id=found.contact_id, callback_id=found.id,
            dialled_contact_id=contact.id, reason=reason, tries=following.tries,
            due=following.not_before.isoformat(),
        )
    )  # fmt: skip
    _wake(tx)


async def note_talk(tx: Tx, contact: Contact, agent_id: UUID) -> None:
    """They talk: the promise is kept, or was served otherwise and is withdrawn."""
    now = tx.clock.now()
    out = contact.direction == "out"
    kept = await store.end_attempt(tx, contact.id, now, "talked") if out else None
    found = await store.callback(tx, kept, lock=True) if kept else None
    if found is None:
        other = await store.open_of(tx, caller_of(contact))
        if other:
            await _close(tx, other, "cancel", "served")
        return
    if found.state != CallbackState.DIALLING:
        return
    await _step(tx, found, "complete", done_at=now, reason="talked", tries=found.tries + 1)
    tx.publish(
        CallbackCompleted(
            at=now, site=found.site, contact_id=found.contact_id, callback_id=found.id,
            dialled_contact_id=contact.id, agent_id=agent_id,
        )
    )  # fmt: skip


async def cancel(tx: Tx, callback_id: UUID, by: str) -> Callback:
    """Somebody withdraws it; `wrong_state` when it is over, or the customer has answered."""
    found = await store.callback(tx, callback_id, lock=True)
    if found is None:
        raise CallwrightError("not_found", what="callback", id=str(callback_id))
    if await store.on_the_line(tx, callback_id):
        raise CallwrightError("wrong_state", what="callback", state="on_the_line")
    await _close(tx, found, "cancel", "by_hand", by)
    return found


async def give_up(tx: Tx, found: Callback, reason: str, tries: int, last: UUID) -> None:
    """No further try: on the list of those whom somebody must call, with the `last` contact."""
    now = tx.clock.now()
    await _step(tx, found, "fail", tries=tries, done_at=now, reason=reason)
    tx.publish(
        CallbackFailed(
            at=now, site=found.site, contact_id=found.contact_id, callback_id=found.id,
            reason=reason, tries=tries,
        )
    )  # fmt: skip
    if not found.blended:  # who gave up waiting is on the list since then
        await _miss(tx, found, last)


async def _miss(tx: Tx, found: Callback, last: UUID) -> None:
    now = tx.clock.now()
    latest = {
        "last_contact_id": last, "at": now, "reason": "callback_failed",
        "queue": found.queue, "waited_s": (now - found.aged_from).total_seconds(),
    }  # fmt: skip
    await missed_store.insert_or_repeat(tx, found.contact_id, found.caller, latest)
    tx.publish(
        CallMissed(at=now, site=found.site, contact_id=found.contact_id, reason="callback_failed")
    )


async def _close(tx: Tx, found: Callback, trigger: str, reason: str, by: str = "") -> None:
    now = tx.clock.now()
    await _step(tx, found, trigger, done_at=now, reason=reason, by=by)
    tx.publish(
        CallbackCancelled(
            at=now, site=found.site, contact_id=found.contact_id, callback_id=found.id,
            reason=reason,
        )
    )  # fmt: skip


async def _step(tx: Tx, found: Callback, trigger: str, **values: Any) -> None:
    state = after(found.state, trigger)
    if not await store.change(tx, found.id, found.state, state=state.value, **values):
        raise CallwrightError("wrong_state", what="callback", trigger=trigger)
    if found.expires_at and state not in OPEN:
        await cancel_timer(tx, _expiry_key(found.id))


def _wake(tx: Tx) -> None:
    tx.after_commit(lambda: tx.signals.wake(SIGNAL))
    tx.after_commit(lambda: tx.signals.wake("routing"))


async def positions(tx: Tx, found: list[Callback]) -> dict[UUID, int]:
    """Callback -> its place in its queue, 1 = nobody is before it; blended ones have none."""
    line_up = [
        Standing(str(row["id"]), row["queue"], row["aged_from"]) for row in await store.line_up(tx)
    ]
    return {
        one.id: ahead_of(Standing(str(one.id), one.queue, one.aged_from), line_up) + 1
        for one in found
        if not one.blended
    }
