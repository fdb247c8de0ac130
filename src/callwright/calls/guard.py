"""The guard before the menu: blocked callers, nuisance, too many calls at once. Pure, with reasons.

The policy is a published setting:

    {"blocked": "reject", "nuisance": {"limit": 5, "within_s": 60, "action": "say"},
     "concurrent": {"limit": 10, "action": "say"}, "hidden": {"limit": null, "within_s": 60,
     "action": "say"}, "exempt_tiers": ["gold", "diamond"], "prompt": "guarded", "low_after_s": 120}

`limit` calls are let in, the next one is not; null = no such rule. Actions: `reject` (busy, never
answered), `say` (the prompt, then the end), `low` (let in, but the wait in a queue counts
`low_after_s` seconds less), `let_in`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from callwright.kit.fitting import fitting

Action = Literal["let_in", "low", "say", "reject"]
Kind = Literal["block", "allow"]
Tier = Literal["normal", "silver", "gold", "diamond", "vip"]
Limit = Annotated[int | None, Field(ge=0, le=10_000)]
Seconds = Annotated[int, Field(ge=1, le=86_400)]
SENT_AWAY: frozenset[Action] = frozenset({"say", "reject"})
END_REASON = "blocked"


class Often(BaseModel):
    """More than `limit` calls within `within_s` seconds, this one and refused ones counted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    limit: Limit = 5
    within_s: Seconds = 60
    action: Action = "say"


class AtOnce(BaseModel):
    """More than `limit` calls in progress, this one counted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    limit: Limit = 10
    action: Action = "say"


class GuardPolicy(BaseModel):
    """What is caught, and what happens then. `hidden` counts all hidden callers of a line."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    blocked: Action = "reject"
    nuisance: Often = Often()
    concurrent: AtOnce = AtOnce()
    hidden: Often = Often(limit=None)
    exempt_tiers: list[Tier] = ["gold", "diamond"]
    prompt: str = Field(default="guarded", pattern=r"^[a-z0-9_]{1,60}$")
    low_after_s: Seconds = 120


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list that holds for a number: exactly, or by how it begins."""

    kind: Kind
    prefix: bool
    id: str = ""


@dataclass(frozen=True, slots=True)
class Caller:
    """What is known when a call comes in. `recent` and `live` count this call too."""

    hidden: bool
    tier: str
    entries: Sequence[Entry]
    recent: int
    live: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """`rule` is empty when nothing caught the call; else it names the rule, or what exempts."""

    action: Action
    rule: str
    reasons: tuple[str, ...]


def judge(caller: Caller, policy: GuardPolicy) -> Judgement:
    """The first rule that catches a call, unless the caller is exempt from it.

    The allow-list exempts from everything; a tier from all but a block of this very number.
    """
    caught = _caught(caller, policy)
    if caught is None:
        return Judgement("let_in", "", ("nothing against it",))
    if _is_allowed(caller.entries):
        return Judgement("let_in", "allow_list", ("on the allow-list", *caught.reasons))
    if caller.tier in policy.exempt_tiers and caught.rule != "blocked_number":
        return Judgement("let_in", "tier", (f"tier {caller.tier} is exempt", *caught.reasons))
    return caught


def is_blocked(entries: Sequence[Entry]) -> bool:
    """Whether the list, asked about a number, says block: the allow-list goes before it."""
    return any(entry.kind == "block" for entry in entries) and not _is_allowed(entries)


def _is_allowed(entries: Sequence[Entry]) -> bool:
    return any(entry.kind == "allow" for entry in entries)


def _caught(caller: Caller, policy: GuardPolicy) -> Judgement | None:
    blocks = [entry for entry in caller.entries if entry.kind == "block"]
    if blocks:
        rule = "blocked_prefix" if all(entry.prefix for entry in blocks) else "blocked_number"
        told = tuple(f"entry {entry.id}" for entry in blocks)
        return Judgement(policy.blocked, rule, told)
    rule, often = ("hidden", policy.hidden) if caller.hidden else ("nuisance", policy.nuisance)
    if often.limit is not None and caller.recent > often.limit:
        told = (f"call {caller.recent} within {often.within_s} s, {often.limit} are allowed",)
        return Judgement(often.action, rule, told)
    most = policy.concurrent.limit
    if not caller.hidden and most is not None and caller.live > most:
        told = (f"{caller.live} calls at once, {most} are allowed",)
        return Judgement(policy.concurrent.action, "concurrent", told)
    return None


def parse_policy(body: Any) -> GuardPolicy:
    """The policy of a setting; `invalid` names the field that is wrong."""
    with fitting("guard"):
        return GuardPolicy.model_validate(body)


def prefixes(number: str) -> list[str]:
    """Everything that a number begins with, itself included; shorter than two says nothing."""
    return [number[:length] for length in range(2, len(number) + 1)]
