"""Reads a menu tree; each error names the place that is wrong. Pure.

This says whether a tree can be read. Whether it may be published is `checks.check`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from callwright.customers.model import TIERS
from callwright.ivr.model import (
    DONE,
    FOUND,
    MAX_STEPS,
    Ivr,
    Kind,
    Menu,
    Node,
    Secure,
    Target,
)
from callwright.kit.errors import invalid

KEYS = frozenset("0123456789*#")
TARGETS = ("menu", "node", "queue", "hang_up", "repeat", "back", "again")
YES_NO = frozenset({"yes", "no"})
# What a branch can ask, and the values that it can be; None = any language tag.
ASKS: dict[str, frozenset[str] | None] = {
    "hours": frozenset({"open", "closed"}),
    "tier": frozenset({*TIERS, "unknown"}),
    "open_ticket": YES_NO,
    "language": None,
    "known": YES_NO,
    "repeat_caller": YES_NO,
}


def parse_ivr(body: Mapping[str, Any]) -> Ivr:
    """The tree of a body; `invalid` names the place."""
    menus_body, nodes_body = body.get("menus"), body.get("nodes") or {}
    if not isinstance(menus_body, dict) or not menus_body:
        raise invalid("menus", "must name at least one menu")
    if not isinstance(nodes_body, dict):
        raise invalid("nodes", "must map names to nodes")
    menus = {name: _menu(name, part) for name, part in menus_body.items()}
    nodes = {name: _node(name, part) for name, part in nodes_body.items()}
    start = str(body.get("start", ""))
    if start not in menus and start not in nodes:
        raise invalid("start", f"there is no menu {start!r}")
    end = body.get("otherwise")
    return Ivr(
        language=str(body.get("language", "zh")),
        notice=str(body.get("notice", "")),
        start=start,
        menus=menus,
        nodes=nodes,
        closed=_prompts("closed", (body.get("closed") or {}).get("prompt", [])),
        hold=_prompts("hold", body.get("hold", [])),
        last_resort=_last_resort(None if end is None else _target("otherwise", end), menus, nodes),
        max_steps=_whole("max_steps", body.get("max_steps", MAX_STEPS), 10, 500),
    )


def _last_resort(
    given: Target | None, menus: Mapping[str, Menu], nodes: Mapping[str, Node]
) -> Target:
    """What the tree says, else its first end: what happens without a key before keys."""
    if given is not None:
        if not given.is_end:
            raise invalid("otherwise", "must be a queue or a goodbye")
        return given
    return next(_ends(menus, nodes), Target())


def _ends(menus: Mapping[str, Menu], nodes: Mapping[str, Node]) -> Iterator[Target]:
    yield from (menu.otherwise for menu in menus.values() if menu.otherwise.is_end)
    yield from (node.otherwise for node in nodes.values() if node.otherwise.is_end)
    for menu in menus.values():
        yield from (target for target in menu.keys.values() if target.is_end)


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
    return Menu(
        name=name,
        prompt=_prompts(f"{where}.prompt", body.get("prompt")),
        keys={key: _target(f"{where}.keys.{key}", part) for key, part in keys.items()},
        otherwise=_target(f"{where}.otherwise", body.get("otherwise")),
        no_input_prompt=str(body.get("no_input_prompt", "")),
        invalid_prompt=str(body.get("invalid_prompt", "")),
        tries=_whole(f"{where}.tries", body.get("tries", 3), 1, 10),
        timeout_s=_seconds(f"{where}.timeout_s", body.get("timeout_s", 5)),
    )


def _node(name: str, body: Any) -> Node:
    where = f"nodes.{name}"
    kind = body.get("kind") if isinstance(body, dict) else None
    if not isinstance(kind, str) or kind not in READERS:
        raise invalid(f"{where}.kind", f"must be one of {', '.join(READERS)}")
    fields, read = READERS[kind]
    _only(where, body, {"kind", *fields})
    return read(where, name, body)


def _branch(where: str, name: str, body: Mapping[str, Any]) -> Node:
    on, when = body.get("on"), body.get("when")
    if not isinstance(on, str) or on not in ASKS:
        raise invalid(f"{where}.on", f"must be one of {', '.join(ASKS)}")
    if not isinstance(when, dict) or not when:
        raise invalid(f"{where}.when", "must map values to targets")
    possible = ASKS[on]
    for value in when:
        if possible is not None and value not in possible:
            known = ", ".join(sorted(possible))
            raise invalid(f"{where}.when.{value}", f"{on} is one of {known}")
    if on == "hours" and not body.get("calendar"):
        raise invalid(f"{where}.calendar", "which calendar")
    return Node(
        name, "branch", _exits(f"{where}.when", when), _otherwise(where, body), on=on,
        calendar=str(body.get("calendar", "")),
        within_h=_hours(f"{where}.within_h", body.get("within_h", 24)),
    )  # fmt: skip


def _say(where: str, name: str, body: Mapping[str, Any]) -> Node:
    then = _target(f"{where}.then", body.get("then"))
    prompt = _spoken(where, body)
    answer = _switch(f"{where}.answer", body.get("answer", False))
    return Node(name, "say", {DONE: then}, then, prompt=prompt, answer=answer)


def _order_status(where: str, name: str, body: Mapping[str, Any]) -> Node:
    found = _target(f"{where}.found", body.get("found"))
    return Node(
        name, "order_status", {FOUND: found}, _otherwise(where, body),
        tries=_whole(f"{where}.tries", body.get("tries", 2), 1, 5),
        timeout_s=_seconds(f"{where}.timeout_s", body.get("timeout_s", 8)),
    )  # fmt: skip


def _opt_out(where: str, name: str, body: Mapping[str, Any]) -> Node:
    then = _target(f"{where}.then", body.get("then"))
    return Node(name, "opt_out_recording", {DONE: then}, then, prompt=_spoken(where, body))


def _secure(where: str, name: str, body: Mapping[str, Any]) -> Node:
    sink = body.get("sink")
    if not isinstance(sink, str) or not sink:
        raise invalid(f"{where}.sink", "must name where the outcome goes")
    agents = _switch(f"{where}.agents", body.get("agents", False))
    shapes = _shapes(f"{where}.pattern", body.get("pattern", "card"))
    return Node(
        name, "secure", {DONE: _target(f"{where}.done", body.get("done"))},
        _otherwise(where, body), prompt=_spoken(where, body),
        tries=_whole(f"{where}.tries", body.get("tries", 2), 1, 5),
        timeout_s=_seconds(f"{where}.timeout_s", body.get("timeout_s", 10)),
        invalid_prompt=str(body.get("invalid_prompt", "")),
        secure=Secure(shapes, sink, agents),
    )  # fmt: skip


READERS: dict[str, tuple[frozenset[str], Callable[[str, str, Mapping[str, Any]], Node]]] = {
    "branch": (frozenset({"on", "when", "otherwise", "calendar", "within_h"}), _branch),
    "say": (frozenset({"prompt", "then", "answer"}), _say),
    "order_status": (frozenset({"found", "otherwise", "tries", "timeout_s"}), _order_status),
    "opt_out_recording": (frozenset({"prompt", "then"}), _opt_out),
    "secure": (
        frozenset(
            {
                "prompt", "pattern", "sink", "agents", "tries", "timeout_s", "invalid_prompt",
                "done", "otherwise",
            }
        ),
        _secure,
    ),
}  # fmt: skip
KINDS: tuple[Kind, ...] = ("branch", "say", "order_status", "opt_out_recording", "secure")


def _shapes(where: str, body: Any) -> tuple[str, ...]:
    shapes = [body] if isinstance(body, str) else body
    if not isinstance(shapes, list) or not shapes:
        raise invalid(where, "must be card, or shapes of digits and #")
    for shape in shapes:
        right = isinstance(shape, str) and 0 < len(shape) <= 32 and set(shape) <= set("0123456789#")
        if shape != "card" and not right:
            raise invalid(where, f"{shape!r} is neither card nor up to 32 digits and #")
    return tuple(shapes)


def _exits(where: str, body: Mapping[str, Any]) -> dict[str, Target]:
    return {value: _target(f"{where}.{value}", part) for value, part in body.items()}


def _otherwise(where: str, body: Mapping[str, Any]) -> Target:
    return _target(f"{where}.otherwise", body.get("otherwise"))


def _target(where: str, body: Any) -> Target:
    if not isinstance(body, dict) or sum(kind in body for kind in TARGETS) != 1:
        raise invalid(where, f"must have exactly one of {', '.join(TARGETS)}")
    _only(where, body, {*TARGETS, "language", "label"})
    return Target(
        menu=str(body.get("menu", "")),
        node=str(body.get("node", "")),
        queue=str(body.get("queue", "")),
        hang_up=str(body.get("hang_up", "")),
        repeat=bool(body.get("repeat", False)),
        back=bool(body.get("back", False)),
        again=bool(body.get("again", False)),
        language=str(body.get("language", "")),
        label=str(body.get("label", "")),
    )


def _only(where: str, body: Mapping[str, Any], known: set[str]) -> None:
    unknown = set(body) - known
    if unknown:
        raise invalid(where, f"unknown field {sorted(unknown)[0]!r}")


def _spoken(where: str, body: Mapping[str, Any]) -> tuple[str, ...]:
    found = _prompts(f"{where}.prompt", body.get("prompt"))
    if not found:
        raise invalid(f"{where}.prompt", "must name at least one prompt")
    return found


def _prompts(where: str, body: Any) -> tuple[str, ...]:
    if not isinstance(body, list) or not all(isinstance(part, str) and part for part in body):
        raise invalid(where, "must be a list of prompt names")
    return tuple(body)


def _whole(where: str, value: Any, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise invalid(where, f"must be {least} to {most}")
    return value


def _seconds(where: str, value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 1 <= value <= 60:
        raise invalid(where, "must be 1 to 60 seconds")
    return float(value)


def _hours(where: str, value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value <= 720:
        raise invalid(where, "must be more than 0 and at most 720 hours")
    return float(value)


def _switch(where: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise invalid(where, "must be true or false")
    return value
