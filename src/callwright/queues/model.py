"""A queue's settings, and what is wrong with them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args

from callwright.kit.errors import CallwrightError, invalid

Cause = Literal["full", "too_long", "nobody_on_duty", "after_hours"]
CAUSES: tuple[Cause, ...] = get_args(Cause)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a caller goes who cannot wait. `kind` = a name in KINDS; `prompt` = what is spoken,
    empty = the usual words; `queue` = the key of another queue."""

    kind: str
    prompt: str = ""
    queue: str = ""


# kind -> (fields that it needs, fields that it may have)
KINDS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "goodbye": (frozenset(), frozenset({"prompt"})),
    "queue": (frozenset({"queue"}), frozenset()),
    "voicemail": (frozenset(), frozenset({"prompt"})),
    "callback": (frozenset(), frozenset()),
}

# What announcements are put together from (`routing.speaking`), besides figures above ten.
WHOLE = 10  # up to here Chinese has whole sentences
FIGURES = tuple(f"number_{value}" for value in (*range(11), *range(20, 100, 10)))
PLACE_PROMPTS = ("place_next", "place_before", "place_after", *FIGURES)
WAIT_PROMPTS = (
    "wait_short", "wait_minute", "wait_long", "wait_before", "wait_after", *FIGURES
)  # fmt: skip
WHOLE_PLACES = tuple(f"place_{value}" for value in range(2, WHOLE + 1))
WHOLE_WAITS = tuple(f"wait_{value}" for value in range(2, WHOLE + 1))


@dataclass(frozen=True, slots=True)
class Announce:
    """What waiting callers are told every `every_s` seconds: their place, the expected wait."""

    position: bool = False
    wait: bool = False
    every_s: int = 30

    @property
    def speaks(self) -> bool:
        """Whether anything is told at all."""
        return self.position or self.wait


@dataclass(frozen=True, slots=True)
class Queue:
    """Times are seconds. `skills` = what a caller of this queue needs: name -> least level.

    `calendar` = when it is open, empty = always; `greeting` and the targets' prompts = names of
    sound files, empty greeting = none; `music` = a class of the PBX, empty = the default;
    `max_waiting` = callers who may be in it, None = any number; `overflow` = cause -> target.
    """

    key: str
    name: str
    department: str
    skills: dict[str, int]
    ring_s: int
    max_wait_s: int
    wrap_up_s: int
    calendar: str = ""
    greeting: str = "queue_greeting"
    music: str = ""
    max_waiting: int | None = None
    announce: Announce = Announce()
    overflow: Mapping[Cause, Target] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """A number of ours: which menu answers it, when, and where it stands.

    `trunk` = the trunk for calls out that show this number; empty = it only takes calls.
    """

    number: str
    name: str
    ivr: str
    calendar: str
    site: str
    area_code: str
    trunk: str = ""


def queue_of_row(row: Mapping[str, Any]) -> Queue:
    """A queue from its row, or from plain values as a file or a version holds them."""
    known = {part.name for part in fields(Queue)}
    values = {name: value for name, value in row.items() if name in known}
    overflow = {cause: Target(**target) for cause, target in (row.get("overflow") or {}).items()}
    return Queue(
        **{**values, "announce": Announce(**(row.get("announce") or {})), "overflow": overflow}
    )


def check(queue: Queue, others: Sequence[Queue], calendars: Collection[str]) -> None:
    """Whether a queue fits to all others (itself may be among them); the error names the field."""
    around = {other.key: other for other in others if other.key != queue.key}
    name = queue.name.strip().casefold()
    same = next((o.key for o in around.values() if o.name.strip().casefold() == name), None)
    if same is not None:
        raise invalid("name", f"is the name of queue {same!r}")
    if queue.calendar and queue.calendar not in calendars:
        raise invalid("calendar", f"there is no calendar {queue.calendar!r}")
    if "after_hours" in queue.overflow and not queue.calendar:
        raise invalid("overflow.after_hours", "needs a calendar: without one it is always open")
    if "full" in queue.overflow and queue.max_waiting is None:
        raise invalid("overflow.full", "needs max_waiting: without it the queue is never full")
    for cause, target in queue.overflow.items():
        _check_target(f"overflow.{cause}", target, {*around, queue.key})
    _check_no_circle(queue, {**around, queue.key: queue})


def _check_target(where: str, target: Target, known: Collection[str]) -> None:
    if target.kind not in KINDS:
        raise invalid(f"{where}.kind", f"one of {', '.join(sorted(KINDS))}")
    needs, may = KINDS[target.kind]
    for part in fields(Target):
        if part.name == "kind":
            continue
        given = bool(getattr(target, part.name))
        if part.name in needs and not given:
            raise invalid(f"{where}.{part.name}", f"kind {target.kind} needs it")
        if given and part.name not in needs | may:
            raise invalid(f"{where}.{part.name}", f"kind {target.kind} has no such field")
    if target.queue and target.queue not in known:
        raise invalid(f"{where}.queue", f"there is no queue {target.queue!r}")


def _check_no_circle(queue: Queue, known: Mapping[str, Queue]) -> None:
    """Nobody may be sent round and round, whatever the causes on the way."""
    for cause, target in queue.overflow.items():
        way = _way_back(target.queue, queue.key, known, ()) if target.queue else None
        if way is not None:
            circle = " → ".join((queue.key, *way))
            raise invalid(f"overflow.{cause}.queue", f"leads back to the queue itself: {circle}")


def _way_back(
    at: str, home: str, known: Mapping[str, Queue], before: tuple[str, ...]
) -> tuple[str, ...] | None:
    way = (*before, at)
    if at == home:
        return way
    if at in before or at not in known:
        return None
    following = {target.queue for target in known[at].overflow.values() if target.queue}
    found = (_way_back(key, home, known, way) for key in sorted(following))
    return next((back for back in found if back is not None), None)


def not_found(key: str) -> CallwrightError:
    """There is no such queue."""
    return CallwrightError("not_found", what="queue", key=key)
