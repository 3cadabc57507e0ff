"""The hostile files: where each is brought, what it is called, how it is made, and what the person must be told."""

import gzip
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from commissioning.tests.hostile import making
from commissioning.tests.hostile.making import (
    CELLS,
    CQC,
    PEOPLE,
    PEOPLE_HEADER,
    SPENDING,
    SPENDING_HEADER,
    named,
    row_with,
    sheet_of,
    strings_of,
    with_parts,
    workbook,
    zip_of,
)

HEADER: list[object] = [*PEOPLE_HEADER.split(",")]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BILLION = f'<!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY o SYSTEM "file:///etc/passwd">]>'
PARAMETER = '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p.dtd"> %p;]>'


@dataclass(frozen=True)
class Hostile:
    """One hostile file. `says` must be on the page that the person comes to."""

    what: str
    intake: str
    name: str
    make: Callable[[], bytes]
    says: str


def _zip(what: str, says: str, make: Callable[[], bytes], name: str = "data.zip") -> Hostile:
    return Hostile(what, "dataset", name, make, says)


def _book(what: str, says: str, make: Callable[[], bytes]) -> Hostile:
    return Hostile(what, "dataset", "data.xlsx", make, says)


def _people(what: str, says: str, make: Callable[[], bytes]) -> Hostile:
    return Hostile(what, "dataset", "people.csv", make, says)


def _spending(what: str, says: str, make: Callable[[], bytes]) -> Hostile:
    return Hostile(what, "spending", "spending.csv", make, says)


def _cqc(what: str, says: str, make: Callable[[], bytes]) -> Hostile:
    return Hostile(what, "cqc", "cqc.csv", make, says)


def _member(contents: bytes, name: str = "people.csv") -> bytes:
    return zip_of((name, contents))


def _inner_gzip() -> bytes:
    return zip_of(("people.csv", gzip.compress(PEOPLE.encode())))


ZIPS = [
    _zip("no zip at all", "damaged or not what its name says", lambda: b"\0\1\2" * 999),
    _zip("a zip cut short", "damaged", lambda: _member(PEOPLE.encode())[:-40]),
    _zip("a bomb of zeros", "expands more than 200 times", lambda: _member(b"0" * 60_000_000)),
    _zip(
        "a table of contents that claims 3 GB",
        "expands to more than 200 MB",
        lambda: making.patched(_member(PEOPLE.encode()), field=24, size="L", value=3_000_000_000),
    ),
    _zip(
        "a table of contents that claims too little",
        "damaged",
        lambda: making.patched(_member(PEOPLE.encode()), field=24, size="L", value=20),
    ),
    _zip("files that share their bytes", "damaged", making.overlapping),
    _zip(
        "ten thousand files",
        "holds 10,000 files",
        lambda: zip_of(*[(f"{n}.csv", b"a\n1\n") for n in range(10_000)], method=zipfile.ZIP_STORED),
    ),
    _zip("a zip in the zip", "is an archive or a spreadsheet itself", lambda: _member(_member(b"x"), "people.csv")),
    _zip("a gzip in the zip", "is an archive or a spreadsheet itself", _inner_gzip),
    _zip("a workbook in the zip", "is an archive or a spreadsheet itself", lambda: _member(workbook(), "people.csv")),
    _zip("a path out of the folder", "a name that cannot be taken", lambda: named("../../etc/people.csv")),
    _zip("a path from the root", "a name that cannot be taken", lambda: named("/etc/people.csv")),
    _zip("a Windows drive", "a name that cannot be taken", lambda: named("C:\\data\\people.csv")),
    _zip("a path with backslashes", "a name that cannot be taken", lambda: named("..\\people.csv")),
    _zip("a NUL in a name", "a name that cannot be taken", lambda: named("people.csv\0.exe")),
    _zip("a name read backwards", "a name that cannot be taken", lambda: zip_of(("people\u202evsc.csv", b"a\n1\n"))),
    _zip("a file twice", "is in it twice", lambda: making.twice("people.csv", "people.csv")),
    _zip("a file twice but for capitals", "is in it twice", lambda: making.twice("people.csv", "People.csv")),
    _zip("a link to another file", "is a link to another file", lambda: zip_of(making.link_to("/etc/passwd"))),
    _zip(
        "a file under a password",
        "protected by a password",
        lambda: making.patched(_member(PEOPLE.encode()), field=8, size="H", value=1),
    ),
    _zip("an uncommon packing", "packed in a way", lambda: zip_of(("people.csv", b"a"), method=zipfile.ZIP_LZMA)),
    _zip("an empty zip", "There is no CSV file in this", lambda: zip_of()),
    _zip("a workbook called .zip", "though its name ends in .zip", workbook),
]

