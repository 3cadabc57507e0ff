"""Ways in which a backup is spoilt, by accident and by hand."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Edit = Callable[[dict[str, Any]], object]


def damaged(whole: bytes) -> Iterator[tuple[str, bytes]]:
    """What was done, and the file that it makes; the digest at the end is put right where somebody's hand would."""
    for part in (0, 1, 63, 64, len(whole) // 2, len(whole) - 64, len(whole) - 1):
        yield f"cut to {part} bytes", whole[:part]
    yield "one byte more", whole + b"0"
    for place in range(20):
        at = place * (len(whole) - 1) // 19
        yield f"byte {at} of {len(whole)} flipped", whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
    yield "without a table", rebuilt(whole, leave_out=_a_table(whole))
    yield "without its manifest", rebuilt(whole, leave_out="manifest.json")
    yield "with a table more", rebuilt(whole, add=("tables/extra.csv", b"id\n1\n"))
    yield "with a row more than its manifest says", rebuilt(whole, edit=_fewer_rows)
    yield "with another digest in its manifest", rebuilt(whole, edit=_another_digest)
    yield "with a table taken out of its manifest too", without_table(whole, _a_table(whole))
    yield "with a manifest of another format", rebuilt(whole, edit=lambda found: found.update(format=99))
    yield "with a manifest that is none", rebuilt(whole, edit=lambda found: found.pop("tables"))
    yield "with another end of the audit chain", rebuilt(whole, edit=lambda found: found.update(audit_head="0" * 64))
    yield "with a row changed and every digest put right, but no such parent", orphaned(whole)


def with_migrations(whole: bytes, change: Callable[[list[list[str]]], object]) -> bytes:
    """A backup that was made by another version."""
    return rebuilt(whole, edit=lambda found: change(found["migrations"]))


def rebuilt(
    whole: bytes,
    *,
    leave_out: str = "",
    add: tuple[str, bytes] | None = None,
    edit: Edit | None = None,
    replace: dict[str, bytes] | None = None,
) -> bytes:
    """The backup with something changed inside, and its digest made anew."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as before, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = (replace or {}).get(name, before.read(name))
            if name == "manifest.json" and edit:
                found = json.loads(content)
                edit(found)
                content = json.dumps(found).encode()
            if name != leave_out:
                after.writestr(name, content)
        if add:
            after.writestr(*add)
        after.comment = b"0" * 64
    body = made.getvalue()[:-64]
    return body + hashlib.sha256(body).hexdigest().encode()


def without_table(whole: bytes, member: str) -> bytes:
    """As somebody would who knows how: gone from the manifest too."""

    def forget(found: dict[str, Any]) -> None:
        found["tables"] = [table for table in found["tables"] if f"tables/{table['name']}.csv" != member]

    return rebuilt(whole, leave_out=member, edit=forget)


def orphaned(whole: bytes) -> bytes:
    """A permission of a content type that is not there, digests and all: only the foreign key can tell."""
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        content = archive.read("tables/django_content_type.csv").splitlines(keepends=True)[:1]
    emptied = b"".join(content)

    def put_right(found: dict[str, Any]) -> None:
        for table in found["tables"]:
            if table["name"] == "django_content_type":
                table.update(rows=0, sha256=hashlib.sha256(emptied).hexdigest())

    return rebuilt(whole, edit=put_right, replace={"tables/django_content_type.csv": emptied})


def _a_table(whole: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        sizes = [(found.file_size, found.filename) for found in archive.infolist()]
    return max(size for size in sizes if size[1].startswith("tables/"))[1]


def _fewer_rows(found: dict[str, Any]) -> None:
    max(found["tables"], key=lambda table: table["rows"])["rows"] -= 1


def _another_digest(found: dict[str, Any]) -> None:
    found["tables"][0]["sha256"] = "0" * 64


def write(file: Path, content: bytes) -> Path:
    file.write_bytes(content)
    return file
