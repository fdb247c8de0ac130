"""The console's own tests and budget, its lock file, and when it is built anew."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]
CONSOLE = ROOT / "console"


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_console", ROOT / "tools/build_console.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


tool = _tool()


@pytest.fixture(scope="module", autouse=True)
def installed() -> None:
    """What the console's own tests need: its packages and a build."""
    if not (CONSOLE / "dist" / ".vite").is_dir() or not (CONSOLE / "node_modules").is_dir():
        tool.build(force=True)


def _npm(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run npm of the wheel in the console's folder."""
    npm, environment = tool.npm_command(tool.node_folder())
    return subprocess.run(
        [*npm, *arguments], cwd=CONSOLE, env={**environment, "NO_COLOR": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_consoles_own_tests_pass() -> None:
    done = _npm("test")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_first_load_and_every_page_stay_within_the_budget() -> None:
    done = _npm("run", "budget")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "first load of the call list" in done.stdout


def test_the_lock_file_names_no_registry() -> None:
    locked = json.loads((CONSOLE / "package-lock.json").read_text("utf-8"))
    packages = {name: entry for name, entry in locked["packages"].items() if name}
    assert len(packages) > 50
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if "integrity" not in entry] == []


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "console"
    (folder / "src").mkdir(parents=True)
    (folder / "package-lock.json").write_text("{}")
    (folder / "src" / "main.ts").write_text("export {}\n")
    return folder


def test_what_is_built_decides_the_stamp_and_nothing_else(sources: Path) -> None:
    before = tool.stamp_of(sources)
    (sources / "node_modules").mkdir()
    (sources / "node_modules" / "left-pad.js").write_text("installed")
    assert tool.stamp_of(sources) == before
    (sources / "src" / "main.ts").write_text("export const changed = 1\n")
    assert tool.stamp_of(sources) != before


def test_nothing_is_run_when_the_build_is_of_these_sources(sources: Path, tmp_path: Path) -> None:
    static = tmp_path / "static"
    static.mkdir()
    (static / "index.html").write_text("built")
    (static / tool.STAMP).write_text(tool.stamp_of(sources))
    assert tool.build(sources, static) is False
    assert (static / "index.html").read_text() == "built"


def test_a_new_build_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    built, static = tmp_path / "dist", tmp_path / "static"
    for folder, text in ((built, "new"), (static, "old")):
        folder.mkdir()
        (folder / "index.html").write_text(text)
    (static / "gone.js").write_text("old")
    tool.publish(built, static, "stamp")
    assert sorted(file.name for file in static.iterdir()) == ["index.html", tool.STAMP]
    assert (static / "index.html").read_text() == "new"


def test_a_failing_build_says_why_and_leaves_the_old_one(sources: Path, tmp_path: Path) -> None:
    (sources / "package.json").write_text("{ this is no JSON")
    static = tmp_path / "static"
    static.mkdir()
    (static / "index.html").write_text("old")
    with pytest.raises(tool.BuildError, match=r"npm ci --no-progress.* failed with exit code"):
        tool.build(sources, static)
    assert (static / "index.html").read_text() == "old"


def test_half_a_checkout_is_told(tmp_path: Path) -> None:
    with pytest.raises(tool.BuildError, match=r"no package-lock\.json"):
        tool.build(tmp_path, tmp_path / "static")
    assert os.listdir(tmp_path) == []
