"""Whether a tree may be published: every way through it is walked, with the caller's own machine.
Pure; errors name the place."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from callwright.ivr import orders
from callwright.ivr.model import Here, Ivr, Move, Node, Target, begin, leave, press
from callwright.kit.errors import CallwrightError, invalid

MAX_LEVELS = 2
MOST_STATES = 20_000
SOMETHING_ELSE = "\0"  # an outcome that no node names

State = tuple[str, tuple[str, ...]]  # a place, and the menus on the way to it


def check(ivr: Ivr, prompts: Collection[str] | None = None) -> None:
    """Raise `invalid` for the first fault. `prompts` = names that can be spoken; None = not known
    here, so not looked at."""
    for where, target, in_menu in targets(ivr):
        _check_target(ivr, where, target, in_menu=in_menu)
    seen = _walk(ivr)
    reached = {place for place, _ in seen}
    for name in ivr.menus:
        if name not in reached:
            raise invalid(f"menus.{name}", "cannot be reached")
    for name, node in ivr.nodes.items():
        if name not in reached and not (node.secure and node.secure.agents):
            raise invalid(f"nodes.{name}", "cannot be reached")
    _check_silence(ivr, seen)
    _check_prompts(ivr, prompts)


def problem(ivr: Ivr, prompts: Collection[str] | None = None) -> dict[str, object] | None:
    """The first fault as {field, why}; None = it may be published."""
    try:
        check(ivr, prompts)
    except CallwrightError as error:
        return dict(error.params)
    return None


def targets(ivr: Ivr) -> Iterator[tuple[str, Target, bool]]:
    """Every target with where it stands, and whether that is a key of a menu."""
    for menu in ivr.menus.values():
        for key, target in menu.keys.items():
            yield f"menus.{menu.name}.keys.{key}", target, True
        yield f"menus.{menu.name}.otherwise", menu.otherwise, False
    for node in ivr.nodes.values():
        yield from _targets_of(node)
    yield "otherwise", ivr.last_resort, False


def _targets_of(node: Node) -> Iterator[tuple[str, Target, bool]]:
    field = {"say": "then", "opt_out_recording": "then", "secure": "done", "order_status": "found"}
    for outcome, target in node.exits.items():
        name = field.get(node.kind, f"when.{outcome}")
        yield f"nodes.{node.name}.{name}", target, False
    yield f"nodes.{node.name}.otherwise", node.otherwise, False


def _check_target(ivr: Ivr, where: str, target: Target, *, in_menu: bool) -> None:
    if target.menu and target.menu not in ivr.menus:
        raise invalid(where, f"there is no menu {target.menu!r}")
    if target.node and target.node not in ivr.nodes:
        raise invalid(where, f"there is no node {target.node!r}")
    if (target.repeat or target.again) and not in_menu:
        raise invalid(where, "only a key of a menu can say something again")
    if target == Target(language=target.language, label=target.label):
        raise invalid(where, "leads nowhere")


def _walk(ivr: Ivr) -> set[State]:
    """Every state that some caller can get into."""
    waiting = [begin(ivr)]
    seen: set[State] = set()
    while waiting:
        here = waiting.pop()
        state = (here.place, here.way)
        if state in seen:
            continue
        seen.add(state)
        if here.place in ivr.menus and len(here.way) >= MAX_LEVELS:
            raise invalid(f"menus.{here.way[-1]}", f"menus may be {MAX_LEVELS} levels deep")
        if len(seen) > MOST_STATES:
            raise invalid("menus", "there are too many ways through this tree")
        waiting += [move.here for move in _moves(ivr, here) if move.here]
    return seen


def _moves(ivr: Ivr, here: Here) -> list[Move]:
    menu = ivr.menus.get(here.place)
    if menu:
        return [*(press(ivr, here, key) for key in menu.keys), _silent_press(ivr, here)]
    node = ivr.nodes[here.place]
    return [leave(ivr, here, outcome) for outcome in (*node.exits, SOMETHING_ELSE)]


def _silent_press(ivr: Ivr, here: Here) -> Move:
    """What a caller comes to who never presses a key."""
    tries = ivr.menus[here.place].tries - 1
    return press(ivr, Here(here.place, tries, way=here.way), "")


def _check_silence(ivr: Ivr, seen: set[State]) -> None:
    """From everywhere, somebody who presses nothing must come to an end."""
    done: set[State] = set()
    for state in sorted(seen):
        _follow_silence(ivr, state, done, ())


def _follow_silence(ivr: Ivr, state: State, done: set[State], open_: tuple[State, ...]) -> None:
    if state in done:
        return
    if state in open_:
        kind = "menus" if state[0] in ivr.menus else "nodes"
        round_ = " → ".join(place for place, _ in (*open_[open_.index(state) :], state))
        raise invalid(f"{kind}.{state[0]}", f"goes round without a way out: {round_}")
    here = Here(state[0], way=state[1])
    moves = [_silent_press(ivr, here)] if state[0] in ivr.menus else _moves(ivr, here)
    for move in moves:
        if move.here:
            _follow_silence(ivr, (move.here.place, move.here.way), done, (*open_, state))
    done.add(state)


def spoken_in(ivr: Ivr) -> dict[str, str]:
    """Every prompt that a caller may hear -> the first place that says it."""
    found: dict[str, str] = {}
    for where, names in _prompts(ivr):
        for name in names:
            found.setdefault(name, where)
    return found


def _prompts(ivr: Ivr) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "notice", (ivr.notice,) if ivr.notice else ()
    yield "closed.prompt", ivr.closed
    yield "hold", ivr.hold
    for menu in ivr.menus.values():
        yield f"menus.{menu.name}.prompt", menu.prompt
        for field in ("no_input_prompt", "invalid_prompt"):
            name = getattr(menu, field)
            yield f"menus.{menu.name}.{field}", (name,) if name else ()
    for node in ivr.nodes.values():
        yield f"nodes.{node.name}.prompt", node.prompt
        invalid_prompt = (node.invalid_prompt,) if node.invalid_prompt else ()
        yield f"nodes.{node.name}.invalid_prompt", invalid_prompt
        if node.kind == "order_status":
            yield f"nodes.{node.name}", tuple(sorted(orders.PROMPTS))
    for where, target, _ in targets(ivr):
        yield where, (target.hang_up,) if target.hang_up else ()


def _check_prompts(ivr: Ivr, prompts: Collection[str] | None) -> None:
    for name, where in spoken_in(ivr).items() if prompts is not None else ():
        if name not in (prompts or ()):
            raise invalid(where, f"there is no prompt {name!r}")
