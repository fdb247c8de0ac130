"""Mirrors as apt's own files name them."""

from __future__ import annotations

from pathlib import Path

import pytest

from callwright.kit.debian import find_mirrors
from callwright.kit.errors import CallwrightError

DEB822 = """# our mirror
Types: deb deb-src
URIs: http://one.test/debian/ https://two.test/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /nowhere.gpg

Types: deb
URIs: http://security.test/debian-security
Suites: bookworm-security
Components: main

Enabled: no
Types: deb
URIs: http://off.test/debian
Suites: sid
Components: main

Types: deb-src
URIs: http://source.test/debian
Suites: sid
Components: main
"""
ONE_LINE = """# deb http://commented.test/debian sid main
deb [arch=amd64 signed-by=/x.gpg] http://three.test/debian trixie main
deb [ arch=amd64 ] http://four.test/debian trixie main # remark
deb-src http://source.test/debian trixie main
deb http://flat.test/debian ./
deb http://other.test/apt stable partner
deb cdrom:[Debian]/ trixie main
"""


def test_both_forms_are_read(tmp_path: Path) -> None:
    (tmp_path / "sources.list").write_text(ONE_LINE)
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list.d/debian.sources").write_text(DEB822)
    (tmp_path / "sources.list.d/old.list.save").write_text("deb http://saved.test/ sid main")
    assert find_mirrors(tmp_path) == [
        "http://three.test/debian",
        "http://four.test/debian",
        "http://one.test/debian",
        "https://two.test/debian",
    ]


def test_mirror_list_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "list").write_text("https://five.test/debian priority:1\n# no\n")
    (tmp_path / "sources.list").write_text(f"deb mirror+file:{tmp_path}/list sid main\n")
    assert find_mirrors(tmp_path) == ["https://five.test/debian"]


def test_no_mirror_is_an_error_that_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(CallwrightError, match="no_mirror") as caught:
        find_mirrors(tmp_path)
    assert caught.value.params["where"] == str(tmp_path)
