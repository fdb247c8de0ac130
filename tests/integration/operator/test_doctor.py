"""The doctor names what is wrong, with a remedy, and changes nothing."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from callwright.cli._doctor.findings import Finding, examine
from callwright.cli.doctor import app
from callwright.kit.clock import SystemClock, VirtualClock
from callwright.kit.ids import new_id
from callwright.kit.settings import Settings
from callwright.web.tls import ensure_certificate


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An empty home on ports of its own."""
    return Settings(home=tmp_path / "home")


def _about(subject: str, settings: Settings) -> list[Finding]:
    return [finding for finding in examine(settings) if finding.subject == subject]


def _levels(subject: str, settings: Settings) -> list[str]:
    return [finding.level for finding in _about(subject, settings)]


def test_a_home_that_was_never_used_is_no_fault_and_stays_unmade(settings: Settings) -> None:
    findings = {finding.subject: finding for finding in examine(settings)}
    assert findings["home"].level == "warn"
    assert findings["database"].remedy == "callwright run"
    assert not settings.home.exists()


def test_everything_that_is_not_well_has_a_remedy(settings: Settings) -> None:
    assert [one for one in examine(settings) if one.level != "ok" and not one.remedy] == []


def test_a_key_that_others_can_read_is_bad(settings: Settings) -> None:
    key = settings.home / "keys" / "master.key"
    key.parent.mkdir(parents=True)
    key.write_bytes(b"secret")
    key.chmod(0o644)
    wide = _about("keys", settings)[0]
    assert (wide.level, wide.remedy) == ("bad", f"chmod 600 {key}")
    key.chmod(0o600)
    assert set(_levels("keys", settings)) == {"ok"}


def test_a_full_disk_is_bad(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 10, 0))
    assert _levels("disk", settings) == ["bad"]


def test_an_unreachable_database_is_bad(settings: Settings) -> None:
    away = settings.model_copy(update={"database_url": "postgresql:///x?host=/nonexistent"})
    assert _levels("database", away) == ["bad"]


def test_the_database_is_looked_at_for_real(settings: Settings, database_url: str) -> None:
    there = settings.model_copy(update={"database_url": database_url})
    assert _levels("database", there) == ["ok", "ok"]
    with psycopg.connect(database_url) as connection:
        connection.execute("update alembic_version set version_num = '0000'")
    assert _about("database", there)[1].remedy == "callwright migrate"


def test_a_recording_without_its_file_is_bad(settings: Settings, database_url: str) -> None:
    there = settings.model_copy(update={"database_url": database_url})
    assert _levels("recordings", there) == ["ok"]
    with psycopg.connect(database_url) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute(
            "insert into recording (contact_id, state, leg, customer_file, heard_file,"
            " started_at, path) values (%s, 'saved', 'l', 'c', 'h', %s, '2026/03/01/lost')",
            [new_id(), datetime(2026, 3, 1, tzinfo=UTC)],
        )
    lost = _about("recordings", there)[0]
    assert lost.level == "bad"
    assert "2026/03/01/lost" in lost.fact


@pytest.mark.parametrize(("days", "level"), [(0, "ok"), (390, "warn"), (400, "bad")])
def test_a_certificate_that_ends_is_told(settings: Settings, days: int, level: str) -> None:
    made = SystemClock().now() - timedelta(days=days)
    ensure_certificate(settings.home, ["calls.example"], VirtualClock(made))
    open_to_all = settings.model_copy(update={"bind": "192.0.2.1"})
    assert _levels("certificate", open_to_all) == [level]


def test_json_lines_and_exit_code(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLWRIGHT_HOME", str(settings.home))
    result = CliRunner().invoke(app, ["--json"])
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert {"subject", "level", "fact", "remedy"} == set(found[0])
    assert result.exit_code == int(any(one["level"] == "bad" for one in found))
    assert result.exit_code == 1, "a home without a speech model cannot transcribe"
