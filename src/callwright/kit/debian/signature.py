"""Checks a clear-signed text against keys that we ship, by gpgv or sqv."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from callwright.kit.errors import CallwrightError

ARCHIVE_KEYS = Path(__file__).with_name("archive-keys.gpg")


def verified_text(signed: bytes, keys: Path = ARCHIVE_KEYS, path: str | None = None) -> str:
    """The text inside, and only what its signature covers.

    One good signature by a key in `keys` is needed, and no bad one. `path` = where the checking
    programs are looked for (default: PATH). Raises CallwrightError("bad_signature", why) or
    ("no_verifier", remedy).
    """
    with tempfile.TemporaryDirectory() as folder:
        message, text = Path(folder, "message"), Path(folder, "text")
        message.write_bytes(signed)
        if program := shutil.which("gpgv", path=path):
            why = _gpgv(program, keys, message, text)
        elif program := shutil.which("sqv", path=path):
            why = _sqv(program, keys, message, text)
        else:
            raise CallwrightError("no_verifier", remedy="install the package gpgv or sqv")
        if why is not None or not text.exists():
            raise CallwrightError("bad_signature", why=why or "nothing in it is signed")
        return text.read_text("utf-8")


def _gpgv(program: str, keys: Path, message: Path, text: Path) -> str | None:
    """What is wrong; None when the signature is good. Unknown further signers do not matter."""
    options = ["--status-fd", "1", "--weak-digest", "SHA1", "--keyring", str(keys.absolute())]
    result = _run([program, *options, "--output", str(text), str(message)])
    marks = {line.split()[1] for line in result.stdout.splitlines() if line.startswith("[GNUPG:] ")}
    if "GOODSIG" in marks and "BADSIG" not in marks:
        return None
    return result.stderr.strip()


def _sqv(program: str, keys: Path, message: Path, text: Path) -> str | None:
    """What is wrong; None when the signature is good."""
    options = ["--keyring", str(keys), "--output", str(text)]
    result = _run([program, *options, "--cleartext", str(message)])
    return None if result.returncode == 0 else result.stderr.strip()


def _run(argv: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60)
