"""What differs between two versions of a tree. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from callwright.ivr.parse import TARGETS


@dataclass(frozen=True, slots=True)
class Difference:
    """One place. `change` = added, removed or changed; `before`, `after` = None where absent."""

    place: str
    change: str
    before: Any
    after: Any

    def sentence(self) -> str:
        """For people: `menus.main.keys.5: added {'node': 'parcel'}`."""
        if self.change == "added":
            return f"{self.place}: added {self.after!r}"
        if self.change == "removed":
            return f"{self.place}: removed {self.before!r}"
        return f"{self.place}: {self.before!r} → {self.after!r}"


def compare(before: Any, after: Any) -> list[Difference]:
    """Every place that differs, in the order of their names."""
    return sorted(_differences("", before, after), key=lambda one: one.place)


def _differences(place: str, before: Any, after: Any) -> Iterator[Difference]:
    if not (isinstance(before, Mapping) and isinstance(after, Mapping)):
        if before != after:
            yield Difference(place, "changed", before, after)
        return
    for name in {**before, **after}:
        below = f"{place}.{name}" if place else str(name)
        if name not in before:
            yield Difference(below, "added", None, after[name])
        elif name not in after:
            yield Difference(below, "removed", before[name], None)
        elif _is_another_target(before[name], after[name]):
            yield Difference(below, "changed", before[name], after[name])
        else:
            yield from _differences(below, before[name], after[name])


def _is_another_target(before: Any, after: Any) -> bool:
    """A target is one thing: `{queue: a}` and `{menu: b}` are not two differences."""
    return before != after and _is_target(before) and _is_target(after)


def _is_target(part: Any) -> bool:
    """A place may be called `again`, too: but then a mapping stands there."""
    found = [part[kind] for kind in TARGETS if kind in part] if isinstance(part, Mapping) else []
    return len(found) == 1 and isinstance(found[0], str | bool)
