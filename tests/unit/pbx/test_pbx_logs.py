"""Log files stay small."""

from __future__ import annotations

from pathlib import Path

from callwright.integrations.pbx.logs import KEPT, LARGEST_BYTES, prune, too_large


def test_large_log_is_found(tmp_path: Path) -> None:
    (tmp_path / "small.log").write_bytes(b"x")
    assert not too_large(tmp_path)
    with (tmp_path / "messages.log").open("wb") as file:
        file.truncate(LARGEST_BYTES + 1)
    assert too_large(tmp_path)


def test_only_the_oldest_files_go(tmp_path: Path) -> None:
    for name in ("messages.log", "other", *(f"messages.log.{n}" for n in range(KEPT + 3))):
        (tmp_path / name).touch()
    prune(tmp_path)
    kept = {f"messages.log.{n}" for n in range(KEPT)}
    assert {file.name for file in tmp_path.iterdir()} == {"messages.log", "other", *kept}
