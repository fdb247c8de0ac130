"""Begin, save, mask and hand out recordings; compare files and rows."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from callwright.kit.crypto import decrypt, encrypt_to, master_key
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.files import write_whole
from callwright.ports.house import House
from callwright.ports.telephony import RecordingFiles
from callwright.recordings import gaps, store
from callwright.recordings.events import RecordingFailed, RecordingSaved, RecordingStarted
from callwright.recordings.model import (
    AGENT,
    CUSTOMER,
    RATE,
    Pcm,
    Window,
    from_wav,
    peaks,
    read_lane,
    silence,
    stitch,
    to_wav,
)

log = logging.getLogger(__name__)

LEAST_FREE_BYTES = 64 * 1024 * 1024  # ten minutes need 40 MB until they are stitched and stored

recording_of = store.recording_of


def folder(home: Path) -> Path:
    """Where recordings are kept."""
    return home / "recordings"


def original_file(home: Path, path: str) -> Path:
    """The encrypted original of a recording."""
    return folder(home) / f"{path}.original"


def masked_file(home: Path, path: str) -> Path:
    """The masked copy that everybody hears."""
    return folder(home) / f"{path}.wav"


async def begin(house: House, contact_id: UUID, leg: str) -> None:
    """Start recording a caller's leg. A fault is stored and said; the call goes on."""
    async with house.db.begin() as tx:
        if await store.recording_of(tx, contact_id) or await gaps.refused(tx, contact_id):
            return
    try:
        files = await house.telephony.record_start(leg, str(contact_id))
    except CallwrightError as error:
        if error.code != "leg_gone":
            await _fail(house, contact_id, f"{error}")
        return

    async def write(tx: Tx) -> None:
        await _insert(tx, contact_id, leg, files, state="recording")
        tx.publish(RecordingStarted(at=files.started_at, contact_id=contact_id))

    await house.db.run(write)


async def runs(house: House, contact_id: UUID, leg: str) -> bool:
    """See that a caller's leg is being recorded, and that there is room for it on the disk."""
    home = house.settings.home
    free = (await asyncio.to_thread(shutil.disk_usage, home)).free
    if free < LEAST_FREE_BYTES:
        log.error("no room for a recording of %s: %d bytes are free", contact_id, free)
        return False
    await begin(house, contact_id, leg)
    async with house.db.reading() as tx:
        row = await store.recording_of(tx, contact_id)
        refused = await gaps.refused(tx, contact_id)
    return row is not None and row["state"] == "recording" and not refused


async def stop(house: House, contact_id: UUID) -> None:
    """What follows is not ours to record; the rest is saved after the call."""
    async with house.db.reading() as tx:
        row = await store.recording_of(tx, contact_id)
    if row and row["state"] == "recording":
        await house.telephony.record_stop(row["leg"])


async def _insert(
    tx: Tx, contact_id: UUID, leg: str, files: RecordingFiles, *, state: str, reason: str = ""
) -> None:
    await store.insert_recording(
        tx,
        {
            "contact_id": contact_id, "state": state, "leg": leg, "reason": reason,
            "customer_file": str(files.customer), "heard_file": str(files.heard),
            "started_at": files.started_at,
        },
    )  # fmt: skip


async def _fail(house: House, contact_id: UUID, reason: str) -> None:
    log.error("recording of %s failed: %s", contact_id, reason)

    async def write(tx: Tx) -> None:
        nothing = RecordingFiles("", Path(), Path(), tx.clock.now())
        await _insert(tx, contact_id, "", nothing, state="failed", reason=reason)
        await store.update_recording(tx, contact_id, state="failed", reason=reason)
        tx.publish(RecordingFailed(at=tx.clock.now(), contact_id=contact_id, reason=reason))

    await house.db.run(write)


async def save(house: House, contact_id: UUID) -> None:
    """After the call: stitch, encrypt, remember. Running it twice changes nothing."""
    async with house.db.begin() as tx:
        row = await store.recording_of(tx, contact_id)
    if row is None or row["state"] != "recording":
        return
    home = house.settings.home
    try:
        done = await asyncio.to_thread(_save_files, home, contact_id, row)
    except (OSError, CallwrightError) as error:
        await _fail(house, contact_id, str(error))
        return

    async def write(tx: Tx) -> None:
        await store.update_recording(
            tx, contact_id, state="saved", path=done.path, sha256=done.sha256, seconds=done.seconds
        )
        tx.publish(
            RecordingSaved(
                at=tx.clock.now(), contact_id=contact_id, seconds=done.seconds, channels=2,
                sha256=done.sha256, path=done.path,
            )
        )  # fmt: skip

    await house.db.run(write)
    for lane in (row["customer_file"], row["heard_file"]):
        Path(lane).unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class _Saved:
    path: str
    sha256: str
    seconds: float


def _save_files(home: Path, contact_id: UUID, row: dict[str, Any]) -> _Saved:
    stereo = stitch(read_lane(Path(row["customer_file"])), read_lane(Path(row["heard_file"])))
    if not len(stereo):
        raise CallwrightError("damaged_file", file=Path(row["customer_file"]).name)
    started: datetime = row["started_at"]
    path = f"{started:%Y/%m/%d}/{contact_id}"
    target = original_file(home, path)
    target.parent.mkdir(parents=True, exist_ok=True)
    data = to_wav(stereo)
    encrypt_to(target, data, master_key(home))
    return _Saved(path, hashlib.sha256(data).hexdigest(), round(len(stereo) / RATE, 3))


async def mask_sound(
    house: House, contact_id: UUID, customer: Sequence[Window], agent: Sequence[Window]
) -> None:
    """Write the copy that may be heard: the windows (seconds) of each lane are silent in it."""
    async with house.db.begin() as tx:
        row = await store.recording_of(tx, contact_id)
    if row is None or row["state"] != "saved":
        return
    picture = await asyncio.to_thread(_mask_file, house.settings.home, row["path"], customer, agent)
    await house.db.run(
        lambda tx: store.update_recording(tx, contact_id, masked=True, peaks=picture)
    )


def _mask_file(
    home: Path, path: str, customer: Sequence[Window], agent: Sequence[Window]
) -> dict[str, list[int]]:
    stereo: Pcm = from_wav(decrypt(original_file(home, path), master_key(home)))
    stereo = silence(silence(stereo, CUSTOMER, customer), AGENT, agent)
    write_whole(masked_file(home, path), to_wav(stereo))
    return peaks(stereo)


async def original_sound(house: House, path: str) -> bytes:
    """The unmasked WAV, for those who may."""
    home = house.settings.home
    return await asyncio.to_thread(decrypt, original_file(home, path), master_key(home))


async def audit_files(tx: Tx, home: Path) -> tuple[list[str], list[str]]:
    """(rows whose file is missing, files that no row knows); both are empty when all is well."""
    rows = await store.saved_paths(tx)
    wanted = {str(original_file(home, path)) for path in rows}
    wanted |= {str(masked_file(home, path)) for path, masked in rows.items() if masked}
    there = {str(file) for file in folder(home).glob("[0-9]*/*/*/*") if file.is_file()}
    return sorted(wanted - there), sorted(there - wanted)
