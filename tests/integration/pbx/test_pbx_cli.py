"""`callwright pbx` as people type it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.pbx_server import free_base, temporary_home
from typer.testing import CliRunner

from callwright.cli.pbx import NOT_RUNNING, app
from callwright.kit.errors import CallwrightError

Command = Callable[..., Any]  # gives typer's Result


@pytest.fixture
def command(pbx_tree: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """`callwright pbx …` in an installation of its own."""
    with temporary_home(pbx_tree) as home:
        monkeypatch.setenv("CALLWRIGHT_HOME", str(home))
        monkeypatch.setenv("CALLWRIGHT_PORTS__BASE", str(free_base()))
        yield lambda *words: CliRunner().invoke(app, words)
        CliRunner().invoke(app, ["stop"])


def test_from_installed_to_stopped(command: Command) -> None:
    assert command("status").exit_code == NOT_RUNNING
    assert "callwright pbx run" in command("status").output
    assert "Asterisk 22" in command("run", "--detach").output
    seen = json.loads(command("status", "--json").output)
    assert seen["answers"] is True
    assert seen["remedy"] == ""
    assert command("stop").output == "stopped\n"
    assert command("stop").output == "was not running\n"


def test_install_says_what_is_there(command: Command) -> None:
    assert "asterisk 1:22" in command("install").output


def test_install_without_a_mirror_fails_clearly(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CALLWRIGHT_HOME", str(tmp_path))
    result = CliRunner().invoke(app, ["install", "--mirror", "http://127.0.0.1:9/debian"])
    assert result.exit_code != 0
    assert isinstance(result.exception, CallwrightError)
    assert result.exception.code == "download_failed"
    assert not (tmp_path / "pbx" / "tree").exists()


def test_unusable_system_asterisk_is_refused(command: Command, tmp_path: Path) -> None:
    result = command("run", "--detach", "--asterisk", str(tmp_path / "sbin" / "asterisk"))
    assert isinstance(result.exception, CallwrightError)
    assert result.exception.params["field"] == "pbx.asterisk"
