"""A caller comes in: answer, say the notice, begin to record, go through the menu."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from callwright.calendars import service as calendars
from callwright.calls import alone
from callwright.calls import service as calls
from callwright.calls.model import Contact, ContactState
from callwright.ivr import capture, trees
from callwright.ivr.events import MenuAnswered
from callwright.ivr.model import PressedKey, Target, path
from callwright.ivr.parse import parse_ivr
from callwright.ivr.session import Session
from callwright.ivr.walk import walk
from callwright.kit.db import Tx
from callwright.kit.journal import events_named
from callwright.ports.house import House
from callwright.queues import service as queues
from callwright.recordings import service as recordings

NOWHERE = "goodbye_error"  # a tree without any end, from before that was checked

publish = trees.publish
published = trees.published
captures_of = capture.captures_of
waiting_for_digits = capture.waiting


async def path_of(tx: Tx, contact_id: UUID, tree: str, version: int | None) -> list[PressedKey]:
    """The keys that led a caller on, each with its label there, else the name of its queue."""
    pressed = await events_named(tx, contact_id, MenuAnswered.NAME)
    if version is None or not pressed:
        return []
    _, body = await published(tx, tree, version)
    ivr = parse_ivr(body)
    names = {queue.key: queue.name for queue in await queues.queues(tx)}
    return path(ivr, [(row["menu"], row["key"]) for row in pressed if row["valid"]], names)


async def welcome(house: House, contact_id: UUID) -> None:
    """Answer, say the recording notice, start recording, run the menu, act on its outcome."""
    async with house.db.begin() as tx:
        contact = await calls.contact(tx, contact_id)
        if contact is None or contact.state != ContactState.IVR:  # ended, or sent away
            return
        line = await queues.line_for(tx, contact.to_number)
        version, body = await published(tx, contact.ivr, contact.ivr_version)
        is_open = await calendars.open_at(tx, line.calendar, house.clock.now())
    session = Session(house, contact, parse_ivr(body), version, contact.language)
    if contact.answered_at is None:
        await house.telephony.answer(session.leg)
        await house.db.run(lambda tx: calls.answered(tx, contact_id, version))
    await session.say([session.ivr.notice] if session.ivr.notice else [])
    await recordings.begin(house, contact_id, session.leg)
    if not is_open:
        await _say_and_hang_up(session, "closed", session.ivr.closed)
        return
    await _go_to(session, await walk(session))


async def greet(house: House, contact: Contact) -> None:
    """Whom we called hears the recording notice of the line; then recording begins."""
    async with house.db.reading() as tx:
        version, body = await published(tx, contact.ivr)
    session = Session(house, contact, parse_ivr(body), version, contact.language)
    await session.say([session.ivr.notice] if session.ivr.notice else [])
    await recordings.begin(house, contact.id, contact.caller_leg)


async def _go_to(session: Session, target: Target) -> None:
    if not target.queue:
        reason = alone.SELF_SERVED if session.answered else "completed"
        await _say_and_hang_up(session, reason, (target.hang_up or NOWHERE,))
        return
    session.language = target.language or session.language
    await session.say(session.ivr.hold)
    await session.house.telephony.hold(session.leg)
    await session.house.db.run(
        lambda tx: calls.enqueue(tx, session.contact_id, target.queue, language=target.language)
    )


async def _say_and_hang_up(session: Session, reason: str, prompts: Sequence[str]) -> None:
    await session.house.db.run(lambda tx: calls.say_goodbye(tx, session.contact_id, reason))
    await session.say(prompts)
    await session.house.telephony.hang_up(session.leg)
