"""What a check says, and the register of all checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from callwright.kit.errors import CallwrightError
from callwright.kit.registry import Registry
from callwright.kit.settings import Settings

Level = Literal["ok", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact. `bad` = calls or data are in danger now; `remedy` is empty when all is well."""

    subject: str
    level: Level
    fact: str
    remedy: str = ""


Check = Callable[[Settings], Iterable[Finding]]
"""Looks and changes nothing; a fault it raises becomes a bad finding."""

checks: Registry[Check] = Registry("doctor check", "callwright.cli._doctor")


def examine(settings: Settings) -> Iterator[Finding]:
    """Run every check, in the order of their subjects."""
    checks.discover()
    for plugin in sorted(checks, key=lambda one: one.key):
        try:
            yield from plugin.impl(settings)
        except (CallwrightError, OSError) as error:
            yield Finding(plugin.key, "bad", str(error), _remedy(error))


def _remedy(error: Exception) -> str:
    told = error.params.get("remedy") if isinstance(error, CallwrightError) else None
    return str(told) if told else "remove the named cause, then run `callwright doctor` again"
