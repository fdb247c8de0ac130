"""Makes .venv from the locked requirements, with nothing but Python's standard library.

    python3 tools/bootstrap.py run|dev

`run` is what the product needs, `dev` adds what tests and checks need. Does nothing when the
environment is current. pip comes from this Python, from Debian's wheel folder, or, where neither
is there, from Debian's package python3-pip-whl, fetched without root.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
CACHE = ROOT / ".cache"
STAMP = ENVIRONMENT / "callwright-stamp"
PYTHON = ENVIRONMENT / "bin" / "python"
OLDEST = (3, 11)
SETS = {"run": "run.txt", "dev": "dev.txt"}
_COMMAND = """\
#!{python}
import sys

from callwright.cli import main

sys.exit(main())
"""


def main(argv: list[str]) -> int:
    """Bring the environment up to date."""
    if len(argv) != 1 or argv[0] not in SETS:
        print(f"usage: bootstrap.py {'|'.join(SETS)}", file=sys.stderr)
        return 2
    if sys.version_info < OLDEST:
        print("Python 3.11 or newer is needed; name one by `make PYTHON=…`", file=sys.stderr)
        return 1
    wanted = stamp_of(argv[0])
    if is_current(wanted):
        return 0
    print(f"environment: installing {SETS[argv[0]]} into .venv", flush=True)
    try:
        build(argv[0])
    except (OSError, subprocess.CalledProcessError, LookupError) as error:
        print(f"environment: {error}", file=sys.stderr)
        return 1
    STAMP.write_text("\n".join(stamp_of(name) for name in SETS if covers(argv[0], name)) + "\n")
    print("environment: ready", flush=True)
    return 0


def covers(installed: str, asked: str) -> bool:
    """`dev` holds everything that `run` holds."""
    return installed in (asked, "dev")


def stamp_of(name: str) -> str:
    """Names a set of packages and the Python they are for."""
    lock = (ROOT / "requirements" / SETS[name]).read_bytes()
    code = Path(__file__).read_bytes()
    digest = hashlib.sha256(lock + code).hexdigest()[:24]
    return f"{name} {sys.version_info.major}.{sys.version_info.minor} {digest}"


def is_current(wanted: str) -> bool:
    """Whether .venv was built from this lock by this Python."""
    return PYTHON.exists() and STAMP.exists() and wanted in STAMP.read_text().splitlines()


def build(name: str) -> None:
    """Make the environment and install the set; an interrupted run is simply done again."""
    STAMP.unlink(missing_ok=True)
    if not _runs_this_python():
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        venv = importlib.import_module("venv")
        venv.EnvBuilder(with_pip=False, symlinks=True).create(ENVIRONMENT)
    pip = find_pip()
    lock = ROOT / "requirements" / SETS[name]
    options = ["-qq", "--no-input", "--disable-pip-version-check", "--no-deps", "--no-compile"]
    _run_pip(pip, "install", *options, "--require-hashes", "-r", lock)
    _run_pip(pip, "install", *options, "--no-index", pip)  # `callwright models` downloads by it
    install_ourselves()


def _runs_this_python() -> bool:
    """Whether the environment there is of this version (another one is made anew)."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return PYTHON.exists() and (ENVIRONMENT / "lib" / f"python{version}").is_dir()


def find_pip() -> Path:
    """A wheel of pip, which can be run as it lies there."""
    for wheel in _wheels():
        return wheel
    print("environment: this Python has no pip; fetching Debian's", flush=True)
    sys.path.insert(0, str(ROOT / "src"))
    debian = importlib.import_module("callwright.kit.debian")
    tree = CACHE / "pip"
    release = _debian_release()
    debian.fetch_packages(["python3-pip-whl"], tree, suites=release)
    for wheel in tree.rglob("pip-*.whl"):
        return Path(wheel)
    raise LookupError("Debian's package python3-pip-whl holds no wheel of pip")


def _wheels() -> Iterator[Path]:
    """Where a Python keeps its own copy of pip."""
    spec = importlib.util.find_spec("ensurepip")
    if spec is not None and spec.origin is not None:
        yield from (Path(spec.origin).parent / "_bundled").glob("pip-*.whl")
    told = sysconfig.get_config_var("WHEEL_PKG_DIR")
    for folder in (told, "/usr/share/python-wheels", CACHE / "pip"):
        if folder:
            yield from Path(folder).rglob("pip-*.whl")


def _debian_release() -> tuple[str, ...]:
    """This machine's own release first: its pip knows its Python."""
    release = Path("/etc/os-release")
    text = release.read_text("utf-8") if release.exists() else ""
    fields = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    own = fields.get("VERSION_CODENAME", "").strip('"')
    return (own, "stable") if own else ("stable",)


def _run_pip(wheel: Path, *arguments: str | Path) -> None:
    """Run pip from its wheel, inside the environment; its settings and cache are the user's."""
    command = [str(PYTHON), str(wheel / "pip"), *map(str, arguments)]
    subprocess.run(command, check=True, cwd=ROOT, stdin=subprocess.DEVNULL)


def install_ourselves() -> None:
    """Put src/ on the path and `callwright` beside python: no build, no download."""
    packages = next((ENVIRONMENT / "lib").glob("python3.*")) / "site-packages"
    (packages / "callwright.pth").write_text(f"{ROOT / 'src'}\n", "utf-8")
    command = ENVIRONMENT / "bin" / "callwright"
    command.write_text(_COMMAND.format(python=PYTHON), "utf-8")
    command.chmod(0o755)


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1:]))
