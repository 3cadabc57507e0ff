"""CSV files, row by row."""

import codecs
import csv
import io
import itertools
from collections.abc import Iterator
from typing import IO

from commissioning.core.reader.asked import Asked
from commissioning.core.reader.kinds import not_text
from commissioning.core.reader.speaking import Speaker

HOW_TO_SAVE = (
    "In Excel choose Save as, then “CSV UTF-8 (comma delimited)”; "
    "in LibreOffice tick “Edit filter settings” and choose UTF-8."
)
CHUNK = 1024 * 1024
# Stands behind the last line. Where it comes as part of another row, a quotation mark was never closed.
END = "\ue000end\ue000"
NOT_CLOSED = "A quotation mark in this row or below it is not closed. Close it, or remove it."


def read_comma(source: IO[bytes], asked: Asked, say: Speaker) -> None:
    """The rows of one file, or a fault where it cannot be read."""
    head = source.read(4096)
    if message := not_text(head):
        say.fault(None, "", message)
        return
    source.seek(0)
    encoding = _encoding(source, asked.encodings, say)
    if encoding is None:
        return
    source.seek(0)
    csv.field_size_limit(asked.limits.cell)
    text = io.TextIOWrapper(source, encoding=encoding, newline="")
    _read_rows(itertools.chain(text, [END]), asked, say)
    text.detach()


def _read_rows(lines: Iterator[str], asked: Asked, say: Speaker) -> None:
    reader = csv.reader(lines, strict=asked.strict)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if cells == [END]:
                return
            if cells and cells[-1].endswith(END):
                say.fault(number, "", NOT_CLOSED)
                return
            fitted = cells if len(cells) <= asked.limits.columns else _trimmed(cells)
            if len(fitted) > asked.limits.columns:
                message = f"This row has {len(fitted):,} cells; at most {asked.limits.columns} columns are read. "
                say.fault(number, "", f"{message}Remove the columns that are not needed.")
                return
            say.row(number, fitted)
    except csv.Error as error:
        message = "Look for a quotation mark that is not closed, or a very long cell."
        say.fault(number + 1, "", f"This row cannot be read ({_why(error)}). {message}")


def _why(error: csv.Error) -> str:
    words = {
        "unexpected end of data": "the file ends within quotation marks",
        "',' expected after '\"'": "there is text after a closing quotation mark",
    }
    text = str(error)
    return "a cell is longer than 100,000 characters" if "field limit" in text else words.get(text, text)


def _trimmed(cells: list[str]) -> list[str]:
    """Cells without empty ones at the end, which spreadsheets add."""
    last = len(cells)
    while last and not cells[last - 1].strip():
        last -= 1
    return cells[:last]


def _encoding(source: IO[bytes], encodings: tuple[str, ...], say: Speaker) -> str | None:
    """The first encoding that fits the whole file; a fault where none does."""
    head = source.read(4096)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or head.count(0) * 4 > len(head):
        say.fault(
            None, "", f"The file is in UTF-16, which spreadsheets call Unicode text. Save it as UTF-8: {HOW_TO_SAVE}"
        )
        return None
    places = [(encoding, _first_misfit(source, encoding)) for encoding in encodings]
    for encoding, place in places:
        if place is None:
            return encoding
    row, value = _around(source, places[0][1] or 0)
    if len(encodings) > 1:
        found = "The file is neither in UTF-8 nor in Windows-1252."
    else:
        found = "The file is not in UTF-8. It looks like Windows-1252, which spreadsheets save as plain CSV."
    say.fault(row, value, f"{found} Save it as UTF-8: {HOW_TO_SAVE}")
    return None


def _first_misfit(source: IO[bytes], encoding: str) -> int | None:
    """The place of the first byte that does not fit; None where all do."""
    source.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    place = 0
    while True:
        chunk = source.read(CHUNK)
        waiting = len(decoder.getstate()[0])
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            return place - waiting + error.start
        if not chunk:
            return None
        place += len(chunk)


def _around(source: IO[bytes], place: int) -> tuple[int, str]:
    """The row of a byte, and the text around it as it was probably meant."""
    source.seek(0)
    row, left = 1, place
    while left > 0 and (chunk := source.read(min(CHUNK, left))):
        row += chunk.count(b"\n")
        left -= len(chunk)
    source.seek(max(0, place - 20))
    return row, source.read(40).decode("cp1252", errors="replace").replace("\n", " ")
