"""Files encrypted at rest: AES-256-GCM in chunks, with a key that never leaves `keys/`."""

from __future__ import annotations

import os
import secrets
import struct
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from callwright.kit.errors import CallwrightError
from callwright.kit.files import write_whole

MAGIC = b"CWE1"
CHUNK = 1 << 20
KEY_BYTES = 32


def master_key(home: Path) -> bytes:
    """The installation's key, made at first use, mode 0600."""
    file = home / "keys" / "master.key"
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(file, secrets.token_bytes(KEY_BYTES))
    return file.read_bytes()


def encrypt_to(file: Path, data: bytes, key: bytes) -> None:
    """Write `data` encrypted; each chunk is bound to its place, the last one is marked."""
    cipher, prefix = AESGCM(key), os.urandom(7)
    parts = [MAGIC, prefix]
    chunks = [data[i : i + CHUNK] for i in range(0, len(data), CHUNK)] or [b""]
    for number, chunk in enumerate(chunks):
        last = number == len(chunks) - 1
        parts.append(cipher.encrypt(_nonce(prefix, number, last), chunk, None))
    write_whole(file, b"".join(parts))


def decrypt(file: Path, key: bytes) -> bytes:
    """Read it back; `damaged_file` when a bit is wrong or the key is another one."""
    raw = file.read_bytes()
    cipher, prefix, body = AESGCM(key), raw[4:11], raw[11:]
    size = CHUNK + 16
    chunks = [body[i : i + size] for i in range(0, len(body), size)]
    try:
        if raw[:4] != MAGIC:
            raise InvalidTag
        return b"".join(
            cipher.decrypt(_nonce(prefix, number, number == len(chunks) - 1), chunk, None)
            for number, chunk in enumerate(chunks)
        )
    except InvalidTag as error:
        raise CallwrightError("damaged_file", file=file.name) from error


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + struct.pack(">I", number) + bytes([last])
