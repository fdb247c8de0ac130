"""All checks at once: style, types, imports, sizes, and the console's own."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from node import node_program

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
CONSOLE = ROOT / "console"
FOLDERS = tuple(
    name for name in ("src", "tests", "tools", "bench", "demo") if list((ROOT / name).rglob("*.py"))
)
# demo/ was rendered once with packages that are in no requirement of ours
TYPED = tuple(name for name in FOLDERS if name != "demo")
_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Check:
    """One command that must end with 0."""

    name: str
    command: tuple[str, ...]
    folder: Path = ROOT


def checks() -> list[Check]:
    """The long ones first."""
    found = [
        Check("mypy", (str(BIN / "mypy"), "--strict", *TYPED)),
        Check("house", (str(BIN / "python"), "-m", "pytest", "-q", "tests/unit/house")),
        Check("imports", (str(BIN / "lint-imports"),)),
        Check("ruff", (str(BIN / "ruff"), "check", *FOLDERS)),
        Check("format", (str(BIN / "ruff"), "format", "--check", *FOLDERS)),
    ]
    return [*console_checks(), *found]


def console_checks() -> list[Check]:
    """Types and style of the console, by the programs in its own folder."""
    modules = CONSOLE / "node_modules"
    types = (node_program(), str(modules / "vue-tsc" / "bin" / "vue-tsc.js"), "--noEmit")
    style = (node_program(), str(modules / "eslint" / "bin" / "eslint.js"), ".")
    return [Check("vue-tsc", types, CONSOLE), Check("eslint", style, CONSOLE)]


def run(check: Check) -> bool:
    """Run one; its output is shown only when it fails."""
    began = time.monotonic()
    done = subprocess.run(
        check.command,
        cwd=check.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - began
    if done.returncode:
        print(done.stdout, f"{check.name}: FAILED ({seconds:.1f} s)", sep="\n", flush=True)
        return False
    print(f"{check.name}: good ({seconds:.1f} s)", flush=True)
    return True


def main() -> int:
    """1 when one failed; all are run."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        good = list(pool.map(run, checks()))
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
