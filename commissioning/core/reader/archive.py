"""Zip files: judged whole by their table of contents before anything in them is opened. An .xlsx is one too."""

import itertools
import stat
import unicodedata
import zipfile
from pathlib import PurePosixPath
from typing import IO

from commissioning.core.reader.asked import MEGABYTE, Asked, Limits
from commissioning.core.reader.comma import read_comma
from commissioning.core.reader.kinds import OLE, is_archive, not_zip
from commissioning.core.reader.speaking import Speaker, Unreadable

DAMAGED = "This file is damaged or not what its name says. Save it again, then choose it again."
WORKBOOK = "[Content_Types].xml"
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


def open_archive(source: IO[bytes], limits: Limits) -> zipfile.ZipFile:
    """The archive, once its table of contents is found harmless. Raises Unreadable."""
    if message := not_zip(source.read(8)):
        raise Unreadable(message)
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
        raise Unreadable(DAMAGED) from error
    members = archive.infolist()
    _check_sizes(members, limits)
    for member in members:
        _check_member(member)
    _check_names([member.filename for member in members])
    return archive


def _check_sizes(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(members) > limits.members:
        raise Unreadable(
            f"This holds {len(members):,} files; at most {limits.members} are read. "
            "Keep only the files that are needed."
        )
    if sum(member.file_size for member in members) > limits.expanded:
        most = limits.expanded // MEGABYTE
        raise Unreadable(f"This expands to more than {most:,} MB and was not opened. Split it into several files.")
    for member in members:
        if member.file_size > MEGABYTE and member.file_size > limits.ratio * max(member.compress_size, 1):
            raise Unreadable(
                f"“{shown(member.filename)}” in it expands more than {limits.ratio} times and was not opened. "
                "Save the file again from the program it comes from."
            )
    ends = sorted((member.header_offset, member.header_offset + member.compress_size) for member in members)
    if any(end > start for (_start, end), (start, _end) in itertools.pairwise(ends)):
        raise Unreadable(DAMAGED)


def _check_member(member: zipfile.ZipInfo) -> None:
    name = shown(member.filename)
    if member.flag_bits & 1:
        raise Unreadable("This file is protected by a password. Save it without one.")
    if member.compress_type not in METHODS:
        raise Unreadable(f"“{name}” in it is packed in a way that is not read. Make the zip again in the usual way.")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise Unreadable(f"“{name}” in it is a link to another file. Put the file itself into the zip.")
    if is_unsafe(member.orig_filename):
        raise Unreadable(
            f"It holds a file with a name that cannot be taken, “{name}”. Rename it and make the zip again."
        )


def _check_names(names: list[str]) -> None:
    seen: set[str] = set()
    for name in names:
        plain = unicodedata.normalize("NFKC", name).casefold()
        if plain in seen:
            raise Unreadable(f"“{shown(name)}” is in it twice. Keep one of them and make the zip again.")
        seen.add(plain)


def is_unsafe(name: str) -> bool:
    """A name that leads out of the archive, or is not what it looks like."""
    parts = name.replace("\\", "/").split("/")
    has_drive = len(name) > 1 and name[1] == ":"
    hidden = any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co"} for char in name)
    return has_drive or hidden or name.startswith(("/", "\\")) or ".." in parts or len(name) > 200


def shown(name: str) -> str:
    """A name as a message quotes it: short, and every character visible."""
    visible = "".join(char if char.isprintable() else repr(char)[1:-1] for char in name)
    return visible if len(visible) <= 60 else f"{visible[:60]}…"


def read_archive(source: IO[bytes], asked: Asked, say: Speaker) -> None:
    """The wanted CSV files of a zip, those in the folder nearest the top that holds one."""
    archive = open_archive(source, asked.limits)
    names = archive.namelist()
    if WORKBOOK in names:
        raise Unreadable("This is an Excel workbook, though its name ends in .zip. Give it its .xlsx back.")
    _check_nested(archive)
    found = _members(names, asked.wanted)
    if not found:
        raise Unreadable("There is no CSV file in this. Choose a zip that holds CSV files.")
    if asked.only_check:
        return
    for name in found:
        base = PurePosixPath(name).name
        if base.casefold() in asked.wanted or not asked.wanted:
            say.table(base)
            with archive.open(name) as member:
                read_comma(member, asked, say)
            say.flush()
        else:
            say.ignored(base)


def _check_nested(archive: zipfile.ZipFile) -> None:
    for member in archive.infolist():
        if member.is_dir():
            continue
        with archive.open(member) as opened:
            head = opened.read(8)
        if is_archive(head) or head.startswith(OLE):
            raise Unreadable(
                f"“{shown(member.filename)}” in it is an archive or a spreadsheet itself. Take what is in it out, or "
                "save it as CSV, and make the zip again."
            )


def _members(names: list[str], wanted: tuple[str, ...]) -> list[str]:
    comma = sorted(name for name in names if name.casefold().endswith(".csv") and "__MACOSX" not in name)
    known = [name for name in comma if PurePosixPath(name).name.casefold() in wanted]
    folder = min((PurePosixPath(name).parent for name in known or comma), key=_depth, default=PurePosixPath())
    return [name for name in comma if PurePosixPath(name).parent == folder]


def _depth(folder: PurePosixPath) -> tuple[int, str]:
    return len(folder.parts), str(folder)
