"""The speech model that the settings name."""

from __future__ import annotations

from collections.abc import Iterator

from callwright.cli._doctor.findings import Finding, checks
from callwright.integrations.speech.manifest import known_models
from callwright.kit.bundles import is_installed
from callwright.kit.settings import Settings


@checks.register("speech")
def check_speech(settings: Settings) -> Iterator[Finding]:
    """Installed and whole; a model of the owner's own is only looked for."""
    name, models = settings.speech.model, settings.home / "models"
    bundle = known_models().get(name)
    there = is_installed(bundle, models) if bundle else (models / name).is_dir()
    if there:
        yield Finding("speech", "ok", f"{settings.speech.engine} with {name}")
    else:
        remedy = f"callwright models install {name}" if bundle else "callwright models list"
        yield Finding("speech", "bad", f"model {name} is missing or incomplete", remedy)
