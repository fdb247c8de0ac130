"""Fixtures: a real PBX of its own for the session, or for one test; never skipped."""

from __future__ import annotations

import os
import random
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from callwright.integrations.pbx.config import PbxPaths
from callwright.integrations.pbx.install import install
from callwright.integrations.pbx.supervisor import PbxServer, RunningPbx
from callwright.kit.settings import PORT_STEP, Ports, Settings

CACHE_VARIABLE = "CALLWRIGHT_TEST_CACHE"  # a folder kept between runs; the PBX is fetched once
_REPOSITORY = Path(__file__).resolve().parents[1]
_BASES = range(9000, 9690, PORT_STEP)


@dataclass(frozen=True, slots=True)
class PbxUnderTest:
    """A running PBX in a temporary home. `running` is as of its start."""

    settings: Settings
    server: PbxServer
    running: RunningPbx

    @property
    def paths(self) -> PbxPaths:
        """Its folders."""
        return self.server.paths


@pytest.fixture(scope="session")
def pbx_tree() -> Path:
    """The folder of the fetched Asterisk; fails where no mirror can be reached."""
    kept = os.environ.get(CACHE_VARIABLE)
    cache = Path(kept).absolute() if kept else _REPOSITORY / ".callwright-test"
    tree = cache / "pbx" / "tree"
    install(tree)
    return tree


@pytest.fixture(scope="session")
def pbx(pbx_tree: Path) -> Iterator[PbxUnderTest]:
    """One PBX for all tests of the session: leave no call on it."""
    with running_pbx(pbx_tree) as under_test:
        yield under_test


@pytest.fixture
def own_pbx(pbx_tree: Path) -> Iterator[PbxUnderTest]:
    """A PBX for one test, which may kill it."""
    with running_pbx(pbx_tree) as under_test:
        yield under_test


@contextmanager
def running_pbx(tree: Path) -> Iterator[PbxUnderTest]:
    """Start one in a new home on free ports; end it and delete the home."""
    with temporary_home(tree) as home:
        changes = {"home": home, "ports": Ports(base=free_base())}
        settings = Settings().model_copy(update=changes)
        server = PbxServer(settings)
        try:
            yield PbxUnderTest(settings, server, server.ensure())
        finally:
            server.stop()


@contextmanager
def temporary_home(tree: Path) -> Iterator[Path]:
    """A home with a fetched PBX in it, short of path, open to the PBX's user."""
    home = Path(tempfile.mkdtemp(prefix="callwright-pbx-"))
    try:
        home.chmod(0o711)
        (home / "pbx").mkdir(mode=0o755)
        (home / "pbx" / "tree").symlink_to(tree)
        yield home
    finally:
        shutil.rmtree(home)


def free_base() -> int:
    """A base port whose whole block is free, and which no other lane of this run will take."""
    lane, _, lanes = os.environ.get("CALLWRIGHT_TEST_LANE", "0/1").partition("/")
    bases = list(_BASES[int(lane) :: int(lanes)])
    random.shuffle(bases)
    for base in bases:
        if all(_free(port) for port in range(base, base + PORT_STEP)):
            return base
    raise AssertionError("no block of ports is free")


def _free(port: int) -> bool:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True
