"""Who waits may press a key to be called back; after a while they are told so."""

from __future__ import annotations

import asyncio
import logging
from typing import Literal
from uuid import UUID

from callwright.calls import service as calls
from callwright.calls.model import ContactState
from callwright.ivr import callback
from callwright.kit.errors import CallwrightError
from callwright.ports.house import House
from callwright.ports.telephony import DigitPressed, LegEnded, PbxEvent
from callwright.queues import service as queues
from callwright.queues.promises import CallbackRule

log = logging.getLogger(__name__)

IN_THE_QUEUE = (ContactState.WAITING, ContactState.RINGING)

_watching: dict[UUID, asyncio.Task[None]] = {}


async def watch(house: House, contact_id: UUID) -> None:
    """Listen for the queue's key while somebody waits there; nothing where the queue has none."""
    async with house.db.reading() as tx:
        contact = await calls.contact(tx, contact_id)
        if contact is None or contact.queue is None or contact.direction != "in":
            return
        rule = await queues.callback_rule(tx, contact.queue)
    if not rule.key:
        return
    leave(contact_id)
    task = house.bus.spawn(
        _watch(house, contact_id, contact.caller_leg, rule), f"key of {contact_id}"
    )
    _watching[contact_id] = task
    task.add_done_callback(lambda done: _forget(contact_id, done))


def _forget(contact_id: UUID, task: asyncio.Task[None]) -> None:
    if _watching.get(contact_id) is task:
        del _watching[contact_id]


def leave(contact_id: UUID) -> None:
    """They wait no more. A conversation about a callback that has begun is not broken off."""
    task = _watching.pop(contact_id, None)
    if task is not None:
        task.cancel()


async def _watch(house: House, contact_id: UUID, leg: str, rule: CallbackRule) -> None:
    after_s: float | None = rule.offer_after_s
    with house.legs.subscribe(leg) as events:
        while True:
            what = await _next(house, events, rule.key, after_s)
            if what == "gone":
                return
            if what == "time":
                after_s = None
                await callback.tell(house, contact_id, rule.key)
                continue
            own = _watching.pop(contact_id, None)  # the promise ends the wait, and not this
            if await _asked(house, contact_id) or _left_meanwhile(events):
                return
            if own is not None:
                _watching[contact_id] = own


def _left_meanwhile(events: asyncio.Queue[PbxEvent]) -> bool:
    """Keys pressed in the conversation were answers there, and ask for nothing now."""
    before = [events.get_nowait() for _ in range(events.qsize())]
    return any(isinstance(event, LegEnded) for event in before)


async def _asked(house: House, contact_id: UUID) -> bool:
    """Ask them; True when there is nothing more to listen for."""
    try:
        return await callback.offer(house, contact_id)
    except CallwrightError as error:
        log.info("caller %s was not asked: %s", contact_id, error)
    async with house.db.reading() as tx:
        contact = await calls.contact(tx, contact_id)
    return contact is None or contact.state not in IN_THE_QUEUE


async def _next(
    house: House, events: asyncio.Queue[PbxEvent], key: str, after_s: float | None
) -> Literal["key", "time", "gone"]:
    """What comes first: the key, the moment to tell of it, the end of the leg."""
    alarm = asyncio.ensure_future(
        house.clock.sleep(after_s) if after_s is not None else asyncio.Event().wait()
    )
    try:
        while True:
            following = asyncio.ensure_future(events.get())
            await asyncio.wait({alarm, following}, return_when=asyncio.FIRST_COMPLETED)
            if not following.done():
                following.cancel()
                return "time"
            event = following.result()
            if isinstance(event, LegEnded):
                return "gone"
            if isinstance(event, DigitPressed) and event.digit == key:
                return "key"
    finally:
        alarm.cancel()
