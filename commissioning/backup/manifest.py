"""What a backup says of itself: every table with its rows and digest, and what the database was."""

import json
from dataclasses import asdict, dataclass
from typing import Any

FORMAT = 1


class BackupError(Exception):
    """A backup or a restore that cannot be made; the message says why and what to do. Nothing is half done."""


@dataclass(frozen=True)
class TableCopy:
    """One table in a backup: its columns in order, how many rows, and the SHA-256 of its CSV."""

    name: str
    columns: tuple[str, ...]
    rows: int
    sha256: str

    @property
    def member(self) -> str:
        """The name of its file inside the backup."""
        return f"tables/{self.name}.csv"


@dataclass(frozen=True)
class Manifest:
    """What is in a backup. `sequences` holds the number each gives next; `left_out` tables are restored empty."""

    made_at: str
    version: str
    server: str
    migrations: tuple[tuple[str, str], ...]
    tables: tuple[TableCopy, ...]
    sequences: tuple[tuple[str, int], ...]
    left_out: tuple[str, ...]
    audit_head: str

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)

    def to_json(self) -> bytes:
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "Manifest":
        """Raises BackupError where it is not a manifest that this version reads."""
        try:
            found = json.loads(text)
            if found.pop("format") != FORMAT:
                raise BackupError("This backup was made by another version of As One. Restore it with that version.")
            return cls(**_with_tuples(found))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BackupError("The backup’s manifest cannot be read: the file is damaged. Use another one.") from error


def _with_tuples(found: dict[str, Any]) -> dict[str, Any]:
    tables = tuple(TableCopy(**{**table, "columns": tuple(table["columns"])}) for table in found["tables"])
    pairs = {name: tuple((str(one), other) for one, other in found[name]) for name in ("migrations", "sequences")}
    return {**found, "tables": tables, "left_out": tuple(found["left_out"]), **pairs}
