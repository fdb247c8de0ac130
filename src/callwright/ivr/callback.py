"""Offers a waiting caller to be called back: asks for the number, promises, lets them hang up."""

from __future__ import annotations

import logging
from collections.abc import Callable
from uuid import UUID

from callwright.calls import callbacks, lines
from callwright.calls import service as calls
from callwright.calls.model import Contact, ContactState
from callwright.ivr.callback_model import (
    LONGEST_NUMBER,
    Asking,
    Step,
    answer,
    question,
    typed,
)
from callwright.ivr.speaking import files_of, say
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.ports.house import House
from callwright.queues import service as queues

log = logging.getLogger(__name__)

FIRST_KEY_S, NEXT_KEY_S = 6.0, 4.0
OUTCOME = "callback_requested"  # the exit of the visit and the end of the call
AT_HOME = ("mobile", "landline")  # what may be typed: nobody lets us dial the world


async def offer(
    house: House, contact_id: UUID, *, also: Callable[[Tx], None] | None = None
) -> bool:
    """Ask a waiting caller; True when they were promised a callback and the call ended.

    They keep the place meanwhile and are offered to nobody; otherwise they wait on. `also` is done
    in the promise's transaction. Raises `wrong_state` when they do not wait.
    """
    contact = await house.db.run(lambda tx: calls.move(tx, contact_id, "choose"))
    try:
        await house.telephony.unhold(contact.caller_leg)
        number = await _promisable(house, contact)
        found = await _talk(house, contact, number) if number is not None else None
        if found:
            await _promise(house, contact, found, also)
            return True
    except CallwrightError as error:
        log.warning("caller %s was not asked to the end: %s", contact_id, error)
    await stay(house, contact)
    return False


async def tell(house: House, contact_id: UUID, key: str) -> None:
    """Into the music: that a key leads to a callback, unless none can be offered."""
    async with house.db.reading() as tx:
        contact = await calls.contact(tx, contact_id)
    if contact is None or await _promisable(house, contact) is None:
        return
    files = files_of(house, contact, ["callback_offer", f"number_{key}"])
    played = await house.telephony.announce(contact.caller_leg, files)
    if played.state == "failed":
        log.error("callback was not offered: %s", played.reason)


async def _promisable(house: House, contact: Contact) -> str | None:
    """The number that they call from, empty when another must be typed; None = no callback."""
    async with house.db.reading() as tx:
        if await callbacks.wants_no_calls(tx, contact.customer_id):
            return None
        try:
            return await _dialable(tx, house, contact, contact.e164 or contact.from_number)
        except CallwrightError as error:
            if error.code != "no_trunk":
                raise
            log.warning("no callback can be offered: no line leads out")
            return None


async def _dialable(tx: Tx, house: House, contact: Contact, raw: str, *, home: bool = False) -> str:
    """A number as it is kept for dialling; empty when it cannot be dialled."""
    try:
        way = await lines.way_out(
            tx, house.settings.company, raw, site=contact.site, prefer=contact.to_number
        )
    except CallwrightError as error:
        if error.code != "invalid":
            raise
        return ""
    if home and way.identity.kind not in AT_HOME:
        return ""
    return way.identity.e164 or way.dial


async def _talk(house: House, contact: Contact, number: str) -> str:
    """Question and answer; the number they agreed to, empty when they stay or are gone."""
    asking = Asking(number)
    before: tuple[str, ...] = ("callback_intro",)
    while True:
        ask_number = not asking.number
        keys = await house.telephony.collect(
            contact.caller_leg,
            files_of(house, contact, [*before, *question(asking)]),
            max_digits=LONGEST_NUMBER if ask_number else 1,
            first_timeout_s=FIRST_KEY_S,
            next_timeout_s=NEXT_KEY_S,
            terminator="#" if ask_number else "",
            secure=ask_number,  # a number is personal: in no event and no log
        )
        if keys.end == "leg_gone":
            return ""
        step = await _follow(house, contact, asking, keys.digits)
        if step.then != "ask":
            return step.asking.number if step.then == "promise" else ""
        asking, before = step.asking, step.say


async def _follow(house: House, contact: Contact, asking: Asking, keys: str) -> Step:
    if asking.number:
        return answer(asking, keys)
    async with house.db.reading() as tx:
        number = await _dialable(tx, house, contact, keys, home=True) if keys else ""
    return typed(asking, keys, number)


async def _promise(
    house: House, contact: Contact, number: str, also: Callable[[Tx], None] | None
) -> None:
    async def write(tx: Tx) -> None:
        visit = await calls.open_visit(tx, contact.id)
        await calls.leave_queue(tx, contact.id, "promise", OUTCOME, end_reason=OUTCOME)
        if visit is None:
            raise CallwrightError("wrong_state", what="contact", state="no_visit")
        rule = await queues.callback_rule(tx, visit.queue)
        await callbacks.request(tx, contact, number, visit, rule)
        if also is not None:
            also(tx)

    await house.db.run(write)
    await say(house, contact, ["callback_promised"])
    await house.telephony.hang_up(contact.caller_leg)


async def stay(house: House, contact: Contact) -> None:
    """They wait on at their place: music first, then they can be offered again."""

    async def write(tx: Tx) -> None:
        await calls.move(tx, contact.id, "stay")
        visit = await calls.open_visit(tx, contact.id)
        music = (await queues.queue_of(tx, visit.queue)).music if visit else ""
        await house.telephony.hold(contact.caller_leg, music or None)
        tx.after_commit(lambda: tx.signals.wake("routing"))

    try:
        await house.db.run(write)
    except CallwrightError as error:
        log.info("caller %s does not wait on: %s", contact.id, error)


async def welcome_back(house: House, contact: Contact) -> None:
    """A customer who was called before an agent was free has answered: to the front."""

    async def write(tx: Tx) -> bool:
        promise = await callbacks.of_contact(tx, contact.id)
        if promise is None:
            return False
        await house.telephony.hold(contact.caller_leg)
        await calls.enqueue(tx, contact.id, promise.queue, aged_from=promise.aged_from)
        return True

    await say(house, contact, ["callback_here"])
    async with house.db.reading() as tx:
        now = await calls.contact(tx, contact.id)
    if now is None or now.state != ContactState.DIALLING:
        return
    if not await house.db.run(write):
        await house.telephony.hang_up(contact.caller_leg)
