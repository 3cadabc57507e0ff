"""What a file is by its first bytes, whatever its name says."""

ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ARCHIVES = {ZIP, EMPTY_ZIP, b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"BZh", b"\xfd7zXZ\x00"}
_OTHERS = {
    b"%PDF": "a PDF",
    b"\xff\xd8\xff": "a picture",
    b"\x89PNG": "a picture",
    b"GIF8": "a picture",
    b"{\\rtf": "a text document",
    b"\x7fELF": "a program",
    b"MZ\x90\x00": "a program",
}
OLD_OR_LOCKED = (
    "This is an Excel workbook of the old kind (.xls), or one protected by a password. "
    "Save it without a password as an Excel workbook (.xlsx)."
)


def is_archive(head: bytes) -> bool:
    """A zip, gzip, 7z, RAR, bzip2 or xz file, by how it begins."""
    return head.startswith(tuple(ARCHIVES))


def not_text(head: bytes) -> str:
    """Why this cannot be a CSV file and what to do; empty where it can."""
    if head.startswith((ZIP, EMPTY_ZIP)):
        return "This is a spreadsheet or an archive, not a CSV file. Save it as CSV, then choose that file."
    if head.startswith(OLE):
        return "This is a spreadsheet of the old kind (.xls), not a CSV file. Save it as CSV, then choose that file."
    if is_archive(head):
        return "This is an archive, not a CSV file. Take the file out of it and choose that."
    for start, what in _OTHERS.items():
        if head.startswith(start):
            return f"This is {what}, not a CSV file. Choose the file with the rows, saved as CSV."
    begin = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:15].lower()
    if begin.startswith((b"<!doctype", b"<html", b"<?xml", b"<svg")):
        return "This is a web page or XML, not a CSV file. Open it in a spreadsheet program and save it as CSV."
    return ""


def not_zip(head: bytes) -> str:
    """Why this cannot be a zip or an .xlsx, and what to do; empty where it can."""
    if head.startswith((ZIP, EMPTY_ZIP)):
        return ""
    if head.startswith(OLE):
        return OLD_OR_LOCKED
    return "This file is damaged or not what its name says. Save it again, then choose it again."
