"""Names of files, as people give them and as they are given out."""

import re

from commissioning.core.characters import hidden_in

LONGEST = 150
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*]')


def clean_name(name: str, *, otherwise: str = "file") -> str:
    """The last part of a name without characters that hide or reorder others, cut to 150 with its ending kept."""
    last = re.split(r"[/\\]", name)[-1]
    visible = "".join(char for char in last if not hidden_in(char))
    plain = " ".join(_NOT_IN_NAMES.sub("_", visible).split()).strip(". ")
    cut = plain if len(plain) <= LONGEST else plain[: LONGEST - 20] + plain[-20:]
    return cut or otherwise
