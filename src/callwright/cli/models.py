"""`callwright models`: what recognisers need on disk, listed and installed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from callwright.integrations.speech.manifest import known_models
from callwright.kit.bundles import install, is_installed
from callwright.kit.errors import CallwrightError
from callwright.kit.settings import load_settings

CACHE_VARIABLE = "CALLWRIGHT_CACHE"  # a folder where downloaded archives are kept and reused

app = typer.Typer(help="Speech models: list and install.", no_args_is_help=True)


@app.command("list")
def list_models() -> None:
    """Every known model, its size, and whether it is installed."""
    models = load_settings().home / "models"
    for bundle in known_models().values():
        state = "installed" if is_installed(bundle, models) else "-"
        typer.echo(f"{bundle.name}\t{bundle.size >> 20} MB\t{state}\t{bundle.purpose}")


@app.command("install")
def install_model(
    name: Annotated[str, typer.Argument(help="A name of `models list`.")],
    source: Annotated[
        Path | None,
        typer.Option("--from", help="A folder with the archives or the files; no download."),
    ] = None,
) -> None:
    """Download, verify, put in place. Already installed: done at once."""
    bundle = known_models().get(name)
    if bundle is None:
        raise CallwrightError("not_found", field="name", model=name, known=sorted(known_models()))
    kept = os.environ.get(CACHE_VARIABLE, "")
    folder = install(
        bundle,
        load_settings().home / "models",
        cache=Path(kept) if kept else None,
        source=source,
    )
    typer.echo(str(folder))
