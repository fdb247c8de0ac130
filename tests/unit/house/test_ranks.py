"""The import contracts hold, and a planted breach of each is found."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[3]


class Breach(NamedTuple):
    """A line planted in a file, and the contract that must notice."""

    file: str
    line: str
    contract: str


BREACHES = [
    Breach("calls/model.py", "from callwright.routing import service", "Ranks"),
    Breach("agents/service.py", "from callwright.customers import service", "Ranks"),
    Breach("kit/clock.py", "from callwright.calls import model", "Ranks"),
    Breach("unheard_of/__init__.py", "", "Ranks"),
    Breach("calls/model.py", "import sqlalchemy", "Model and events are pure"),
    Breach("calls/events.py", "import asyncio", "Model and events are pure"),
    Breach("calls/store.py", "from callwright.calls import service", "Inside a slice"),
    Breach("integrations/pbx/planted.py", "from callwright.calls import model", "Adapters know"),
    Breach(
        "integrations/pbx/planted.py",
        "from callwright.integrations.speech import manifest",
        "Adapters never",
    ),
    Breach("masking/planted.py", "from callwright.masking import planted_too", "No import cycles"),
]


def _house(folder: Path) -> Path:
    """A copy of the package without what no import contract reads."""
    package = folder / "callwright"
    shutil.copytree(
        ROOT / "src" / "callwright",
        package,
        ignore=shutil.ignore_patterns("__pycache__", "static", "*.json", "*.gpg"),
    )
    shutil.copy(ROOT / ".importlinter", folder)
    return package


def _lint(folder: Path) -> tuple[int, str]:
    """The exit status and report of `lint-imports` on that copy."""
    code = "import sys; from importlinter.cli import lint_imports_command as run; run()"
    done = subprocess.run(
        [sys.executable, "-c", code, "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_house_as_it_stands_keeps_every_contract(tmp_path: Path) -> None:
    _house(tmp_path)
    status, report = _lint(tmp_path)
    assert status == 0, report


@pytest.mark.parametrize("breach", BREACHES, ids=lambda breach: f"{breach.contract}: {breach.file}")
def test_a_planted_breach_is_found(tmp_path: Path, breach: Breach) -> None:
    package = _house(tmp_path)
    target = package / breach.file
    target.parent.mkdir(exist_ok=True)
    with target.open("a") as file:
        file.write(f"\n{breach.line}\n")
    if "planted_too" in breach.line:
        (package / "masking" / "planted_too.py").write_text(
            "from callwright.masking import planted\n"
        )
    status, report = _lint(tmp_path)
    broken = [line for line in report.splitlines() if " BROKEN" in line]
    assert status != 0
    assert [line for line in broken if line.startswith(breach.contract)], report
