"""Unpacking: nothing leaves the tree."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest
from tests.unit.pbx.archive import deb, link, regular

from callwright.kit.debian.unpack import unpack
from callwright.kit.errors import CallwrightError

KEEP = ("usr/",)


def device(path: str) -> tuple[tarfile.TarInfo, bytes]:
    member = tarfile.TarInfo(path)
    member.type = tarfile.CHRTYPE
    return member, b""


@pytest.mark.parametrize(
    "member",
    [
        regular("../outside"),
        regular("/usr/outside"),
        regular("./usr/../../outside"),
        link("./usr/lib/out", "../../../outside"),
        link("./usr/lib/out", "../../outside", tarfile.LNKTYPE),
        device("./usr/lib/disk"),
    ],
    ids=lambda member: member[0].name,
)
def test_what_would_leave_the_tree_is_refused(
    member: tuple[tarfile.TarInfo, bytes], tmp_path: Path
) -> None:
    with pytest.raises(CallwrightError, match="unsafe_package"):
        unpack("bad", deb([member]), tmp_path / "tree", KEEP)
    assert not (tmp_path / "outside").exists()


def test_file_through_a_planted_link_is_refused(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "usr").mkdir(parents=True)
    (tree / "usr/lib").symlink_to(tmp_path)
    with pytest.raises(CallwrightError, match="unsafe_package"):
        unpack("bad", deb([regular("usr/lib/outside")]), tree, KEEP)
    assert not (tmp_path / "outside").exists()


def test_links_inside_the_tree_are_kept(tmp_path: Path) -> None:
    members = [
        regular("./usr/lib/liba.so.1.2", b"a"),
        link("./usr/lib/liba.so.1", "liba.so.1.2"),
        link("./usr/lib/libb.so", "/usr/lib/liba.so.1"),
        link("./usr/lib/libc.so", "./usr/lib/liba.so.1.2", tarfile.LNKTYPE),
    ]
    unpack("good", deb(members), tmp_path, KEEP)
    for name in ("liba.so.1", "libb.so", "libc.so"):
        assert (tmp_path / "usr/lib" / name).read_bytes() == b"a"


def test_rights_of_others_to_write_and_set_id_are_dropped(tmp_path: Path) -> None:
    unpack("good", deb([regular("./usr/bin/x", mode=0o4777)]), tmp_path, KEEP)
    assert (tmp_path / "usr/bin/x").stat().st_mode & 0o7777 == 0o755


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"!<arch>\n", deb([regular("./usr/lib/x", bytes(999))])[:-90]]
)
def test_what_is_no_package_is_refused(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(CallwrightError, match="wrong_package") as caught:
        unpack("odd", content, tmp_path, KEEP)
    assert caught.value.params["package"] == "odd"
