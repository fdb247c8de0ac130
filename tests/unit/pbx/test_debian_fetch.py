"""Fetching packages: whole or not at all, and no network for a second run."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest
from tests.unit.pbx.archive import MIRROR, Archive, deb, regular

from callwright.kit.debian import Source, fetch, fetch_packages, read_stamp
from callwright.kit.errors import CallwrightError

NAMES = ("one", "two")


@pytest.fixture
def archive() -> Archive:
    made = Archive()
    packages = {
        "one": deb([regular("./usr/lib/one.so", b"first", 0o755), regular("./etc/one.conf")]),
        "two": deb([regular("./lib/two.so", b"second")]),
        "unasked": deb([regular("./usr/lib/unasked.so")]),
    }
    made.add_suite("forky", packages)
    return made


def names_below(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if not p.name.endswith(".lock"))


def test_packages_are_unpacked_and_their_versions_told(archive: Archive, tmp_path: Path) -> None:
    versions = fetch_packages(NAMES, tmp_path / "tree", source=archive.source())
    assert versions == {"one": "1.0-forky", "two": "1.0-forky"}
    assert (tmp_path / "tree/usr/lib/one.so").read_bytes() == b"first"
    assert os.access(tmp_path / "tree/usr/lib/one.so", os.X_OK)
    assert (tmp_path / "tree/usr/lib/two.so").read_bytes() == b"second"
    assert not (tmp_path / "tree/etc").exists()
    assert not (tmp_path / "tree/usr/lib/unasked.so").exists()
    assert names_below(tmp_path) == ["tree"]


def test_second_run_asks_nothing_of_the_network(archive: Archive, tmp_path: Path) -> None:
    first = fetch_packages(NAMES, tmp_path / "tree", source=archive.source())
    archive.asked.clear()
    assert fetch_packages(NAMES, tmp_path / "tree", source=archive.source()) == first
    assert archive.asked == []


@pytest.mark.parametrize("harm", ["cut", "delete"])
def test_damaged_tree_is_made_anew(archive: Archive, tmp_path: Path, harm: str) -> None:
    fetch_packages(NAMES, tmp_path / "tree", source=archive.source())
    victim = tmp_path / "tree/usr/lib/one.so"
    victim.write_bytes(b"") if harm == "cut" else victim.unlink()
    assert read_stamp(tmp_path / "tree") is None
    fetch_packages(NAMES, tmp_path / "tree", source=archive.source())
    assert victim.read_bytes() == b"first"
    assert names_below(tmp_path) == ["tree"]


def test_other_packages_replace_the_tree(archive: Archive, tmp_path: Path) -> None:
    fetch_packages(["one"], tmp_path / "tree", source=archive.source())
    fetch_packages(["two"], tmp_path / "tree", source=archive.source())
    assert not (tmp_path / "tree/usr/lib/one.so").exists()
    assert (tmp_path / "tree/usr/lib/two.so").exists()


def test_damaged_download_is_refused_and_leaves_nothing(archive: Archive, tmp_path: Path) -> None:
    archive.served[f"{MIRROR}/pool/forky/two.deb"] += b"!"
    with pytest.raises(CallwrightError, match="wrong_hash") as caught:
        fetch_packages(NAMES, tmp_path / "tree", source=archive.source())
    assert caught.value.params["package"] == "two"
    assert names_below(tmp_path) == []


def test_damaged_download_leaves_the_old_tree(archive: Archive, tmp_path: Path) -> None:
    fetch_packages(["one"], tmp_path / "tree", source=archive.source())
    archive.served[f"{MIRROR}/pool/forky/two.deb"] += b"!"
    with pytest.raises(CallwrightError, match="wrong_hash"):
        fetch_packages(NAMES, tmp_path / "tree", source=archive.source())
    assert (tmp_path / "tree/usr/lib/one.so").read_bytes() == b"first"


def test_damaged_index_is_refused(archive: Archive, tmp_path: Path) -> None:
    index = next(address for address in archive.served if "by-hash" in address)
    archive.served[index] += b"!"
    with pytest.raises(CallwrightError, match="wrong_hash"):
        fetch_packages(NAMES, tmp_path / "tree", source=archive.source())


def test_bad_signature_ends_it_before_anything_else_is_fetched(
    archive: Archive, tmp_path: Path
) -> None:
    def refuse(_: bytes) -> str:
        raise CallwrightError("bad_signature", why="test")

    source = Source(mirror=MIRROR, fetch=archive.fetch, verify=refuse, say=archive.said.append)
    with pytest.raises(CallwrightError, match="bad_signature"):
        fetch_packages(NAMES, tmp_path / "tree", source=source)
    assert archive.asked == [f"{MIRROR}/dists/forky/InRelease"]


def test_falls_back_to_the_next_suite(tmp_path: Path) -> None:
    archive = Archive()
    archive.add_suite("forky", {"one": deb([regular("usr/lib/one.so")])})
    both = {name: deb([regular(f"usr/lib/{name}.so")]) for name in NAMES}
    archive.add_suite("sid", both)
    versions = fetch_packages(NAMES, tmp_path / "tree", source=archive.source())
    assert set(versions.values()) == {"1.0-sid"}


def test_missing_package_is_named(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(CallwrightError, match="package_missing") as caught:
        fetch_packages(["one", "absent"], tmp_path / "tree", ["forky"], source=archive.source())
    assert caught.value.params["packages"] == ["absent"]


def test_mirror_that_does_not_answer(tmp_path: Path) -> None:
    with pytest.raises(CallwrightError, match="download_failed"):
        fetch_packages(NAMES, tmp_path / "tree", source=Archive().source())
    assert names_below(tmp_path) == []


def test_stale_index_is_taken_with_a_remark(tmp_path: Path) -> None:
    archive = Archive()
    one = {"one": deb([regular("usr/lib/one.so")])}
    archive.add_suite("forky", one, valid_until="Fri, 06 Nov 2026 08:08:01 UTC")
    fetch_packages(["one"], tmp_path / "tree", source=archive.source())
    assert any("2026-11-06" in line for line in archive.said)


def test_fresh_index_gets_no_remark(tmp_path: Path) -> None:
    archive = Archive()
    one = {"one": deb([regular("usr/lib/one.so")])}
    archive.add_suite("forky", one, valid_until="Mon, 30 Nov 2026 08:08:01 UTC")
    fetch_packages(["one"], tmp_path / "tree", source=archive.source())
    assert not any("stale" in line for line in archive.said)


def test_too_small_disk_is_told_before_the_download(tmp_path: Path) -> None:
    archive = Archive()
    free = shutil.disk_usage(tmp_path).free // 1024
    archive.add_suite("forky", {"one": deb([regular("usr/lib/one.so")])}, size=free * 2)
    with pytest.raises(CallwrightError, match="disk_full"):
        fetch_packages(["one"], tmp_path / "tree", source=archive.source())
    assert not any("pool" in address for address in archive.asked)


def test_disk_that_fills_up_leaves_nothing(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(fetch, "unpack", full)
    with pytest.raises(CallwrightError, match="disk_full"):
        fetch_packages(NAMES, tmp_path / "tree", source=archive.source())
    assert names_below(tmp_path) == []


def test_link_in_the_trees_place_is_replaced_and_its_goal_left_alone(
    archive: Archive, tmp_path: Path
) -> None:
    goal = tmp_path / "goal"
    goal.mkdir()
    (goal / "kept").touch()
    (tmp_path / "tree").symlink_to(goal)
    fetch_packages(NAMES, tmp_path / "tree", source=archive.source())
    assert not (tmp_path / "tree").is_symlink()
    assert names_below(tmp_path) == ["goal", "tree"]
    assert (goal / "kept").exists()


def test_folders_are_open_whatever_the_umask(archive: Archive, tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        fetch_packages(NAMES, tmp_path / "tree", source=archive.source())
    finally:
        os.umask(before)
    folders = [folder for folder in (tmp_path / "tree").rglob("*") if folder.is_dir()]
    assert folders
    assert all(folder.stat().st_mode & 0o777 == 0o755 for folder in folders)
