"""Compiles requirements/ from pyproject.toml: versions and hashes, no registry's address.

    make lock [ARGS="--upgrade"]

One file serves Python 3.11 to 3.14 on x86_64 and arm64.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SETS = {"run.txt": ("--extra", "console"), "dev.txt": ("--all-extras",)}
_OPTIONS = (
    "--quiet",
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-header",
    "--no-emit-index-url",
    "--no-emit-find-links",
)


def main(argv: list[str]) -> int:
    """`dev` is held to the versions of `run`, so that tests test what people run."""
    held: tuple[str, ...] = ()
    for name, extras in SETS.items():
        target = str(Path("requirements") / name)
        command = [str(ROOT / ".venv" / "bin" / "uv"), "pip", "compile", *_OPTIONS, *extras]
        command += [*held, *argv, "pyproject.toml", "--output-file", target]
        subprocess.run(command, check=True, cwd=ROOT)
        held = ("--constraint", target)
        print(target)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
