"""Digits that nobody learns: the agent hears nothing, the recording is silent, only the outcome
and the last four digits are kept."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from callwright.accounts.model import User
from callwright.calls import alone
from callwright.calls import service as calls
from callwright.ivr import store
from callwright.ivr.events import DigitsCaptured, DigitsRequested, DigitsTyped
from callwright.ivr.model import Ivr, Node
from callwright.ivr.secure import Judged, judge, stars
from callwright.ivr.session import Session
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.ids import new_id
from callwright.ports.house import House
from callwright.recordings import gaps

log = logging.getLogger(__name__)

SPARE_DIGITS = 4  # typed beyond the longest, they are swallowed here and not heard as keys later
MENU, AGENT = "menu", "agent"
GONE, FAILED = "gone", "failed"


@dataclass
class Waiting:
    """A request in a talk, as the waiting agent sees it. Counts only."""

    node: str
    typed: int = 0

    def view(self) -> dict[str, Any]:
        """For the desk: how many stars."""
        return {"node": self.node, "typed": self.typed, "stars": stars(self.typed)}


_waiting: dict[UUID, Waiting] = {}  # by contact

captures_of = store.captures_of
captures_in = store.captures_in


def waiting(contact_id: UUID) -> dict[str, Any] | None:
    """What the caller of a talk is typing now, as stars."""
    now = _waiting.get(contact_id)
    return now.view() if now else None


def offered(ivr: Ivr) -> list[str]:
    """The nodes that an agent may begin in a talk."""
    return [node.name for node in ivr.nodes.values() if node.secure and node.secure.agents]


async def capture_in_menu(session: Session, node: Node) -> str:
    """A secure node on the way through the menu; its outcome. `leg_gone` when the caller is."""
    await _note_request(session.house, session.contact_id, node, MENU)
    outcome = await _capture(session, node, MENU, lambda _: None)
    if outcome == GONE:
        raise CallwrightError("leg_gone", leg=session.leg)
    return outcome


async def begin_in_talk(house: House, session: Session, node: Node, user: User) -> None:
    """The agent asks for it: the caller is taken out of the talk, types, and is put back. Answered
    as soon as the caller is asked. `wrong_state` when there is no talk of two or one runs."""
    contact_id = session.contact_id
    if contact_id in _waiting:
        raise CallwrightError("wrong_state", what="contact", state="secure", trigger="secure")
    _waiting[contact_id] = Waiting(node.name)
    try:
        await alone.begin_secure(house, contact_id, user)
        await _note_request(house, contact_id, node, AGENT)
    except BaseException:
        del _waiting[contact_id]
        raise
    house.bus.spawn(_in_talk(house, session, node, user.login), f"secure digits {contact_id}")


async def _in_talk(house: House, session: Session, node: Node, login: str) -> None:
    contact_id = session.contact_id

    def typed(count: int) -> None:
        _waiting[contact_id].typed = count
        house.bus.dispatch([DigitsTyped(at=house.clock.now(), contact_id=contact_id, count=count)])

    try:
        await _capture(session, node, login, typed)
    finally:
        del _waiting[contact_id]
        await alone.end_secure(house, contact_id)


async def give_up(house: House, contact_id: UUID) -> None:
    """The platform died while somebody typed: the recording and the talk go on."""
    await gaps.resume(house, contact_id)
    await alone.end_secure(house, contact_id)


async def _capture(session: Session, node: Node, by: str, typed: Callable[[int], None]) -> str:
    """Mute, ask, judge, keep; sound again whatever happens. A PBX that cannot mute ends it before
    anything is asked."""
    house, contact_id = session.house, session.contact_id
    judged = Judged(FAILED)
    try:
        await gaps.pause(house, contact_id)
        judged = await _ask(session, node, typed)
    except CallwrightError as error:
        log.warning("secure digits of %s: %s", contact_id, error.code)
    finally:
        await gaps.resume(house, contact_id)
        await _keep(house, contact_id, node, judged, by)
    return judged.outcome


async def _ask(session: Session, node: Node, typed: Callable[[int], None]) -> Judged:
    secure = node.secure
    if secure is None:
        raise CallwrightError("wrong_state", what="node", state=node.kind, trigger="secure")
    prompts: Sequence[str] = node.prompt
    judged = Judged("empty")
    for _ in range(node.tries):
        typed(0)
        digits = await session.house.telephony.collect(
            session.leg,
            session.files(prompts),
            max_digits=secure.longest + SPARE_DIGITS,
            first_timeout_s=node.timeout_s,
            next_timeout_s=node.timeout_s,
            secure=True,
            on_digit=typed,
        )
        if digits.end == "leg_gone":
            return Judged(GONE)
        judged = judge(digits.digits, secure)
        if judged.right:
            return judged
        prompts = (*((node.invalid_prompt,) if node.invalid_prompt else ()), *node.prompt)
    return judged


async def _note_request(house: House, contact_id: UUID, node: Node, by: str) -> None:
    async def write(tx: Tx) -> None:
        tx.publish(DigitsRequested(at=tx.clock.now(), contact_id=contact_id, node=node.name, by=by))

    await house.db.run(write)


async def _keep(house: House, contact_id: UUID, node: Node, judged: Judged, by: str) -> None:
    sink = node.secure.sink if node.secure else ""

    async def write(tx: Tx) -> None:
        now = tx.clock.now()
        await store.insert_capture(
            tx,
            {
                "id": new_id(), "contact_id": contact_id, "node": node.name, "sink": sink,
                "outcome": judged.outcome, "tail": judged.tail, "by": by, "at": now,
            },
        )  # fmt: skip
        tx.publish(
            DigitsCaptured(
                at=now, contact_id=contact_id, node=node.name, sink=sink,
                outcome=judged.outcome, by=MENU if by == MENU else AGENT,
            )
        )  # fmt: skip

    await house.db.run(write)


async def contact_session(house: House, contact_id: UUID, ivr: Ivr, version: int) -> Session:
    """The caller of a talk, to be spoken to."""
    async with house.db.reading() as tx:
        contact = await calls.contact(tx, contact_id)
    if contact is None:
        raise CallwrightError("not_found", what="contact", id=str(contact_id))
    return Session(house, contact, ivr, version, contact.language)
