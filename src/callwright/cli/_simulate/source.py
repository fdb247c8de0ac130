"""Where the days of `callwright simulate` come from: a trace, a described world, a size."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from callwright.kit.errors import invalid
from callwright.routing.policy import DEFAULT_POLICY, Policy, parse_policy
from callwright.routing.simulation import files
from callwright.routing.simulation.day import Day
from callwright.routing.simulation.world import SIZES, generate


def day_source(
    trace: Path | None, agents: Path | None, world: Path | None, size: int | None
) -> Callable[[int], Day]:
    """The day of a seed, from whichever one source was named; `invalid` names the option."""
    if sum(source is not None for source in (trace, world, size)) != 1:
        raise invalid("--trace", "give one of --trace, --world, --size")
    if agents is not None and trace is None:
        raise invalid("--agents", "belongs to --trace")
    if trace is not None:
        return files.load_trace(trace, agents).day
    if world is not None:
        return partial(generate, files.load_world(world))
    if size is None or size not in SIZES:
        raise invalid("--size", f"must be one of {', '.join(map(str, SIZES))}")
    return partial(generate, SIZES[size])


def load_policy(path: Path | None) -> Policy:
    """The policy of a file, or the one that comes with the software; `invalid` names both."""
    if path is None:
        return DEFAULT_POLICY
    body = files.load_yaml(path)
    if not isinstance(body, dict):
        raise invalid(str(path), "must be a mapping")
    return files.in_file(path, lambda: parse_policy(body))
