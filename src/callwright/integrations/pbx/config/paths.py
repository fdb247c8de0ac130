"""Where the PBX's things lie below an installation's home."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class PbxPaths:
    """Folders and files of one installation's PBX; `home` is absolute."""

    home: Path

    @property
    def tree(self) -> Path:
        """The Debian packages that `pbx install` fetched."""
        return self.home / "pbx" / "tree"

    @property
    def run(self) -> Path:
        """Everything of the running server; may be deleted while it is stopped."""
        return self.home / "pbx" / "run"

    @property
    def etc(self) -> Path:
        """Generated configuration."""
        return self.run / "etc"

    @property
    def data(self) -> Path:
        """Links to Asterisk's own documentation, which it needs to start."""
        return self.run / "data"

    @property
    def music(self) -> Path:
        """Music on hold, class `default`: every sound file in here."""
        return self.run / "moh"

    @property
    def database(self) -> Path:
        """Asterisk's own database: agents' and trunks' settings, phones' addresses."""
        return self.home / "pbx" / "db"

    @property
    def log(self) -> Path:
        """What Asterisk writes, its security log among it."""
        return self.run / "log"

    @property
    def prompts(self) -> Path:
        """Rendered or uploaded announcements, 8 kHz WAV."""
        return self.home / "prompts"

    @property
    def spool(self) -> Path:
        """Where recordings grow until the platform takes them over."""
        return self.home / "recordings" / "spool"

    @property
    def secrets(self) -> Path:
        """Passwords of ARI and AMI, 0600."""
        return self.home / "keys" / "pbx.json"
