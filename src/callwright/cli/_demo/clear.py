"""Empty the embedded database and the recordings of a demo."""

from __future__ import annotations

import shutil

import psycopg

from callwright.cli._demo.load import password_file
from callwright.kit.db import psycopg_url
from callwright.kit.errors import CallwrightError
from callwright.kit.settings import Settings


def clear_demo(settings: Settings, url: str) -> None:
    """Drop everything; refused while the platform runs."""
    if (settings.home / "run.json").exists():
        raise CallwrightError("wrong_state", what="platform", why="stop `callwright run` first")
    with psycopg.connect(psycopg_url(url), autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    for year in (settings.home / "recordings").glob("[0-9]*"):
        shutil.rmtree(year)
    password_file(settings.home).unlink(missing_ok=True)
