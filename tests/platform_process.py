"""Fixtures: a real `callwright run` with the demo company in a home of its own; never skipped."""

from __future__ import annotations

import os
import signal
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from callwright.cli._call.platform import Place, find_platform
from callwright.integrations.pbx.supervisor import PbxServer
from callwright.integrations.postgres.server import PostgresServer
from callwright.kit.errors import CallwrightError
from callwright.kit.settings import Ports, Settings
from tests.pbx_server import CACHE_VARIABLE, free_base, temporary_home

ROOT = Path(__file__).resolve().parents[1]
MODEL = Path("models") / "whisper-base"
COMMAND = str(Path(sys.executable).with_name("callwright"))
START_S = 180.0
STOP_S = 30.0
WRAP_UP_S = 5  # the next caller of a test comes at once
LOG_TAIL = 6000  # characters shown when a test fails
FIXTURES = ("platform", "own_platform")


def daytime_zone() -> str:
    """A time zone where it is eleven o'clock: customers may be called, and the day is not over."""
    east = 11 - datetime.now(UTC).hour
    return f"Etc/GMT{-east:+d}"  # these names count westwards


@dataclass
class PlatformProcess:
    """One installation: its home, its ports, and the process of the platform while it runs."""

    home: Path
    base: int
    process: subprocess.Popen[bytes] | None = field(default=None)
    more: dict[str, str] = field(default_factory=dict)  # settings, as environment variables

    @property
    def settings(self) -> Settings:
        """As `callwright run` has them here."""
        return Settings().model_copy(update={"home": self.home, "ports": Ports(base=self.base)})

    @property
    def pbx(self) -> PbxServer:
        """The PBX of this home."""
        return PbxServer(self.settings)

    @property
    def database(self) -> PostgresServer:
        """The database server of this home."""
        return PostgresServer(self.home, self.settings.ports.database)

    @property
    def database_url(self) -> str:
        """The libpq URL of the platform's database."""
        return self.database.url("callwright")

    @property
    def place(self) -> Place:
        """Where the running platform is reached."""
        return find_platform(self.home)

    @property
    def log(self) -> str:
        """What the platform has printed so far."""
        file = self.home / "platform.log"
        return file.read_text("utf-8", "replace") if file.exists() else ""

    def environment(self) -> dict[str, str]:
        """For `callwright` commands on this home."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("CALLWRIGHT_")}
        own = {
            "CALLWRIGHT_HOME": str(self.home),
            "CALLWRIGHT_PORTS__BASE": str(self.base),
            "CALLWRIGHT_COMPANY__ZONE": daytime_zone(),
        }
        return kept | own | self.more

    def start(self) -> None:
        """Start the platform and return when it takes calls."""
        with (self.home / "platform.log").open("ab") as log:
            self.process = subprocess.Popen(
                [COMMAND, "run"],
                cwd=ROOT, env=self.environment(), stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + START_S
        while not self._ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the platform did not start:\n{self.log[-LOG_TAIL:]}")
            time.sleep(0.1)

    def set_wrap_up(self, seconds: int) -> None:
        """The length of the wrap-up in all queues; there is no page for it yet."""
        with psycopg.connect(self.database_url, autocommit=True) as database:
            database.execute("UPDATE queue SET wrap_up_s = %s", (seconds,))

    def kill(self) -> None:
        """kill -9 the platform; its servers live on. Its note of where it ran stays behind."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End the platform in order."""
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        process, self.process = self.process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(number)
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"the platform did not stop:\n{self.log[-LOG_TAIL:]}") from None

    def _ready(self) -> bool:
        """Whether this very process wrote its note and says that it is ready."""
        try:
            place = self.place
            trusted = ssl.create_default_context(cafile=str(place.authority or "") or None)
            if self.process is None or f'"pid": {self.process.pid}' not in self._note():
                return False
            url = f"{place.url}/readyz"
            with urllib.request.urlopen(url, timeout=5, context=trusted) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (OSError, CallwrightError):
            return False

    def _note(self) -> str:
        return (self.home / "run.json").read_text("utf-8")


@pytest.fixture(scope="session")
def model_folder() -> Path:
    """The recogniser's model, where `make test` put it."""
    cache = Path(os.environ.get(CACHE_VARIABLE, ROOT / ".callwright-test")).absolute()
    for folder in (ROOT / ".callwright" / MODEL, cache / MODEL):
        if folder.is_dir():
            return folder
    raise AssertionError("no whisper-base: run `callwright models install whisper-base`")


@pytest.fixture(scope="session")
def platform(pbx_tree: Path, model_folder: Path) -> Iterator[PlatformProcess]:
    """One platform for all tests of the session: leave no call and nobody signed in."""
    with running_platform(pbx_tree, model_folder) as process:
        yield process


@pytest.fixture
def own_platform(pbx_tree: Path, model_folder: Path) -> Iterator[PlatformProcess]:
    """A platform for one test, which may kill it, its PBX and its database."""
    with running_platform(pbx_tree, model_folder) as process:
        yield process


@contextmanager
def running_platform(pbx_tree: Path, model_folder: Path, **more: str) -> Iterator[PlatformProcess]:
    """Start one in a new home on free ports; end all of it and delete the home.

    `more` = further settings, as environment variables.
    """
    with temporary_home(pbx_tree) as home:
        (home / "models").mkdir()
        (home / MODEL).symlink_to(model_folder)
        installation = PlatformProcess(home, free_base(), more=more)
        try:
            installation.start()
            installation.set_wrap_up(WRAP_UP_S)
            yield installation
        finally:
            try:
                installation.stop()
            finally:
                installation.pbx.stop()
                installation.database.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test shows what its platform said."""
    report = yield
    used: dict[str, Any] = getattr(item, "funcargs", {})
    for name in FIXTURES if report.failed else ():
        if name in used:
            report.sections.append((f"log of {name}", used[name].log[-LOG_TAIL:]))
    return report
