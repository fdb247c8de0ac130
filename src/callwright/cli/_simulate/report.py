"""The figures of simulated days as one JSON object, and as a table for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from callwright.routing.simulation.measures import MEASURES, Figures, Interval, paired, summary

_SHARES = frozenset(
    {
        "service_level_20", "abandoned", "match", "right_first_time", "transfers", "occupancy",
        "occupancy_spread",
    }
)  # fmt: skip


def document(
    ours: Sequence[Figures],
    theirs: Sequence[Figures] | None = None,
    *,
    seeds: Sequence[int],
    notes: Sequence[str] = (),
) -> dict[str, Any]:
    """`policy`, and with theirs `against` and `difference` (policy minus against, paired)."""
    found: dict[str, Any] = {
        "days": len(ours),
        "seeds": list(seeds),
        "notes": list(notes),
        "policy": _plain(summary(ours)),
    }
    if theirs is not None:
        found["against"] = _plain(summary(theirs))
        found["difference"] = _plain(paired(ours, theirs))
    found["reasons"] = [f"{name}: {meaning}" for name, meaning in MEASURES.items()]
    return found


def table(found: Mapping[str, Any]) -> str:
    """One line a figure: mean and 95 % interval, theirs, and the difference."""
    columns = [name for name in ("policy", "against", "difference") if name in found]
    width = max(len(name) for name in found["policy"])
    lines = [" ".join([" " * width, *(f"{column:>26}" for column in columns)])]
    for name in found["policy"]:
        cells = [_cell(name, found[column].get(name)) for column in columns]
        lines.append(" ".join([f"{name:<{width}}", *(f"{cell:>26}" for cell in cells)]))
    lines.append(f"{found['days']} days; in brackets the 95 % interval over days")
    lines += [f"note: {note}" for note in found["notes"]]
    return "\n".join(lines)


def _plain(figures: Mapping[str, Interval]) -> dict[str, Any]:
    return {name: asdict(one) for name, one in figures.items()}


def _cell(name: str, found: Mapping[str, float | None] | None) -> str:
    if found is None:
        return "–"
    share = name.partition(".")[0] in _SHARES
    mean = _number(found["mean"], share)
    if found["low"] is None:
        return mean
    return f"{mean} [{_number(found['low'], share)}, {_number(found['high'], share)}]"


def _number(value: float | None, share: bool) -> str:
    if value is None:
        return "–"
    return f"{value * 100:.1f} %" if share else f"{value:.1f}"
