"""A way through a tree without a call: what a caller hears, and where they come to. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from callwright.ivr.model import Here, Ivr, Move, begin, leave, press


def rehearse(ivr: Ivr, does: Iterable[str]) -> list[dict[str, Any]]:
    """One step for each thing that the caller does: {place, kind, says, does, reason, to, end}.

    `does` = a key for each menu, empty for none; an outcome for each node. What is missing is
    silence, and a node's `otherwise`.
    """
    steps: list[dict[str, Any]] = []
    doing = iter(does)
    here: Here | None = begin(ivr)
    while here is not None:
        what = next(doing, "")
        move = _move(ivr, here, what)
        steps.append(_step(ivr, here, what, move))
        here = move.here
    return steps


def _move(ivr: Ivr, here: Here, what: str) -> Move:
    return press(ivr, here, what) if here.place in ivr.menus else leave(ivr, here, what)


def _step(ivr: Ivr, here: Here, what: str, move: Move) -> dict[str, Any]:
    menu = ivr.menus.get(here.place)
    node = ivr.nodes.get(here.place)
    end = move.end
    return {
        "place": here.place,
        "kind": node.kind if node else "menu",
        "says": [*here.before, *(menu.prompt if menu else node.prompt if node else ())],
        "does": what,
        "reason": move.reason,
        "to": move.here.place if move.here else None,
        "end": None
        if end is None
        else {name: value for name, value in dataclasses.asdict(end).items() if value},
    }
