"""`callwright simulate`: one JSON object, a table for people, faults before anything is printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from callwright.cli.simulate import app
from callwright.kit.errors import CallwrightError
from callwright.routing.simulation.measures import MEASURES

WORLD = "agents: 5\ntypes: 2\nload: 0.9\nhours: 1\n"


def _run(*words: str | int | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def world(tmp_path: Path) -> Path:
    path = tmp_path / "world.yaml"
    path.write_text(WORLD, "utf-8")
    return path


def test_a_described_world_as_json(world: Path) -> None:
    found = json.loads(_run("--world", world, "--seeds", 3, "--json").stdout)
    assert (found["days"], found["seeds"]) == (3, [1, 2, 3])
    assert set(MEASURES) <= set(found["policy"])
    wait = found["policy"]["mean_wait_s"]
    assert wait["low"] <= wait["mean"] <= wait["high"]


def test_a_trace_never_seen_and_a_table_for_people(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("queued_at,queue,answered_at,left_at,agent\n0,q,5,65,a\n9,q,,20,\n", "utf-8")
    printed = _run("--trace", path, "--seeds", 2).stdout
    assert "mean_wait_s" in printed
    assert "2 days" in printed
    assert "note: agents, their hours and skills" in printed


def test_two_policies_on_the_same_days(world: Path, tmp_path: Path) -> None:
    (tmp_path / "plain.yaml").write_text("tier_value: {}\nguarantee_s: 600\n", "utf-8")
    (tmp_path / "vip.yaml").write_text("tier_value: {vip: 50}\nguarantee_s: 6000\n", "utf-8")
    words = ("--policy", tmp_path / "vip.yaml", "--against", tmp_path / "plain.yaml")
    found = json.loads(_run("--world", world, "--seeds", 5, *words, "--json").stdout)
    assert found["policy"]["calls"] == found["against"]["calls"]
    wait = "mean_wait_s.vip"
    ours, theirs = found["policy"][wait]["mean"], found["against"][wait]["mean"]
    assert found["difference"][wait]["mean"] == pytest.approx(ours - theirs)
    assert ours < theirs
    assert "difference" in _run("--world", world, "--seeds", 2, *words).stdout


def test_a_fault_in_a_policy_names_file_and_field(world: Path, tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text("guarantee_s: never\n", "utf-8")
    caught = _run("--world", world, "--policy", path).exception
    assert isinstance(caught, CallwrightError)
    assert (caught.params["field"], caught.params["file"]) == ("guarantee_s", str(path))


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ([], "--trace"),
        (["--size", "15", "--world", "x.yaml"], "--trace"),
        (["--size", "16"], "--size"),
        (["--size", "15", "--agents", "x.csv"], "--agents"),
    ],
)
def test_options_that_do_not_fit(words: list[str], field: str) -> None:
    caught = _run(*words).exception
    assert isinstance(caught, CallwrightError)
    assert caught.params["field"] == field


def test_a_fault_in_a_file_names_it(tmp_path: Path) -> None:
    path = tmp_path / "world.yaml"
    path.write_text(WORLD.replace("0.9", "much"), "utf-8")
    caught = _run("--world", path).exception
    assert isinstance(caught, CallwrightError)
    assert (caught.params["field"], caught.params["file"]) == ("load", str(path))


def test_advice_and_staffing_come_with_the_figures(world: Path) -> None:
    words = ("--world", world, "--seeds", 2, "--advice", "--staffing")
    found = json.loads(_run(*words, "--json").stdout)
    assert found["advice"]["tried"] <= found["advice"]["possible"]
    assert all(hour["on_duty"] == 5 for hour in found["staffing"])
    assert found["staffing"][0]["pooled"]["service"]["level"] >= 0.8
    printed = _run(*words).stdout
    assert "lessons tried" in printed
    assert "00:00" in printed


def test_a_day_is_one_source_and_a_date(world: Path) -> None:
    for words in (("--day", "yesterday"), ("--day", "2026-11-23", "--world", world)):
        fault = _run(*words).exception
        assert isinstance(fault, CallwrightError)
        assert fault.params["field"] == "--day"
