"""Regular expressions that mean the same on every Python we run on."""

from __future__ import annotations


def all_or_nothing(pattern: str, name: str) -> str:
    """`pattern` as an atomic group: what it took is never given back. `name` = free in the whole.

    Python's own notation for it, `(?>…)` and `(…)*+`, matches wrongly before 3.11.5 when there are
    alternatives inside; Debian 12 has 3.11.2.
    """
    return f"(?=(?P<{name}>{pattern}))(?P={name})"