WORKBOOKS = [
    _book("no workbook at all", "damaged or not what its name says", lambda: b"not a workbook"),
    _book("a workbook cut short", "damaged", lambda: workbook()[:-200]),
    _book("a workbook of the old kind, or locked", "of the old kind (.xls), or one protected", lambda: OLE),
    _book("macros", "holds macros", lambda: with_parts({"xl/vbaProject.bin": OLE})),
    _book("macros of Excel 4", "holds macros", lambda: with_parts({"xl/macrosheets/sheet1.xml": b"<x/>"})),
    _book(
        "a workbook declared to have macros",
        "holds macros",
        lambda: with_parts(
            {"[Content_Types].xml": b'<Types><Override ContentType="x.sheet.macroEnabled.main"/></Types>'}
        ),
    ),
    _book(
        "a binary workbook",
        "not an Excel workbook (.xlsx)",
        lambda: with_parts({"xl/workbook.xml": None, "xl/workbook.bin": b"\x83\x01"}),
    ),
    _book(
        "an OpenDocument spreadsheet",
        "not an Excel workbook (.xlsx)",
        lambda: zip_of(("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"<x/>")),
    ),
    _book(
        "a text document",
        "not an Excel workbook (.xlsx)",
        lambda: zip_of(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<x/>")),
    ),
    _book(
        "links to other files", "linked to other files", lambda: with_parts({"xl/externalLinks/externalLink1.xml": b""})
    ),
    _book("a query of a database", "linked to other files", lambda: with_parts({"xl/connections.xml": b"<x/>"})),
    _book("an embedded document", "linked to other files", lambda: with_parts({"xl/embeddings/oleObject1.bin": OLE})),
    _book("a billion laughs", "cannot be opened", lambda: sheet_of('<row r="2"><c><v>&l9;</v></c></row>', BILLION)),
    _book(
        "laughs in the shared strings",
        "cannot be opened",
        lambda: strings_of(["&l9;"], '<row r="1"><c t="s"><v>0</v></c></row>', BILLION),
    ),
    _book(
        "a file read through an entity", "cannot be opened", lambda: sheet_of("<row><c><v>&o;</v></c></row>", OUTSIDE)
    ),
    _book(
        "a definition from the web",
        "cannot be opened",
        lambda: with_parts({"xl/styles.xml": f'<?xml version="1.0"?>{PARAMETER}<styleSheet/>'.encode()}),
    ),
    _book("200,000 elements deep", "cannot be opened", lambda: sheet_of("<a>" * 200_000)),
    _book(
        "a formula",
        "Replace the formula by its value",
        lambda: workbook(HEADER, ["=1+1", *CELLS[1:]]),
    ),
    _book(
        "a command through DDE",
        "Replace the formula by its value",
        lambda: workbook(HEADER, ["=cmd|'/c calc'!A1", *CELLS[1:]]),
    ),
    _book(
        "a formula that asks the web",
        "Replace the formula by its value",
        lambda: workbook(HEADER, ['=WEBSERVICE("http://127.0.0.1:9/")', *CELLS[1:]]),
    ),
    _book(
        "an error in a cell",
        "Replace this spreadsheet error",
        lambda: workbook(HEADER, ["#REF!", *CELLS[1:]]),
    ),
    _book(
        "a text of 30 million letters",
        "more than 100,000 characters",
        lambda: strings_of([_noise(30_000_000)], '<row r="1"><c t="s"><v>0</v></c></row>'),
    ),
    _book(
        "one long text in 20,000 cells",
        "Split it into",
        lambda: strings_of([_noise(90_000)], _row("person_ref") + '<row><c t="s"><v>0</v></c></row>' * 20_000),
    ),
    _book("30 MB of styles", "MB of formatting", lambda: with_parts({"xl/styles.xml": _noise(30_000_000).encode()})),
    _book("a sheet of nothing but space", "expands more than 200 times", lambda: sheet_of(" " * 30_000_000)),
    _book(
        "parts that are something else",
        "cannot be opened",
        lambda: with_parts({"xl/workbook.xml": b"\x89PNG"}),
    ),
    _book("no workbook in the workbook", "cannot be opened", lambda: with_parts({"xl/workbook.xml": None})),
    _book(
        "a column beyond the last",
        "cannot be opened",
        lambda: sheet_of('<row r="2"><c r="ZZZZZZ2" t="inlineStr"><is><t>x</t></is></c></row>'),
    ),
    _book(
        "a row beyond the last",
        "at most 1,048,576 rows",
        lambda: sheet_of('<row r="99999999999"><c t="inlineStr"><is><t>x</t></is></c></row>'),
    ),
    _book("29 February 1900", "before 1 March 1900", lambda: sheet_of(_made_up_day())),
    _book("a number that is none", "cannot be opened", lambda: sheet_of("<row><c><v>NaN</v></c></row>")),
    _book("600 columns", "more than 500 columns", lambda: workbook([*HEADER, *["more"] * 600])),
]

COMMA = [
    _people("UTF-16", "The file is in UTF-16", lambda: PEOPLE.encode("utf-16")),
    _people("UTF-16 that does not say so", "The file is in UTF-16", lambda: PEOPLE.encode("utf-16-le")),
    _people("Windows-1252", "It looks like Windows-1252", lambda: row_with(1, "Zoë").decode().encode("cp1252")),
    _people("a NUL in a name", "This holds a control character (U+0000)", lambda: row_with(1, "Hos\0tile")),
    _people("a name read backwards", "This holds a control character (U+202E)", lambda: row_with(1, "Jo\u202eelpmaxe")),
    _people("a bell in a name", "This holds a control character (U+0007)", lambda: row_with(2, "Fi\ale")),
    _people("a reference with a hidden space", "hidden characters (U+200B)", lambda: row_with(0, "H-\u200b1")),
    _people("a cell of 10 MB", "a cell is longer than 100,000 characters", lambda: row_with(1, "x" * 10_000_000)),
    _people("100,000 columns", "at most 500 columns", lambda: ",".join(["x"] * 100_000).encode()),
    _people("quotes never closed", "quotation mark", lambda: row_with(1, '"Hostile')),
    _people("a column twice", "This column is here twice", lambda: f"person_ref,{PEOPLE}".encode()),
    _people("a column in another alphabet", "not of our alphabet", lambda: PEOPLE.replace("p", "р", 1).encode()),
    _people("no header", "The column person_ref is missing", lambda: (",".join(CELLS) + "\n").encode()),
    _people("29 February 1900", "is not a date", lambda: row_with(3, "1900-02-29")),
    _people("wide digits", "is not a date", lambda: row_with(3, "２０００-０１-０１")),
    _people("a PDF called .csv", "This is a PDF, not a CSV file", lambda: b"%PDF-1.7\n" + PEOPLE.encode()),
    _people("a workbook called .csv", "is an archive or a spreadsheet itself", workbook),
    _people("a web page called .csv", "This is a web page or XML", lambda: b"<!DOCTYPE html><title>x</title>"),
    Hostile(
        "an amount of 1e308",
        "dataset",
        "baselines.csv",
        lambda: b"person_ref,weekly_cost,as_at,source\nH-1,1e308,2020-01-01,x\n",
        "Enter an amount in pounds",
    ),
    Hostile(
        "an amount that is a formula",
        "dataset",
        "baselines.csv",
        lambda: b"person_ref,weekly_cost,as_at,source\nH-1,=1+1,2020-01-01,x\n",
        "Enter an amount in pounds",
    ),
]

LISTS = [
    _spending("quotes never closed", "is not closed", lambda: SPENDING.replace("MEADOW", '"MEADOW').encode()),
    _spending("a header and no row", "has no rows", lambda: f"{SPENDING_HEADER}\n".encode()),
    _spending("a gzip called .csv", "This is an archive, not a CSV file", lambda: gzip.compress(SPENDING.encode())),
    _spending("a cell of 10 MB", "a cell is longer", lambda: SPENDING.replace("MEADOW", "M" * 10_000_000).encode()),
    _spending("UTF-16", "in UTF-16", lambda: SPENDING.encode("utf-16")),
    _spending("nothing that can be read", "None of its 1 rows", lambda: SPENDING.replace("100.00", "NaN").encode()),
    _spending("wide digits", "None of its 1 rows", lambda: SPENDING.replace("100.00", "１００").encode()),
    _spending(
        "a column twice", "Two columns are Amount", lambda: SPENDING.replace("Date,", "Net amount,Date,", 1).encode()
    ),
    _cqc("a workbook of the old kind", "of the old kind (.xls), not a CSV file", lambda: OLE),
    _cqc("Windows-1252", "It looks like Windows-1252", lambda: CQC.replace("Ash", "Åsh").encode("cp1252")),
    _cqc("quotes never closed", "is not closed", lambda: CQC.replace("Ash House", '"Ash House').encode()),
    _cqc("a name read backwards", "a character that cannot be shown", lambda: CQC.replace("Ash", "\u202eAsh").encode()),
    _cqc("a column in another alphabet", "missing: cqc_id", lambda: CQC.replace("cqc_id", "сqc_id").encode()),
]

CORPUS = [*ZIPS, *WORKBOOKS, *COMMA, *LISTS]


def _noise(length: int) -> str:
    """Letters that do not pack well enough to be taken for a bomb."""
    some = io.StringIO()
    value = 12345
    while some.tell() < 100_000:
        value = value * 1103515245 + 12345 & 0x7FFFFFFF
        some.write(f"{value:x}")
    unit = some.getvalue()[:100_000]
    return (unit * (length // len(unit) + 1))[:length]


def _row(*texts: str) -> str:
    return "<row>" + "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts) + "</row>"


def _made_up_day() -> str:
    """A row of a person who was born on a day that Excel made up."""
    texts = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in CELLS[:3])
    rest = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in CELLS[4:])
    return f'<row r="2">{texts}<c t="d"><v>1900-02-28</v></c>{rest}</row>'
