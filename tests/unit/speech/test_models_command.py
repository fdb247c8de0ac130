"""`callwright models`: the manifest is sound, and the command says what it did."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.speech.test_bundles import Shelf
from typer.testing import CliRunner

from callwright.cli.models import app
from callwright.integrations.speech import manifest
from callwright.integrations.speech.manifest import known_models
from callwright.kit.bundles import Bundle, read_manifest
from callwright.kit.errors import CallwrightError


def test_every_part_comes_from_a_pinned_package() -> None:
    for bundle in known_models().values():
        names = {package.name for package in bundle.packages}
        for file in bundle.files:
            assert file.parts
            assert {part.split(":", 1)[0] for part in file.parts} <= names
        hashes = [package.sha256 for package in bundle.packages]
        hashes += [file.sha256 for file in bundle.files]
        assert all(len(found) == 64 and set(found) <= set("0123456789abcdef") for found in hashes)


def test_whisper_base_is_the_one_that_was_tried() -> None:
    model = next(f for f in known_models()["whisper-base"].files if f.path == "model.bin")
    assert model.sha256 == "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"
    assert model.size == 145_217_607


def test_no_registry_is_named() -> None:
    text = Path(manifest.__file__).with_name("models.json").read_text("utf-8")
    assert "//" not in text


def test_a_broken_manifest_is_named() -> None:
    with pytest.raises(CallwrightError, match="manifest"):
        read_manifest(b'[{"name": 3}]')


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bundle:
    """The command in a home of its own, with one small model to know."""
    monkeypatch.setenv("CALLWRIGHT_HOME", str(tmp_path / "home"))
    bundle = Shelf(tmp_path / "shelf").bundle()
    monkeypatch.setattr("callwright.cli.models.known_models", lambda: {bundle.name: bundle})
    return bundle


def test_list_and_install(tiny: Bundle, tmp_path: Path) -> None:
    runner = CliRunner()
    assert "\t-\t" in runner.invoke(app, ["list"]).output
    done = runner.invoke(app, ["install", tiny.name, "--from", str(tmp_path / "shelf")])
    assert done.output.strip() == str(tmp_path / "home" / "models" / tiny.name)
    assert "\tinstalled\t" in runner.invoke(app, ["list"]).output


def test_an_unknown_name_is_answered_with_the_known_ones(tiny: Bundle) -> None:
    done = CliRunner().invoke(app, ["install", "whisper-enormous"])
    assert isinstance(done.exception, CallwrightError)
    assert done.exception.params["known"] == [tiny.name]
