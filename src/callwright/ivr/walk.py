"""Guides a caller through the tree: each place does its work, `model` says what follows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from callwright.calls import alone
from callwright.ivr import facts, order_status, store
from callwright.ivr.branch import decide
from callwright.ivr.capture import capture_in_menu
from callwright.ivr.events import AnswerGiven, MenuAnswered, MenuEntered, NodePassed
from callwright.ivr.model import DONE, Here, Ivr, Move, Node, Target, begin, leave, press
from callwright.ivr.session import Session
from callwright.kit.db import Tx
from callwright.kit.ids import new_id
from callwright.recordings import gaps


@dataclass(frozen=True, slots=True)
class Passed:
    """How a node ended. `answer` = the prompts that told what the caller wanted to know."""

    outcome: str
    reason: str
    answer: tuple[str, ...] = ()


async def walk(session: Session) -> Target:
    """Go until a queue or a goodbye is reached; `leg_gone` when the caller is gone."""
    ivr = session.ivr
    here = begin(ivr)
    while True:
        move = await (_menu if here.place in ivr.menus else _node)(session, ivr, here)
        if move.here is None:
            return move.end or ivr.last_resort
        here = move.here


async def _menu(session: Session, ivr: Ivr, here: Here) -> Move:
    menu = ivr.menus[here.place]
    await session.note(MenuEntered, menu=menu.name)
    prompts = (*here.before, *menu.prompt)
    typed = await session.ask(prompts, most=1, timeout_s=menu.timeout_s, end="")
    move = press(ivr, here, typed)
    await session.note(MenuAnswered, menu=menu.name, key=typed, valid=move.valid)
    _speak_language(session, menu.keys.get(typed))
    return move


def _speak_language(session: Session, target: Target | None) -> None:
    """A key may choose the language of what follows in the menu, too."""
    if target is not None and target.language:
        session.language = target.language


async def _node(session: Session, ivr: Ivr, here: Here) -> Move:
    node = ivr.nodes[here.place]
    passed = await WORK[node.kind](session, node)
    move = leave(ivr, here, passed.outcome, reason=passed.reason, answer=passed.answer)
    await _write_down(session, node, passed, move)
    return move


async def _write_down(session: Session, node: Node, passed: Passed, move: Move) -> None:
    async def write(tx: Tx) -> None:
        now, contact_id = tx.clock.now(), session.contact_id
        tx.publish(
            NodePassed(
                at=now, contact_id=contact_id, node=node.name, kind=node.kind,
                outcome=passed.outcome, reason=move.reason,
            )
        )  # fmt: skip
        if passed.answer:
            await alone.note_served(tx, contact_id)
            await store.insert_answer(
                tx,
                {
                    "id": new_id(), "contact_id": contact_id, "tree": session.contact.ivr,
                    "version": session.version, "node": node.name, "at": now,
                },
            )  # fmt: skip
            tx.publish(AnswerGiven(at=now, contact_id=contact_id, node=node.name))

    await session.house.db.run(write)
    session.answered = session.answered or bool(passed.answer)


async def _branch(session: Session, node: Node) -> Passed:
    async with session.house.db.reading() as tx:
        known = await facts.of(tx, session.contact, session.language, node.calendar)
    choice = decide(node, known)
    return Passed(choice.outcome, choice.reason)


async def _say(session: Session, node: Node) -> Passed:
    await session.say(node.prompt, interruptible=True)
    return Passed(DONE, "said", node.prompt if node.answer else ())


async def _order_status(session: Session, node: Node) -> Passed:
    found = await order_status.ask(session, node)
    return Passed(found.outcome, found.reason, found.answer)


async def _opt_out(session: Session, node: Node) -> Passed:
    await gaps.refuse(session.house, session.contact_id)
    await session.say(node.prompt)
    return Passed(DONE, "recording stopped")


async def _secure(session: Session, node: Node) -> Passed:
    outcome = await capture_in_menu(session, node)
    return Passed(DONE if outcome == "captured" else outcome, outcome)


WORK: dict[str, Callable[[Session, Node], Awaitable[Passed]]] = {
    "branch": _branch,
    "say": _say,
    "order_status": _order_status,
    "opt_out_recording": _opt_out,
    "secure": _secure,
}
