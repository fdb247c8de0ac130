"""Publish menus; guide a caller through one."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from callwright.calendars import service as calendars
from callwright.calls import service as calls
from callwright.calls.model import Contact, ContactState
from callwright.ivr.events import MenuAnswered, MenuEntered
from callwright.ivr.model import Ivr, PressedKey, Target, next_step, parse_ivr, path
from callwright.kit.db import Tx
from callwright.kit.journal import events_named
from callwright.kit.versions import publish_setting, read_setting
from callwright.ports.house import House
from callwright.queues import service as queues
from callwright.recordings import service as recordings

log = logging.getLogger(__name__)


async def publish(tx: Tx, key: str, body: dict[str, Any], author: str) -> int:
    """Check a tree, also that its queues exist, and store it as the next version."""
    ivr = parse_ivr(body)
    for menu in ivr.menus.values():
        for target in (*menu.keys.values(), menu.otherwise):
            if target.queue:
                await queues.queue_of(tx, target.queue)
    return await publish_setting(tx, f"ivr:{key}", body, author)


async def published(tx: Tx, key: str, version: int | None = None) -> tuple[int, Any]:
    """A version of a tree, the latest by default; `not_found` otherwise."""
    return await read_setting(tx, f"ivr:{key}", version)


async def path_of(tx: Tx, contact_id: UUID, tree: str, version: int | None) -> list[PressedKey]:
    """The keys that led a caller on, each with its label there, else the name of its queue."""
    pressed = await events_named(tx, contact_id, MenuAnswered.NAME)
    if version is None or not pressed:
        return []
    _, body = await published(tx, tree, version)
    ivr = parse_ivr(body)
    names = {queue.key: queue.name for queue in await queues.queues(tx)}
    return path(ivr, [(row["menu"], row["key"]) for row in pressed if row["valid"]], names)


@dataclass
class Session:
    """One caller in the menu. The version of the tree stays the one it began with."""

    house: House
    contact_id: UUID
    leg: str
    ivr: Ivr
    language: str

    async def say(self, prompts: Sequence[str]) -> bool:
        """Speak; False when the caller is gone. A prompt that fails is logged, never hidden."""
        if not prompts:
            return True
        result = await self.house.telephony.play(self.leg, self._files(prompts))
        if result.state == "failed":
            log.error("prompt failed: %s", result.reason)
        return result.state != "leg_gone"

    async def ask(self) -> Target | None:
        """Go through the menus until a target is reached; None when the caller is gone."""
        name, tries = self.ivr.start, 0
        before: tuple[str, ...] = ()
        while True:
            menu = self.ivr.menus[name]
            await self._note(MenuEntered, menu=name)
            typed = await self.house.telephony.collect(
                self.leg,
                self._files((*before, *menu.prompt)),
                max_digits=1,
                first_timeout_s=menu.timeout_s,
                next_timeout_s=menu.timeout_s,
                terminator="",
            )
            if typed.end == "leg_gone":
                return None
            step = next_step(self.ivr, name, tries, typed.digits)
            await self._note(MenuAnswered, menu=name, key=typed.digits, valid=step.valid)
            if step.menu is None:
                return step.target
            name, tries, before = step.menu, step.tries, step.say

    def _files(self, prompts: Sequence[str]) -> list[str]:
        return [self.house.prompt(key, self.language) for key in prompts]

    async def _note(self, event: type[MenuEntered] | type[MenuAnswered], **fields: Any) -> None:
        async def write(tx: Tx) -> None:
            tx.publish(event(at=tx.clock.now(), contact_id=self.contact_id, **fields))

        await self.house.db.run(write)


async def welcome(house: House, contact_id: UUID, leg: str) -> None:
    """Answer, say the recording notice, start recording, run the menu, act on its outcome."""
    async with house.db.begin() as tx:
        contact = await calls.contact(tx, contact_id)
        if contact is None or contact.state != ContactState.IVR:  # ended, or sent away
            return
        line = await queues.line_for(tx, contact.to_number)
        version, body = await published(tx, contact.ivr, contact.ivr_version)
        is_open = await calendars.open_at(tx, line.calendar, house.clock.now())
    session = Session(house, contact_id, leg, parse_ivr(body), contact.language)
    if contact.answered_at is None:
        await house.telephony.answer(leg)
        await house.db.run(lambda tx: calls.answered(tx, contact_id, version))
    if not await session.say([session.ivr.notice] if session.ivr.notice else []):
        return
    await recordings.begin(house, contact_id, leg)
    if not is_open:
        await _say_and_hang_up(session, "closed", session.ivr.closed)
        return
    target = await session.ask()
    if target is not None:
        await _go_to(session, target)


async def greet(house: House, contact: Contact) -> None:
    """Whom we called hears the recording notice of the line; then recording begins."""
    async with house.db.reading() as tx:
        _, body = await published(tx, contact.ivr)
    notice = parse_ivr(body).notice
    session = Session(house, contact.id, contact.caller_leg, parse_ivr(body), contact.language)
    if await session.say([notice] if notice else []):
        await recordings.begin(house, contact.id, contact.caller_leg)


async def _go_to(session: Session, target: Target) -> None:
    if target.hang_up:
        await _say_and_hang_up(session, "completed", (target.hang_up,))
        return
    session.language = target.language or session.language
    if not await session.say(session.ivr.hold):
        return
    await session.house.telephony.hold(session.leg)
    await session.house.db.run(
        lambda tx: calls.enqueue(tx, session.contact_id, target.queue, language=target.language)
    )


async def _say_and_hang_up(session: Session, reason: str, prompts: Sequence[str]) -> None:
    await session.house.db.run(lambda tx: calls.say_goodbye(tx, session.contact_id, reason))
    await session.say(prompts)
    await session.house.telephony.hang_up(session.leg)
