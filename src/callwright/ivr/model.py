"""A menu tree and its one decision: what comes next. Pure; docs/reference/menus.md has the format.

A caller stands at a place, a menu or a node. A menu waits for a key; a node does something by
itself and ends with an outcome. Either leads to a target: another place, a queue, a goodbye.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["branch", "say", "order_status", "opt_out_recording", "secure"]
NO_INPUT = ""
DONE, FOUND = "done", "found"
MAX_STEPS = 60


@dataclass(frozen=True, slots=True)
class Target:
    """Where something leads: exactly one of menu, node, queue, hang_up, repeat, back, again.

    `back` = the menu before; `again` = the last answer once more, then the menu. `label` tells
    agents what it stands for.
    """

    menu: str = ""
    node: str = ""
    queue: str = ""
    hang_up: str = ""
    repeat: bool = False
    back: bool = False
    again: bool = False
    language: str = ""
    label: str = ""

    @property
    def is_end(self) -> bool:
        """Whether the menu is over here: a queue or a goodbye."""
        return bool(self.queue or self.hang_up)


@dataclass(frozen=True, slots=True)
class Menu:
    """One menu. `tries` counts no input and wrong keys together; then `otherwise`."""

    name: str
    prompt: tuple[str, ...]
    keys: Mapping[str, Target]
    otherwise: Target
    no_input_prompt: str
    invalid_prompt: str
    tries: int
    timeout_s: float


@dataclass(frozen=True, slots=True)
class Secure:
    """What may be typed: `card` (12 to 19 digits that pass Luhn), or one of the shapes, where `#`
    stands for any digit. `sink` = the name under which the outcome is kept. `agents` = may be
    begun by the agent in a talk."""

    shapes: tuple[str, ...]
    sink: str
    agents: bool = False

    @property
    def longest(self) -> int:
        """The most digits that can be right."""
        return max(19 if shape == "card" else len(shape) for shape in self.shapes)


@dataclass(frozen=True, slots=True)
class Node:
    """Something that happens without a menu. `exits` = outcome -> target, else `otherwise`.

    `prompt` is said first (say, secure) or afterwards (opt_out_recording). `on` = what a branch
    asks; `calendar`, `within_h` = more about it. `answer` = what a `say` says is what they wanted.
    """

    name: str
    kind: Kind
    exits: Mapping[str, Target]
    otherwise: Target
    prompt: tuple[str, ...] = ()
    on: str = ""
    calendar: str = ""
    within_h: float = 24.0
    answer: bool = False
    tries: int = 2
    timeout_s: float = 8.0
    invalid_prompt: str = ""
    secure: Secure | None = None


@dataclass(frozen=True, slots=True)
class Ivr:
    """A published tree. `start` = a menu or a node; `last_resort` = where callers go who went
    round for `max_steps` steps."""

    language: str
    notice: str
    start: str
    menus: Mapping[str, Menu]
    nodes: Mapping[str, Node]
    closed: tuple[str, ...]
    hold: tuple[str, ...]
    last_resort: Target
    max_steps: int = MAX_STEPS


@dataclass(frozen=True, slots=True)
class Here:
    """Where a caller stands. `before` = said before the place speaks; `way` = menus that led here,
    the nearest last; `answer` = what was answered last."""

    place: str
    tries: int = 0
    before: tuple[str, ...] = ()
    way: tuple[str, ...] = ()
    answer: tuple[str, ...] = ()
    steps: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """What follows: a place, or an end (queue or goodbye). `valid` = the key leads somewhere."""

    here: Here | None
    end: Target | None
    valid: bool
    reason: str


def begin(ivr: Ivr) -> Here:
    """Where every caller begins."""
    return Here(ivr.start)


def press(ivr: Ivr, here: Here, key: str) -> Move:
    """What follows when the caller pressed `key` (empty = nothing) in a menu."""
    menu = ivr.menus[here.place]
    target = menu.keys.get(key)
    if target is not None:
        return _go(ivr, here, target, valid=True, reason=f"key {key}")
    what = "no key" if key == NO_INPUT else f"key {key} means nothing here"
    if here.tries + 1 >= menu.tries:
        reason = f"{what}; {menu.tries} tries are used up"
        return _go(ivr, here, menu.otherwise, valid=False, reason=reason)
    apology = menu.no_input_prompt if key == NO_INPUT else menu.invalid_prompt
    again = dataclasses.replace(
        here,
        tries=here.tries + 1,
        before=(apology,) if apology else (),
        steps=here.steps + 1,
    )
    return Move(again, None, False, what)


def leave(
    ivr: Ivr, here: Here, outcome: str, *, reason: str = "", answer: tuple[str, ...] = ()
) -> Move:
    """What follows when a node ended with an outcome; `answer` = the prompts that answered."""
    node = ivr.nodes[here.place]
    answered = dataclasses.replace(here, answer=answer or here.answer)
    target = node.exits.get(outcome, node.otherwise)
    return _go(ivr, answered, target, valid=outcome in node.exits, reason=reason or outcome)


def _go(ivr: Ivr, here: Here, target: Target, *, valid: bool, reason: str) -> Move:
    if target.is_end:
        return Move(None, target, valid, reason)
    if here.steps + 1 >= ivr.max_steps:
        return Move(None, ivr.last_resort, valid, f"{reason}; {ivr.max_steps} steps without an end")
    there = dataclasses.replace(here, before=(), steps=here.steps + 1)
    if target.back and here.way:
        return Move(_at(there, here.way[-1], here.way[:-1]), None, valid, reason)
    if target.repeat or target.back or target.again:
        spoken = here.answer if target.again else ()
        return Move(dataclasses.replace(there, before=spoken), None, valid, reason)
    name = target.menu or target.node
    if name not in ivr.menus and name not in ivr.nodes:  # published before this was checked
        return Move(None, ivr.last_resort, valid, f"{reason}; there is no {name!r}")
    way = (*here.way, here.place) if here.place in ivr.menus else here.way
    if name in way:
        way = way[: way.index(name)]
    return Move(_at(there, name, way), None, valid, reason)


def _at(here: Here, place: str, way: tuple[str, ...]) -> Here:
    return dataclasses.replace(here, place=place, way=way, tries=0)


@dataclass(frozen=True, slots=True)
class PressedKey:
    """A key that a caller pressed, and what it stands for."""

    digits: str
    label: str


def path(
    ivr: Ivr, pressed: Sequence[tuple[str, str]], queue_names: Mapping[str, str]
) -> list[PressedKey]:
    """What valid presses, as (menu, key), stand for: without repeats, anew when led back."""
    found: list[PressedKey] = []
    for menu, key in pressed:
        target = ivr.menus[menu].keys[key]
        if target.menu == ivr.start:
            found.clear()
        elif target.back:
            del found[-1:]
        elif not (target.repeat or target.again):
            name = queue_names.get(target.queue) or target.menu or target.node
            found.append(PressedKey(key, target.label or name or key))
    return found
