"""`python -m bench [NAME …] [--quick]`: runs the named benchmarks, or all."""

from __future__ import annotations

import sys
from importlib import import_module

BENCHMARKS = (
    "load",
    "card",
    "desks",
    "invite",
    "decide",
    "ticket",
    "scripts",
    "play",
    "ring_paint",
    "start",
    "policies",
    "frontier",
    "bank",
)


def main() -> int:
    """0 when every benchmark met its targets."""
    named = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    options = [argument for argument in sys.argv[1:] if argument.startswith("-")]
    unknown = set(named) - set(BENCHMARKS)
    if unknown:
        print(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
        return 2
    worst = 0
    for name in named or BENCHMARKS:
        worst = max(worst, int(import_module(f"bench.{name}").main(options)))
    return worst


if __name__ == "__main__":
    sys.exit(main())
