"""Where is my parcel: asks which order, looks it up among the caller's own, and says its state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from callwright.customers import service as customers
from callwright.ivr import orders
from callwright.ivr.model import FOUND, Node
from callwright.ivr.orders import Order
from callwright.ivr.session import Session

OWN_ORDERS = 50
ENTER = "#"
NOT_FOUND, NO_WORDS = "not_found", "no_words"


@dataclass(frozen=True, slots=True)
class Found:
    """How it ended: `answer` = the prompts that said it. The order's number is in no reason."""

    outcome: str
    reason: str
    answer: tuple[str, ...] = ()


async def ask(session: Session, node: Node) -> Found:
    """Until an order is found or the tries are used up."""
    own = await _own(session)
    before: tuple[str, ...] = ()
    for _ in range(node.tries):
        order = await _which(session, node, own, before)
        if order is not None:
            return await _tell(session, order, own)
        before = (orders.NOT_FOUND,)
    await session.say(before)
    return Found(NOT_FOUND, f"{node.tries} tries without an order")


async def _which(
    session: Session, node: Node, own: Sequence[Order], before: tuple[str, ...]
) -> Order | None:
    """One question: the latest by the hash key alone, one's own by its number or the end of it,
    somebody else's with the end of their telephone number."""
    prompts = (*before, *orders.question(own[0] if own else None, session.language))
    typed = await session.ask(
        prompts, most=orders.LONGEST_NUMBER, timeout_s=node.timeout_s, end=ENTER
    )
    if typed == ENTER:
        return own[0] if own else None
    number = orders.digits_of(typed)
    order = orders.meant(number, own)
    if order is not None or not number:
        return order
    tail = await session.ask(
        (orders.TAIL,), most=orders.TAIL_DIGITS, timeout_s=node.timeout_s, end=ENTER, secure=True
    )
    return await _of_others(session, number, tail)


async def _tell(session: Session, order: Order, own: Sequence[Order]) -> Found:
    house = session.house
    today = house.clock.now().astimezone(ZoneInfo(house.settings.company.zone)).date()
    answer = orders.status_of(order, session.language, today)
    if not answer:
        return Found(NO_WORDS, f"no words for the state {order.status!r}")
    await session.say(answer)
    return Found(FOUND, "own order" if order in own else "order and telephone number agree", answer)


async def _own(session: Session) -> list[Order]:
    """The caller's orders, newest first; of a number that several people have, nobody's: the
    caller may be any of them."""
    contact = session.contact
    if contact.customer_id is None or len(contact.matches) > 1:
        return []
    async with session.house.db.reading() as tx:
        rows = await customers.orders_of(tx, contact.customer_id, OWN_ORDERS)
    return [_order(session, row) for row in rows]


async def _of_others(session: Session, number: str, tail: str) -> Order | None:
    """Somebody else's order, told to who knows the end of their telephone number. Asked for any
    number that is not one's own, so that nobody learns which numbers exist."""
    async with session.house.db.reading() as tx:
        rows = await customers.orders_numbered(tx, number, limit=5)
        for row in rows:
            phones = await customers.phones_of(tx, row["customer_id"])
            if orders.has_tail(tail, [phone["number"] for phone in phones]):
                return _order(session, row)
    return None


def _order(session: Session, row: dict[str, Any]) -> Order:
    zone = ZoneInfo(session.house.settings.company.zone)
    return Order(row["no"], row["status"], row["placed_at"].astimezone(zone).date())
