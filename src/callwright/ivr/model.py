"""A menu tree and its one decision: what comes next. Pure.

The JSON format: {version, language, notice, start, menus: {name: {prompt: [key, …], keys: {digit:
target}, no_input_prompt, invalid_prompt, tries, timeout_s, otherwise: target}}, closed: {prompt:
[key, …]}, hold: [key, …]}. A target is one of {"menu": name}, {"queue": key, "language"?: tag},
{"hang_up": prompt key}, {"repeat": true}; its `label` tells agents what
it stands for. Prompts are names of sound files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from callwright.kit.errors import invalid

MAX_LEVELS = 2
KEYS = frozenset("0123456789*#")
NO_INPUT = ""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a key leads: exactly one of menu, queue, hang_up, repeat."""

    menu: str = ""
    queue: str = ""
    hang_up: str = ""
    repeat: bool = False
    language: str = ""
    label: str = ""


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
class Ivr:
    """A published tree of menus."""

    language: str
    notice: str
    start: str
    menus: Mapping[str, Menu]
    closed: tuple[str, ...]
    hold: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What to do now: `say` (prompt names), then ask the menu again or go to the target."""

    say: tuple[str, ...]
    menu: str | None
    tries: int
    target: Target | None
    valid: bool


def next_step(ivr: Ivr, menu_name: str, tries: int, key: str) -> Step:
    """What follows when the caller pressed `key` (empty = nothing) after `tries` failed tries."""
    menu = ivr.menus[menu_name]
    target = menu.keys.get(key)
    if target is not None:
        return _follow(menu, target, tries)
    if tries + 1 >= menu.tries:
        return Step((), None, 0, menu.otherwise, False)
    apology = menu.no_input_prompt if key == NO_INPUT else menu.invalid_prompt
    return Step((apology,) if apology else (), menu_name, tries + 1, None, False)


def _follow(menu: Menu, target: Target, tries: int) -> Step:
    if target.repeat:
        return Step((), menu.name, tries, None, True)
    if target.menu:
        return Step((), target.menu, 0, None, True)
    return Step((), None, 0, target, True)


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
        elif not target.repeat:
            label = target.label or queue_names.get(target.queue) or target.menu or key
            found.append(PressedKey(key, label))
    return found


def parse_ivr(body: Mapping[str, Any]) -> Ivr:
    """Check a menu tree; the error names the place that is wrong."""
    menus_body = body.get("menus")
    if not isinstance(menus_body, dict) or not menus_body:
        raise invalid("menus", "must name at least one menu")
    menus = {name: _menu(name, part) for name, part in menus_body.items()}
    ivr = Ivr(
        language=str(body.get("language", "zh")),
        notice=str(body.get("notice", "")),
        start=str(body.get("start", "")),
        menus=menus,
        closed=_prompts("closed", (body.get("closed") or {}).get("prompt", [])),
        hold=_prompts("hold", body.get("hold", [])),
    )
    if ivr.start not in menus:
        raise invalid("start", f"there is no menu {ivr.start!r}")
    _check_levels(ivr, ivr.start, 1, ())
    return ivr


def _check_levels(ivr: Ivr, name: str, level: int, path: tuple[str, ...]) -> None:
    if level > MAX_LEVELS:
        raise invalid(f"menus.{path[-1]}", f"menus may be {MAX_LEVELS} levels deep")
    menu = ivr.menus[name]
    for key, target in [*menu.keys.items(), ("otherwise", menu.otherwise)]:
        if not target.menu or target.menu in (*path, name):
            continue
        if target.menu not in ivr.menus:
            raise invalid(f"menus.{name}.{key}", f"there is no menu {target.menu!r}")
        _check_levels(ivr, target.menu, level + 1, (*path, name))


def _menu(name: str, body: Any) -> Menu:
    where = f"menus.{name}"
    if not isinstance(body, dict):
        raise invalid(where, "must be a mapping")
    keys = body.get("keys")
    if not isinstance(keys, dict) or not keys:
        raise invalid(f"{where}.keys", "must map digits to targets")
    wrong = [key for key in keys if key not in KEYS]
    if wrong:
        raise invalid(f"{where}.keys", f"{wrong[0]!r} is no key of a telephone")
    tries, timeout = body.get("tries", 3), body.get("timeout_s", 5)
    if not isinstance(tries, int) or not 1 <= tries <= 10:
        raise invalid(f"{where}.tries", "must be 1 to 10")
    if not isinstance(timeout, int | float) or not 1 <= timeout <= 60:
        raise invalid(f"{where}.timeout_s", "must be 1 to 60 seconds")
    return Menu(
        name=name,
        prompt=_prompts(f"{where}.prompt", body.get("prompt")),
        keys={key: _target(f"{where}.keys.{key}", part) for key, part in keys.items()},
        otherwise=_target(f"{where}.otherwise", body.get("otherwise")),
        no_input_prompt=str(body.get("no_input_prompt", "")),
        invalid_prompt=str(body.get("invalid_prompt", "")),
        tries=tries,
        timeout_s=float(timeout),
    )


def _target(where: str, body: Any) -> Target:
    kinds = ("menu", "queue", "hang_up", "repeat")
    if not isinstance(body, dict) or sum(kind in body for kind in kinds) != 1:
        raise invalid(where, f"must have exactly one of {', '.join(kinds)}")
    unknown = set(body) - {*kinds, "language", "label"}
    if unknown:
        raise invalid(where, f"unknown field {sorted(unknown)[0]!r}")
    return Target(
        menu=str(body.get("menu", "")),
        queue=str(body.get("queue", "")),
        hang_up=str(body.get("hang_up", "")),
        repeat=bool(body.get("repeat", False)),
        language=str(body.get("language", "")),
        label=str(body.get("label", "")),
    )


def _prompts(where: str, body: Any) -> tuple[str, ...]:
    if not isinstance(body, list) or not all(isinstance(part, str) and part for part in body):
        raise invalid(where, "must be a list of prompt names")
    return tuple(body)
