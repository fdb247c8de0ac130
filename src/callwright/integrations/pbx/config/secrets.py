"""Passwords between the platform and its PBX: made once, at random, readable by the owner only."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from callwright.kit.errors import CallwrightError

_BYTES = 24  # 192 bits: not to be guessed


@dataclass(frozen=True, slots=True)
class PbxSecrets:
    """User names and passwords; `repr` shows none of them."""

    ari_user: str
    ari_password: str
    ami_user: str
    ami_password: str

    def __repr__(self) -> str:
        return "PbxSecrets(…)"


def load_secrets(file: Path) -> PbxSecrets:
    """The installation's passwords, made at the first call. Raises CallwrightError("invalid")."""
    if not file.exists():
        _create(file)
    try:
        return PbxSecrets(**json.loads(file.read_text("utf-8")))
    except (ValueError, TypeError) as error:
        raise CallwrightError("invalid", field=str(file), why=str(error)) from error


def _create(file: Path) -> None:
    """Another process may do the same at this moment: the first one's file stays."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = file.with_name(f"{file.name}.{os.getpid()}.tmp")
    made = PbxSecrets(
        "callwright", secrets.token_urlsafe(_BYTES), "callwright", secrets.token_urlsafe(_BYTES)
    )
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(json.dumps(asdict(made), indent=1) + "\n")
    try:
        os.link(fresh, file)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
