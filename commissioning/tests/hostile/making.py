"""How hostile files are made: archives and workbooks, and what is wrong with them."""

import io
import struct
import zipfile
from collections.abc import Iterable

import openpyxl

PEOPLE_HEADER = "person_ref,given_name,family_name,date_of_birth,diagnosis,council,icb"
PEOPLE = f"{PEOPLE_HEADER}\nH-1,Hostile,File,2000-01-01,both,COUNCIL,ICB\n"
CELLS = ["H-1", "Hostile", "File", "2000-01-01", "both", "COUNCIL", "ICB"]
SPENDING_HEADER = "Date,Transaction Number,Amount,Supplier Name,Supplier ID,Expense Type"
SPENDING = f"{SPENDING_HEADER}\n2023-04-03,T1,100.00,MEADOW FARM SUPPORT LTD,501,Individualised support\n"
CQC_HEADER = "name,cqc_id,type,address,postcode,provider,inspection_date,area_name"
CQC = f"{CQC_HEADER}\nAsh House,1-1001,Homes,2 Ash Lane,M33 5PD,Meadow Farm Ltd,2024-02-08,Trafford\n"

Member = tuple[str | zipfile.ZipInfo, bytes]


def zip_of(*members: Member, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, contents in members:
            archive.writestr(name, contents, method)
    return buffer.getvalue()


def link_to(target: str) -> Member:
    info = zipfile.ZipInfo("people.csv")
    info.external_attr = 0o120777 << 16
    return info, target.encode()


def named(name: str, contents: bytes = PEOPLE.encode()) -> bytes:
    """A zip of one member whose name is written as it is, whatever zip programs would make of it."""
    stand_in = "x" * len(name.encode())
    return zip_of((stand_in, contents)).replace(stand_in.encode(), name.encode())


def twice(*names: str) -> bytes:
    """A zip in which files have names that must not both be there."""
    plain = [f"{place}" + "x" * (len(name) - 1) for place, name in enumerate(names)]
    made = zip_of(*[(name, PEOPLE.encode()) for name in plain])
    for name, wanted in zip(plain, names, strict=True):
        made = made.replace(name.encode(), wanted.encode())
    return made


def patched(archive: bytes, *, field: int, size: str, value: int) -> bytes:
    """The archive with a field of each entry in its table of contents overwritten."""
    made = bytearray(archive)
    place = made.find(b"PK\x01\x02")
    while place >= 0:
        struct.pack_into(f"<{size}", made, place + field, value)
        place = made.find(b"PK\x01\x02", place + 4)
    return bytes(made)


def overlapping(copies: int = 50) -> bytes:
    """A zip whose table of contents names the same packed bytes again and again."""
    whole = zip_of(("0000.csv", b"a,b\n" * 1000))
    start = whole.find(b"PK\x01\x02")
    entry, end = whole[start : whole.find(b"PK\x05\x06")], bytearray(whole[whole.find(b"PK\x05\x06") :])
    entries = b"".join(entry.replace(b"0000", f"{number:04}".encode()) for number in range(copies))
    struct.pack_into("<HHL", end, 8, copies, copies, len(entries))
    return whole[:start] + entries + bytes(end)


def workbook(*rows: list[object], sheet: str = "people") -> bytes:
    book = openpyxl.Workbook()
    del book[book.sheetnames[0]]
    made = book.create_sheet(sheet)
    for row in rows or ([PEOPLE_HEADER.split(",")], [CELLS]):
        made.append(row[0] if isinstance(row[0], list) else row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_parts(changes: dict[str, bytes | None], book: bytes | None = None) -> bytes:
    """A sound workbook with parts put in, replaced, or (None) taken out."""
    with zipfile.ZipFile(io.BytesIO(book or workbook())) as sound:
        parts: dict[str, bytes | None] = {name: sound.read(name) for name in sound.namelist()}
    return zip_of(*[(name, data) for name, data in {**parts, **changes}.items() if data is not None])


def sheet_of(rows: str, before: str = "") -> bytes:
    """A workbook whose sheet's XML holds these rows under a header."""
    names = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in PEOPLE_HEADER.split(","))
    xml = (
        f'<?xml version="1.0"?>{before}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<sheetData><row r="1">{names}</row>{rows}</sheetData></worksheet>'
    )
    return with_parts({"xl/worksheets/sheet1.xml": xml.encode()})


def strings_of(items: Iterable[str], rows: str, before: str = "") -> bytes:
    """A workbook with these shared strings and these rows."""
    strings = "".join(f"<si><t>{item}</t></si>" for item in items)
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Target="worksheets/sheet1.xml" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>'
    )
    with zipfile.ZipFile(io.BytesIO(workbook())) as sound:
        kinds = sound.read("[Content_Types].xml").decode()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    if "sharedStrings" not in kinds:
        kinds = kinds.replace("</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>')
    return with_parts(
        {
            "[Content_Types].xml": kinds.encode(),
            "xl/_rels/workbook.xml.rels": relations.encode(),
            "xl/sharedStrings.xml": f'<?xml version="1.0"?>{before}<sst xmlns="{space}">{strings}</sst>'.encode(),
            "xl/worksheets/sheet1.xml": (
                f'<?xml version="1.0"?><worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
            ).encode(),
        }
    )


def row_with(place: int, value: str) -> bytes:
    """The sound file of people with one cell changed."""
    cells = list(CELLS)
    cells[place] = value
    return f"{PEOPLE_HEADER}\n{','.join(cells)}\n".encode()
