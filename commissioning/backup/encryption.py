"""Encrypting a backup while it is written, and reading it at any place, in pieces that each prove themselves.

A key is 32 random bytes. Each file has a key of its own, derived from it with HKDF and a random salt, and is sealed in
pieces of 64 KiB with AES-256-GCM. A piece's nonce is its number and whether it is the last, so that pieces cannot be
changed, left out, moved or cut off unnoticed (the STREAM construction, as the file format `age` uses it).
"""

import base64
import binascii
import io
import os
import secrets
from pathlib import Path
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from commissioning.backup.manifest import BackupError

MAGIC = b"As One backup, encrypted, 1\n"
SALT_BYTES = 32
KEY_BYTES = 32
PIECE = 64 * 1024
TAG = 16
HEADER = len(MAGIC) + SALT_BYTES


class Sink(Protocol):
    """Where a backup's bytes go."""

    def write(self, data: bytes, /) -> int: ...


def make_key(file: Path) -> None:
    """Write a new key to a file that only we can read. Raises BackupError where the file is there already."""
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode() + "\n")
    except FileExistsError as error:
        raise BackupError(f"{file} is there already. A key is never replaced: choose another name.") from error
    except OSError as error:
        raise BackupError(f"The key cannot be written to {file}: {error.strerror}.") from error


def read_key(file: Path) -> bytes:
    """The key in a file that `make_key` wrote. Raises BackupError."""
    try:
        key = base64.b64decode(file.read_text().strip(), validate=True)
    except (OSError, UnicodeDecodeError, binascii.Error) as error:
        raise BackupError(f"{file} cannot be read as a backup key.") from error
    if len(key) != KEY_BYTES:
        raise BackupError(f"{file} does not hold a backup key. Make one with: ./run manage backup_key FILE")
    return key


def is_encrypted(file: BinaryIO) -> bool:
    """Whether the file begins as encrypted backups do. Leaves the file at its beginning."""
    begins = file.read(len(MAGIC))
    file.seek(0)
    return begins == MAGIC


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=salt, info=MAGIC).derive(key))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


class Encrypting:
    """Encrypts what is written to it, onto `target`. `finish` writes the last piece."""

    def __init__(self, target: Sink, key: bytes) -> None:
        salt = secrets.token_bytes(SALT_BYTES)
        self._target = target
        self._cipher = _cipher(key, salt)
        self._waiting = bytearray()
        self._number = 0
        target.write(MAGIC + salt)

    def write(self, data: bytes) -> int:
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._write_piece(PIECE, last=False)
        return len(data)

    def finish(self) -> None:
        self._write_piece(len(self._waiting), last=True)

    def _write_piece(self, size: int, *, last: bool) -> None:
        piece = bytes(self._waiting[:size])
        del self._waiting[:size]
        self._target.write(self._cipher.encrypt(_nonce(self._number, last=last), piece, MAGIC))
        self._number += 1


class Decrypting(io.RawIOBase):
    """Reads an encrypted file at any place. Raises BackupError where a piece is not what was written."""

    def __init__(self, source: BinaryIO, key: bytes) -> None:
        super().__init__()
        self._source = source
        source.seek(len(MAGIC))
        self._cipher = _cipher(key, source.read(SALT_BYTES))
        sealed = source.seek(0, io.SEEK_END) - HEADER
        self._pieces = max(1, -(-sealed // (PIECE + TAG)))
        self.size = max(0, sealed - self._pieces * TAG)
        self._at = 0
        self._held: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence])
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # any buffer will do
        if self._at >= self.size and self.size:
            return 0
        number, offset = divmod(self._at, PIECE)
        part = self._piece(number)[offset : offset + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def _piece(self, number: int) -> bytes:
        if self._held[0] != number:
            self._source.seek(HEADER + number * (PIECE + TAG))
            sealed = self._source.read(PIECE + TAG)
            nonce = _nonce(number, last=number == self._pieces - 1)
            try:
                self._held = (number, self._cipher.decrypt(nonce, sealed, MAGIC))
            except InvalidTag as error:
                raise BackupError(_WRONG_KEY if number == 0 else _DAMAGED) from error
        return self._held[1]


_WRONG_KEY = "The backup does not open: the key is not the one it was made with, or the file is damaged."
_DAMAGED = "The backup is damaged or cut short, so nothing was restored. Use another one."
