"""A backup as one file: a zip of a CSV for each table and then the manifest, and at its very end the digest of it all.

Written in one go from beginning to end, so that it can be encrypted on the way. It is whole only under its own name:
until then it is `<name>.unfinished`, which a killed backup leaves behind and the next one replaces.
"""

import fcntl
import hashlib
import io
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

from commissioning.backup.encryption import Decrypting, Encrypting, Sink, is_encrypted
from commissioning.backup.manifest import BackupError, Manifest

MANIFEST = "manifest.json"
LARGEST_MANIFEST_BYTES = 16 * 1024 * 1024
BLOCK = 1024 * 1024
DIGEST_CHARACTERS = 64
_ROOM_FOR_DIGEST = b"0" * DIGEST_CHARACTERS
# Quick rather than small: a backup should not slow the application down for long.
COMPRESSION = 3

DAMAGED = "The backup is damaged or cut short, so nothing was restored. Use another one."


class _Sealing:
    """Passes bytes on, and puts the SHA-256 of everything before them in place of the last 64."""

    def __init__(self, target: Sink) -> None:
        self._target = target
        self._digest = hashlib.sha256()
        self._tail = b""

    def write(self, data: bytes) -> int:
        held = self._tail + bytes(data)
        self._pass_on(held[:-DIGEST_CHARACTERS])
        self._tail = held[-DIGEST_CHARACTERS:]
        return len(data)

    def flush(self) -> None:
        """For zipfile; there is nothing to do."""

    def finish(self) -> None:
        if self._tail != _ROOM_FOR_DIGEST:
            raise AssertionError("a backup ends with room for its digest")
        self._target.write(self._digest.hexdigest().encode())

    def _pass_on(self, data: bytes) -> None:
        self._digest.update(data)
        self._target.write(data)


class BackupWriter:
    """The inside of a backup that is being written."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def member(self, name: str) -> IO[bytes]:
        """A file inside the backup, of any length; close it before the next."""
        return self._archive.open(name, "w", force_zip64=True)

    def put_manifest(self, manifest: Manifest) -> None:
        with self.member(MANIFEST) as handle:
            handle.write(manifest.to_json())


@contextmanager
def writing(file: Path, key: bytes | None) -> Iterator[BackupWriter]:
    """Write a backup; it has its name when the block ends well, and nothing of it is left when the block raises.

    Raises BackupError where the name is taken, another backup is being written there, or the disk refuses.
    """
    unfinished = file.with_name(f"{file.name}.unfinished")
    try:
        with _alone(unfinished, file) as handle:
            try:
                with _archive(handle, key) as archive:
                    yield BackupWriter(archive)
                handle.flush()
                os.fsync(handle.fileno())
                unfinished.rename(file)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise
        _sync_folder(file.parent)
    except OSError as error:
        raise BackupError(
            f"The backup cannot be written to {file}: {error.strerror}. Nothing is left of it."
        ) from error


@contextmanager
def _alone(unfinished: Path, file: Path) -> Iterator[BinaryIO]:
    handle = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as opened:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(f"Another backup is being written to {file}. Wait for it.") from error
        if file.exists():
            unfinished.unlink()
            raise BackupError(f"{file} is there already. A backup is never overwritten: choose another name.")
        os.fchmod(handle, 0o600)
        os.ftruncate(handle, 0)
        yield opened


@contextmanager
def _archive(handle: BinaryIO, key: bytes | None) -> Iterator[zipfile.ZipFile]:
    encrypting = Encrypting(handle, key) if key else None
    sealing = _Sealing(encrypting or handle)
    target = cast(IO[bytes], sealing)  # zipfile needs write and flush; without tell it never goes back
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION) as archive:
        yield archive
        archive.comment = _ROOM_FOR_DIGEST
    sealing.finish()
    if encrypting:
        encrypting.finish()


def _sync_folder(folder: Path) -> None:
    """The new name survives a power cut too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class BackupReader:
    """A backup that was found whole."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._archive = archive
        self.manifest = manifest

    def member(self, name: str) -> IO[bytes]:
        return self._archive.open(name)


@contextmanager
def reading(file: Path, key: bytes | None) -> Iterator[BackupReader]:
    """Open a backup and check all of it: the digest of the whole, the manifest, and each table against the manifest.

    Raises BackupError, with what is wrong.
    """
    try:
        with file.open("rb") as handle:
            plain = _plain(handle, key)
            _check_whole(plain)
            with zipfile.ZipFile(plain) as archive:
                reader = BackupReader(archive, _manifest(archive))
                _check_tables(reader, archive)
                yield reader
    except OSError as error:
        raise BackupError(f"The backup {file} cannot be read: {error.strerror or error}.") from error
    except (zipfile.BadZipFile, EOFError, ValueError) as error:
        raise BackupError(DAMAGED) from error


def _plain(handle: BinaryIO, key: bytes | None) -> BinaryIO:
    if not is_encrypted(handle):
        if key:
            raise BackupError(
                "This backup is not encrypted, or is damaged: it does not begin as an encrypted one. If you know that "
                "it was made without a key, leave the key out."
            )
        return handle
    if key is None:
        raise BackupError("This backup is encrypted. Say which file holds its key: --key FILE")
    return cast(BinaryIO, io.BufferedReader(Decrypting(handle, key), BLOCK))


def _check_whole(plain: BinaryIO) -> None:
    digest = hashlib.sha256()
    tail = b""
    while block := plain.read(BLOCK):
        held = tail + block
        digest.update(held[:-DIGEST_CHARACTERS])
        tail = held[-DIGEST_CHARACTERS:]
    if digest.hexdigest().encode() != tail:
        raise BackupError(DAMAGED)
    plain.seek(0)


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        found = archive.getinfo(MANIFEST)
    except KeyError as error:
        raise BackupError("This is not a backup of As One: it has no manifest.") from error
    if found.file_size > LARGEST_MANIFEST_BYTES:
        raise BackupError(DAMAGED)
    return Manifest.from_json(archive.read(found))


def _check_tables(reader: BackupReader, archive: zipfile.ZipFile) -> None:
    tables = reader.manifest.tables
    said = {MANIFEST, *(table.member for table in tables)}
    there = archive.namelist()
    missing = sorted(said - set(there))
    if missing:
        raise BackupError(f"The backup lacks {', '.join(missing)}, which its manifest names. Use another one.")
    if len(there) != len(said):
        raise BackupError(
            "The backup holds more than its manifest names, so it is not as it was made. Use another one."
        )
    for table in tables:
        if _sha256(reader.member(table.member)) != table.sha256:
            raise BackupError(f"The backup’s table {table.name} is not what its manifest says. Use another one.")


def _sha256(handle: IO[bytes]) -> str:
    with handle:
        digest = hashlib.sha256()
        while block := handle.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
