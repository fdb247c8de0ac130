"""Tells waiting callers their place and the expected wait, between stretches of music.

One loop for all callers. When something is said next stands in the stay (`speak_at`), so a
restarted platform greets nobody twice and two platforms do not speak at once. An agent's pick-up
ends the music, and with it whatever is being said (`Telephony.announce`): nothing here delays an
offer.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

from callwright.calls import service as calls
from callwright.kit.db import Tx
from callwright.ports.house import House
from callwright.queues import service as queues
from callwright.queues.model import Queue
from callwright.routing.estimates import Estimates
from callwright.routing.events import QueueAnnounced
from callwright.routing.expected import Expectation
from callwright.routing.speaking import LANGUAGES, spoken

log = logging.getLogger(__name__)

SIGNAL = "announcing"
IDLE_S = 30.0  # no queue says anything: look again for new settings
LEAST_S = 1.0
FIRST_S = 2.0  # a free agent's phone rings by then, and nothing need be said
AT_ONCE = 2  # so many are written down: hundreds have their turn, and a free agent must not wait
GREETING_S = 60.0  # a platform that died while it greeted goes on after this


class Announcer:
    """Runs in one process per site; woken by news."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._estimates = Estimates()
        self._writing = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        """Speak until cancelled."""
        while True:
            try:
                pause = await self.round()
            except Exception:
                log.exception("announcing failed; the next round follows")
                pause = LEAST_S
            await self._sleep(pause)

    async def _sleep(self, seconds: float) -> None:
        """Sleep on the clock, or until somebody was greeted."""
        tasks = {
            asyncio.ensure_future(self.house.clock.sleep(seconds)),
            asyncio.ensure_future(self.house.db.signals.wait(SIGNAL, IDLE_S)),
        }
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()

    async def round(self) -> float:
        """Speak to everybody whose turn it is; return seconds until the next one's."""
        async with self.house.db.reading() as tx:
            known = {queue.key: queue for queue in await queues.queues(tx)}
            speaking = [key for key, queue in known.items() if queue.announce.speaks]
            rows = await calls.listening(tx, speaking) if speaking else []
            now = self.house.clock.now()
            turns = [row for row in rows if row["speak_at"] <= now]
            expected = await self._estimates.now(tx, known) if turns else {}
        for row in turns:
            found = expected.get(str(row["contact_id"]))
            if found is not None:
                work = announce(self.house, row, known[row["queue"]], found, self._writing)
                self.house.bus.spawn(work, f"announcement to {row['contact_id']}")
        later = [row["speak_at"] for row in rows[len(turns) :]]
        pause = (later[0] - now).total_seconds() if later else IDLE_S
        return LEAST_S if turns else min(max(pause, LEAST_S), IDLE_S)


async def announce(
    house: House,
    row: dict[str, Any],
    queue: Queue,
    expected: Expectation,
    writing: asyncio.Semaphore,
) -> None:
    """Say it to one caller, unless somebody else did, and write down what was said."""
    said = spoken(queue.announce, expected, _language(house, row["language"]))
    visit_id, now = row["visit_id"], house.clock.now()
    following = now + timedelta(seconds=queue.announce.every_s)
    async with writing:
        mine = await house.db.run(
            lambda tx: calls.speak_next(tx, visit_id, row["speak_at"], following)
        )
    if not mine or not said:
        return
    files = [house.prompt(name, row["language"]) for name in said]
    played = await house.telephony.announce(row["leg"], files)
    if played.state == "failed":
        log.error("announcement was not spoken: %s", played.reason)

    async def write(tx: Tx) -> None:
        tx.publish(
            QueueAnnounced(
                at=now, site=row["site"], contact_id=row["contact_id"], visit_id=visit_id,
                queue=queue.key, position=expected.position, ewt_s=expected.seconds,
                said=list(said), played=played.state, reasons=list(expected.reasons),
            )
        )  # fmt: skip

    async with writing:
        await house.db.run(write)


def _language(house: House, language: str) -> str:
    """Whose rules for numbers: the caller's where we know them, else the company's."""
    known = language.partition("-")[0] in LANGUAGES
    return language if known else house.settings.company.language


async def greet(house: House, contact_id: UUID) -> None:
    """The queue's greeting, once for each queue that a caller comes to; then the announcements."""
    async with house.db.begin() as tx:
        contact, visit = await calls.contact(tx, contact_id), await calls.open_visit(tx, contact_id)
        if contact is None or visit is None or visit.speak_at is not None:
            return
        queue = await queues.queue_of(tx, visit.queue)
        greeted = not queue.greeting or await calls.was_here_before(tx, visit)
        until = house.clock.now() + timedelta(seconds=FIRST_S if greeted else GREETING_S)
        mine = await calls.speak_next(tx, visit.id, None, until)
    if mine and not greeted:
        prompt = house.prompt(queue.greeting, contact.language)
        played = await house.telephony.announce(contact.caller_leg, [prompt])
        if played.state == "failed":
            log.error("greeting was not spoken: %s", played.reason)
        after = house.clock.now() + timedelta(seconds=FIRST_S)
        await house.db.run(lambda tx: calls.speak_next(tx, visit.id, until, after))
    if mine and queue.announce.speaks:
        house.db.signals.wake(SIGNAL)
