"""The brief: why somebody calls and what to do first, from what is known before a word. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

First = Literal["overdue_ticket", "abandoned_before", "order_problem", "repeat_call", "open_ticket"]
Wording = dict[str, Any]  # {code, params}: the console has the words

REPEAT_DAYS = 7
LONG_WAIT_S = 60.0
ON_THE_WAY = ("paid", "shipped")
LATE_DAYS = 7  # an order that is still on its way after so many days is in trouble
IN_TROUBLE = ("refunding", "returning", "delayed", "lost", "damaged", "exception")
URGENCY: tuple[First, ...] = (
    "overdue_ticket", "abandoned_before", "order_problem", "repeat_call", "open_ticket"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Press:
    """A key that was pressed in a menu, and what it stands for there."""

    digits: str
    label: str


@dataclass(frozen=True, slots=True)
class EarlierCall:
    """A call of the same customer, or from the same number, that is over."""

    id: str
    at: datetime
    end_reason: str

    @property
    def abandoned(self) -> bool:
        """The caller gave up before a person answered."""
        return self.end_reason.startswith("abandoned")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rooms know at the ring. `name` = of the only customer with this number, else empty.

    `orders` and `tickets` = rows as the card has them; `due_at` of a ticket where it has one.
    """

    now: datetime
    zone: str
    waited_s: float
    path: Sequence[Press]
    name: str
    agent: str
    orders: Sequence[Mapping[str, Any]]
    tickets: Sequence[Mapping[str, Any]]
    earlier: Sequence[EarlierCall]


@dataclass(frozen=True, slots=True)
class Entry:
    """One true thing: of which kind, in which words, and from which row it was read."""

    kind: First
    text: Wording
    source: str
    ref: str


def brief(facts: Facts, sentences: Mapping[str, str]) -> dict[str, Any]:
    """Everything the agent reads while the phone rings.

    `sentences` = the templates of the opening in the caller's language.
    """
    found = sorted(_entries(facts), key=lambda entry: URGENCY.index(entry.kind))
    menu = [{"code": "menu", "params": {"path": _joined(facts.path)}, "source": "menu"}]
    return {
        "why": [
            *(menu if facts.path else ()),
            *({**entry.text, "source": entry.source} for entry in found),
        ],
        "first": [{"kind": entry.kind, **entry.text, "ref": entry.ref} for entry in found],
        "waited_s": round(facts.waited_s, 1),
        "path": [{"digits": press.digits, "label": press.label} for press in facts.path],
        "opening": opening(facts, found, sentences),
    }


def _joined(path: Sequence[Press]) -> str:
    return " › ".join(press.label for press in path)


def _entries(facts: Facts) -> Iterator[Entry]:
    yield from _ticket_entries(facts)
    yield from _order_entries(facts)
    yield from _call_entries(facts)


def _ticket_entries(facts: Facts) -> Iterator[Entry]:
    for ticket in facts.tickets:
        due = ticket.get("due_at")
        late = due is not None and due < facts.now
        hours = (facts.now - due).total_seconds() // 3600 if due is not None else 0
        params = {
            "no": ticket["no"], "type": ticket["type"] or "", "subject": ticket["subject"] or "",
            "days": (facts.now - ticket["created_at"]).days,
        }  # fmt: skip
        if late:
            params["hours"] = int(hours)
        kind: First = "overdue_ticket" if late else "open_ticket"
        source = f"ticket:{ticket['no']}"
        yield Entry(kind, {"code": kind, "params": params}, source, str(ticket["no"]))


def _order_entries(facts: Facts) -> Iterator[Entry]:
    for order in facts.orders:
        days = (facts.now - order["placed_at"]).days
        status = order["status"]
        if status in IN_TROUBLE or (status in ON_THE_WAY and days >= LATE_DAYS):
            params = {"no": order["no"], "item": order["item"], "status": status, "days": days}
            text = {"code": "order_problem", "params": params}
            yield Entry("order_problem", text, f"order:{order['no']}", str(order["no"]))


def _call_entries(facts: Facts) -> Iterator[Entry]:
    zone = ZoneInfo(facts.zone)
    today = facts.now.astimezone(zone).date()
    given_up = [
        call
        for call in facts.earlier
        if call.abandoned and call.at.astimezone(zone).date() == today
    ]
    if given_up:
        last = max(given_up, key=lambda call: call.at)
        minutes = int((facts.now - last.at).total_seconds() // 60)
        params = {"times": len(given_up), "at": last.at.isoformat(), "minutes": minutes}
        text = {"code": "abandoned_before", "params": params}
        yield Entry("abandoned_before", text, f"contact:{last.id}", last.id)
    since = facts.now - timedelta(days=REPEAT_DAYS)
    talks = [call for call in facts.earlier if call.at >= since and not call.abandoned]
    if talks:
        last = max(talks, key=lambda call: call.at)
        params = {"times": len(talks), "at": last.at.isoformat(), "days": REPEAT_DAYS}
        text = {"code": "repeat_call", "params": params}
        yield Entry("repeat_call", text, f"contact:{last.id}", last.id)


def opening(facts: Facts, found: Sequence[Entry], sentences: Mapping[str, str]) -> str:
    """The suggested first sentence: greeting, an apology for a long wait, the likely reason."""
    greeting = sentences["known" if facts.name else "unknown"]
    agent = facts.agent if _speakable(facts.agent, greeting) else ""
    parts = [sentences["greeting"] if agent else sentences["greeting_only"], greeting]
    if facts.waited_s >= LONG_WAIT_S:
        parts.append(sentences["waited"])
    if found and facts.name:
        parts.append(sentences[found[0].kind])
    ref = found[0].ref if found else ""
    text = sentences["between"].join(parts)
    return text.format(agent=spaced(agent, text), name=spaced(facts.name, text), ref=ref)


def chinese(text: str) -> bool:
    """Whether a text has Chinese characters."""
    return any("\u4e00" <= char <= "\u9fff" for char in text)


def _speakable(agent: str, sentence: str) -> bool:
    """A name in Chinese characters has no place in an English sentence."""
    return bool(agent) and (chinese(sentence) or not chinese(agent))


def spaced(name: str, sentence: str) -> str:
    """Latin letters between Chinese characters stand apart by a space."""
    return f" {name} " if name and chinese(sentence) and not chinese(name) else name
