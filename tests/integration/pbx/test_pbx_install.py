"""Asterisk from the real mirror: signature, second run, a system one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from callwright.integrations.pbx.install import fetched_asterisk, install, system_asterisk
from callwright.kit.debian import Source, fetch_packages, find_mirrors, read_stamp
from callwright.kit.debian.download import download
from callwright.kit.debian.fetch import debian_machine
from callwright.kit.debian.signature import verified_text
from callwright.kit.errors import CallwrightError

SQV = ("sqv", "libc6", "libgcc-s1", "libgmp10", "libhogweed6t64", "libnettle8t64")


def nothing(address: str) -> bytes:
    raise AssertionError(f"{address} was asked for")


@pytest.fixture(scope="module")
def in_release() -> bytes:
    """The signed index of today's mirror."""
    for mirror in find_mirrors():
        try:
            return download(f"{mirror}/dists/forky/InRelease")
        except CallwrightError:
            continue
    raise AssertionError("no mirror has forky")


@pytest.fixture(scope="module")
def sqv(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A PATH with sqv and without gpgv."""
    place = tmp_path_factory.mktemp("sqv")
    fetch_packages(SQV, place / "tree", keep=("usr/lib", "usr/bin/sqv"))
    libraries = next((place / "tree/usr/lib").glob("*-linux-gnu"))
    loader = next(libraries.glob("ld-linux-*.so.*"))
    (place / "bin").mkdir()
    script = place / "bin" / "sqv"
    program = place / "tree/usr/bin/sqv"
    script.write_text(f'#!/bin/sh\nexec {loader} --library-path {libraries} {program} "$@"\n')
    script.chmod(0o755)
    return str(place / "bin")


def test_fetched_asterisk_is_22_and_whole(pbx_tree: Path) -> None:
    asterisk = fetched_asterisk(pbx_tree)
    assert int(asterisk.version.split(".")[0]) >= 22
    assert (asterisk.modules / "res_ari.so").exists()
    stamp = read_stamp(pbx_tree)
    assert stamp is not None
    assert asterisk.version in stamp.versions["asterisk"]


def test_second_run_needs_no_network(pbx_tree: Path) -> None:
    offline = Source(mirror="http://nowhere.invalid", fetch=nothing)
    assert "asterisk" in install(pbx_tree, source=offline)


def test_mirrors_signature_is_good_by_the_keys_that_we_ship(in_release: bytes) -> None:
    assert "Suite:" in verified_text(in_release)


def test_changed_release_of_the_real_mirror_is_refused(in_release: bytes, tmp_path: Path) -> None:
    def tampered(address: str) -> bytes:
        content = in_release if address.endswith("InRelease") else nothing(address)
        return content.replace(b"Suite: testing", b"Suite: tasting")

    source = Source(mirror="http://mirror.test", fetch=tampered)
    with pytest.raises(CallwrightError, match="bad_signature"):
        install(tmp_path / "tree", source=source)
    assert [p.name for p in tmp_path.iterdir()] == [".tree.lock"]


def test_sqv_serves_where_there_is_no_gpgv(in_release: bytes, sqv: str) -> None:
    assert verified_text(in_release, path=sqv).strip() == verified_text(in_release).strip()


def test_sqv_refuses_a_changed_release(in_release: bytes, sqv: str) -> None:
    with pytest.raises(CallwrightError, match="bad_signature"):
        verified_text(in_release.replace(b"Suite: testing", b"Suite: tasting"), path=sqv)


def test_machine_without_debian_packages_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "mips")
    with pytest.raises(CallwrightError, match="unsupported_machine"):
        debian_machine()


def system_like(tree: Path, prefix: Path) -> Path:
    """The fetched Asterisk laid out as one that was installed into `prefix`."""
    found = fetched_asterisk(tree)
    for folder in ("sbin", "lib/asterisk", "share"):
        (prefix / folder).mkdir(parents=True)
    (prefix / "lib/asterisk/modules").symlink_to(found.modules)
    (prefix / "share/asterisk").symlink_to(found.data)
    program = prefix / "sbin/asterisk"
    program.write_text(f'#!/bin/sh\nexec {" ".join(found.command)} "$@"\n')
    program.chmod(0o755)
    return program


def test_system_asterisk_is_found_with_modules_and_data(pbx_tree: Path, tmp_path: Path) -> None:
    program = system_like(pbx_tree, tmp_path)
    asterisk = system_asterisk(program)
    assert asterisk.version == fetched_asterisk(pbx_tree).version
    assert asterisk.modules.resolve() == fetched_asterisk(pbx_tree).modules
    assert (asterisk.data / "documentation").is_dir()


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("echo Asterisk 20.5.0", "22 or newer"),
        ("echo Asterisk 22.10.1", "no folder"),
        ("echo hello", "is no Asterisk"),
        ("exit 1", "is no Asterisk"),
    ],
)
def test_unusable_system_asterisk_is_refused(tmp_path: Path, script: str, why: str) -> None:
    program = tmp_path / "a" / "sbin" / "asterisk"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    with pytest.raises(CallwrightError, match="invalid") as caught:
        system_asterisk(program)
    assert why in str(caught.value.params["why"])


def test_absent_system_asterisk_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CallwrightError, match="does not run"):
        system_asterisk(tmp_path / "sbin" / "asterisk")


def test_tree_is_readable_for_the_servers_user(pbx_tree: Path) -> None:
    closed = [f for f, _, _ in os.walk(pbx_tree) if not Path(f).stat().st_mode & 0o001]
    assert closed == []
