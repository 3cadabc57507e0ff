"""Tables as files: CSV that spreadsheet programs cannot execute."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "'")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def guard(text: str) -> str:
    """Text that a spreadsheet would take for a formula gets a leading apostrophe; numbers stay numbers."""
    if text.startswith(_DANGEROUS) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def unguard(text: str) -> str:
    """What `guard` wrote, as it was."""
    return text[1:] if text.startswith("'") else text


def write_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Comma separated, lines ending in a line feed, every cell guarded."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([guard(cell) for cell in row] for row in rows)
    return out.getvalue()
