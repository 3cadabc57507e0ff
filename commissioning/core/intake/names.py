"""Names of files, as people give them and as they are given out."""

import re
import unicodedata

LONGEST = 150
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*]')


def clean_name(name: str, *, otherwise: str = "file") -> str:
    """The last part of a name without characters that hide or reorder others, cut to 150 with its ending kept."""
    last = re.split(r"[/\\]", name)[-1]
    visible = "".join(char for char in last if unicodedata.category(char) not in _HIDDEN)
    plain = " ".join(_NOT_IN_NAMES.sub("_", visible).split()).strip(". ")
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 20] + plain[-20:] or otherwise
