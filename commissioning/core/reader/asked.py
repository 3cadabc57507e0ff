"""What the reader is asked to do, and how much of everything it may use."""

import json
from dataclasses import asdict, dataclass, field
from typing import Self

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What reading one file may take. Times in seconds, sizes in bytes."""

    seconds: int = 120
    memory: int = 512 * MEGABYTE
    expanded: int = 200 * MEGABYTE
    # Of an archive's member that is no sheet: styles, relations and the like.
    support_part: int = 10 * MEGABYTE
    result: int = 256 * MEGABYTE
    members: int = 200
    ratio: int = 200
    cells: int = 5_000_000
    columns: int = 500
    cell: int = 100_000
    cell_faults: int = 1000


# What a web request may wait for, what a worker may, and what a command may that somebody runs on purpose.
IN_A_REQUEST = Limits(seconds=20)
IN_THE_BACKGROUND = Limits()
BY_COMMAND = Limits(
    seconds=900, memory=2048 * MEGABYTE, expanded=2048 * MEGABYTE, result=2048 * MEGABYTE, cells=50_000_000
)


@dataclass(frozen=True)
class Asked:
    """One file to read. `kind` is csv, xlsx or zip (of CSV files).

    `wanted` are the names of files in a zip, or of sheets with `.csv` behind, to be read; others are only named.
    `encodings` are tried in turn. With `strict`, a stray quotation mark is a fault; published lists have some.
    With `only_check` nothing is read beyond what says that the file may be.
    """

    kind: str
    wanted: tuple[str, ...] = ()
    encodings: tuple[str, ...] = ("utf-8-sig",)
    strict: bool = True
    only_check: bool = False
    limits: Limits = field(default_factory=Limits)

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        given = json.loads(text)
        given["limits"] = Limits(**given["limits"])
        return cls(**{**given, "wanted": tuple(given["wanted"]), "encodings": tuple(given["encodings"])})
