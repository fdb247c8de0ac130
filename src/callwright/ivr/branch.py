"""Which way a caller goes by what is known of them: the decision, with its reason. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from callwright.ivr.model import Node

SECONDS_AN_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known as the branch is reached. `open` = calendar -> whether it is open now;
    `last_contact_at` = when the caller called before, whoever they are."""

    now: datetime
    language: str = ""
    known: bool = False
    tier: str = ""
    open_tickets: int = 0
    last_contact_at: datetime | None = None
    open: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """The outcome of a branch, and why."""

    outcome: str
    reason: str


def decide(node: Node, facts: Facts) -> Choice:
    """The value that a branch asks for; a value without a target leads to `otherwise`."""
    match node.on:
        case "hours":
            is_open = facts.open.get(node.calendar, False)
            outcome = "open" if is_open else "closed"
            return Choice(outcome, f"calendar {node.calendar} is {outcome}")
        case "tier":
            tier = facts.tier or "unknown"
            return Choice(tier, f"tier {tier}")
        case "open_ticket":
            return Choice(_yes(facts.open_tickets > 0), f"{facts.open_tickets} open tickets")
        case "known":
            return Choice(_yes(facts.known), "known" if facts.known else "unknown number")
        case "language":
            return _language(node, facts.language)
        case _:
            return _repeat(node, facts)


def _language(node: Node, language: str) -> Choice:
    """The whole tag where it has a way of its own, else the language alone."""
    outcome = language if language in node.exits else language.partition("-")[0]
    return Choice(outcome, f"language {language}")


def _repeat(node: Node, facts: Facts) -> Choice:
    if facts.last_contact_at is None:
        return Choice("no", "no earlier call")
    before = facts.now - facts.last_contact_at
    hours = before.total_seconds() / SECONDS_AN_HOUR
    again = before <= timedelta(hours=node.within_h)
    return Choice(_yes(again), f"the last call was {hours:.1f} h ago")


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"
