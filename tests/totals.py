"""Prints one line at the very end: N passed, N failed, N skipped."""

from __future__ import annotations

import pytest

_COUNTED = {
    "passed": ("passed", "xpassed"),
    "failed": ("failed", "error"),
    "skipped": ("skipped", "xfailed"),
}
_line = pytest.StashKey[str]()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Count while the reporter still knows; an error in a fixture counts as failed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return
    counts = {
        word: sum(len(reporter.stats.get(category, [])) for category in categories)
        for word, categories in _COUNTED.items()
    }
    session.config.stash[_line] = ", ".join(f"{count} {word}" for word, count in counts.items())


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """After pytest's own summary."""
    line = config.stash.get(_line, "")
    if line:
        print(line, flush=True)
