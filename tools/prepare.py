"""Sets up what is missing beside .venv, all parts at the same time.

    .venv/bin/python tools/prepare.py console pbx model browser

Each part tells one line. A part that is there already takes a moment. Details of a failed part
lie in .cache/setup/PART.log.
"""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / ".cache" / "setup"
PYTHON = str(ROOT / ".venv" / "bin" / "python")
CALLWRIGHT = str(ROOT / ".venv" / "bin" / "callwright")
_TOLD = 5  # lines of a failed part that are shown


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to set up, and the command that does it."""

    name: str
    command: tuple[str, ...]


PARTS = (
    Part("console", (PYTHON, "tools/build_console.py")),
    Part("pbx", (CALLWRIGHT, "pbx", "install")),
    Part("model", (CALLWRIGHT, "models", "install", "whisper-base")),
    Part("browser", (PYTHON, "tools/browser.py")),
)


def main(argv: list[str]) -> int:
    """Set up the named parts; 1 when one failed."""
    parts = [part for part in PARTS if part.name in argv]
    if len(parts) != len(argv) or not parts:
        print(f"usage: prepare.py {' '.join(part.name for part in PARTS)}", file=sys.stderr)
        return 2
    LOGS.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(len(parts)) as pool:
        working = [pool.submit(set_up, part) for part in parts]
        good = [done.result() for done in as_completed(working)]
    return 0 if all(good) else 1


def set_up(part: Part) -> bool:
    """Run one part; say how it went."""
    log = LOGS / f"{part.name}.log"
    began = time.monotonic()
    with log.open("wb") as output:
        done = subprocess.run(
            part.command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    seconds = time.monotonic() - began
    if done.returncode == 0:
        print(f"{part.name}: ready ({seconds:.1f} s)", flush=True)
        return True
    tail = log.read_text("utf-8", "replace").splitlines()[-_TOLD:]
    print(f"{part.name}: FAILED, see {log.relative_to(ROOT)}", *tail, sep="\n  ", flush=True)
    return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
