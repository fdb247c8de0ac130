"""The ticket while it is talked about: what the words say, what the agent says instead. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from callwright.tickets.sentences import simplify

FIELDS = ("subject", "type", "priority", "department")
_MUCH_TEXT = 2


def draft(
    found: Mapping[str, Any] | None,
    edited: Mapping[str, Any],
    ticket: Mapping[str, Any] | None,
) -> dict[str, Any] | None:
    """What the desk shows; None while neither words nor agent nor ticket say anything.

    `found` = fields and evidence that the words gave; a ticket that exists stands in their place.
    A field that the agent edited is never overwritten by either.
    """
    base = ticket or found
    if base is None and not edited:
        return None
    base = base or {}
    values = {field: edited.get(field, base.get(field)) for field in FIELDS}
    return {
        **values,
        "subject": values["subject"] or (found or {}).get("subject") or "",
        "priority": values["priority"] or "normal",
        "evidence": list(base.get("evidence", ())),
        "edited": [field for field in FIELDS if field in edited],
        "ticket_no": ticket["no"] if ticket else None,
    }


def subject(type_: str | None, said: Sequence[str], orders: Sequence[Mapping[str, Any]]) -> str:
    """The type, and the order or product that was named: `退款 · 空气炸锅 · 46801`.

    `said` = what the customer said. Nothing that was not said is put in.
    """
    text = simplify("\n".join(said)).replace(" ", "")
    by_number = next((order for order in orders if str(order["no"]) in text), None)
    by_item = next((order for order in orders if _named(order["item"], text)), None)
    parts = [type_ or ""]
    if by_number:
        parts += [by_number["item"], str(by_number["no"])]
    elif by_item:
        parts += [by_item["item"]]
    return " · ".join(part for part in parts if part)


def _named(item: str, text: str) -> bool:
    plain = simplify(item).replace(" ", "")
    return len(plain) >= _MUCH_TEXT and plain in text
