"""Reads the Care Quality Commission's list of locations, as its publishers write it."""

import datetime as dt
import re
from dataclasses import dataclass

from commissioning.core import periods
from commissioning.core.characters import unseen_in
from commissioning.core.errors import Refused, RefusedMany
from commissioning.core.intake import IN_A_REQUEST, Asked, Limits, read_tables

# Each column by the headers it goes under: the short form that councils republish, and the Commission's own.
COLUMNS = {
    "cqc_location_id": ("cqc_id", "location id"),
    "name": ("name", "location name"),
    "provider_name": ("provider", "provider name"),
    "service_types": ("type", "location type/sector"),
    "address": ("address", "location street address"),
    "postcode": ("postcode", "location postal code"),
    "local_authority": ("area_name", "location local authority"),
    "rating": ("rating", "location latest overall rating"),
    "rated_on": ("publication date",),
    "inspected_on": ("inspection_date",),
    "beds": ("beds", "care homes beds"),
}
REQUIRED = ("cqc_location_id", "name", "provider_name")
LENGTHS = {
    "cqc_location_id": 20,
    "name": 200,
    "provider_name": 200,
    "service_types": 300,
    "address": 300,
    "local_authority": 100,
    "rating": 40,
}
MOST_FAULTS = 200
_MISSING = frozenset({"", "NA", "N/A", "-"})
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})")
_LOCATION_ID = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*", re.IGNORECASE)


@dataclass(frozen=True)
class CqcRow:
    """One location as the list gives it; what it does not say is empty."""

    cqc_location_id: str
    name: str
    provider_name: str
    service_types: str = ""
    address: str = ""
    postcode: str = ""
    local_authority: str = ""
    rating: str = ""
    rated_on: dt.date | None = None
    inspected_on: dt.date | None = None
    beds: int | None = None


def read_cqc(content: bytes, limits: Limits = IN_A_REQUEST) -> list[CqcRow]:
    """Every row of the file. Raises RefusedMany with every fault (row as a spreadsheet numbers it, column, value)."""
    (table,) = read_tables(content, Asked("csv", strict=False, limits=limits)).tables
    if table.fault is not None:
        raise Refused(str(table.fault))
    header = table.rows[0][1] if table.rows else []
    rows, faults = _read(table.rows[1:], _columns(header), len(header))
    if faults:
        raise RefusedMany([Refused(text) for text in faults[:MOST_FAULTS]])
    if not rows:
        raise Refused("The file has a header but no locations")
    return rows


def _columns(header: list[str]) -> dict[str, int]:
    """Where each column stands. Raises Refused naming those that are missing."""
    places = {name.strip().lower(): place for place, name in reversed(list(enumerate(header)))}
    found = {column: places[name] for column, names in COLUMNS.items() for name in reversed(names) if name in places}
    missing = [COLUMNS[column][0] for column in REQUIRED if column not in found]
    if missing:
        names = ", ".join(missing)
        raise Refused(f"The first row must name the columns; missing: {names}. Nothing was read")
    return found


def _read(numbered: list[tuple[int, list[str]]], columns: dict[str, int], width: int) -> tuple[list[CqcRow], list[str]]:
    rows: list[CqcRow] = []
    faults: list[str] = []
    seen: dict[str, int] = {}
    for number, cells in numbered:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != width:
            faults.append(f"Row {number}: it has {len(cells)} cells, the header has {width}")
            continue
        row, wrong = _row({column: cells[place] for column, place in columns.items()})
        faults += [f"Row {number}, {COLUMNS[column][0]}: {message}" for column, message in wrong]
        if row is None:
            continue
        if row.cqc_location_id in seen:
            first = seen[row.cqc_location_id]
            faults.append(f"Row {number}, cqc_id: {row.cqc_location_id} is in row {first} too. Keep one of them")
        seen.setdefault(row.cqc_location_id, number)
        rows.append(row)
    return rows, faults


def _row(cells: dict[str, str]) -> tuple[CqcRow | None, list[tuple[str, str]]]:
    wrong: list[tuple[str, str]] = []
    values: dict[str, object] = {}
    for column, cell in cells.items():
        text = " ".join(cell.split())
        try:
            values[column] = _value(column, "" if text.upper() in _MISSING else text)
        except ValueError as error:
            wrong.append((column, str(error)))
    return (None if wrong else CqcRow(**values)), wrong  # type: ignore[arg-type]  # each column has its own type


def _value(column: str, text: str) -> object:
    """The value of a cell. Raises ValueError with what to do."""
    if unseen_in(text):
        raise ValueError("it holds a character that cannot be shown. Remove it")
    if not text and column in REQUIRED:
        raise ValueError("it is empty. Enter it")
    if len(text) > LENGTHS.get(column, 1000):
        raise ValueError(f"“{text[:30]}…” is longer than {LENGTHS[column]} characters. Shorten it")
    if column in {"rated_on", "inspected_on"}:
        return _day(text)
    if column == "beds":
        return _beds(text)
    if column == "postcode":
        return _postcode(text)
    if column == "cqc_location_id" and not _LOCATION_ID.fullmatch(text):
        raise ValueError(f"“{text}” is not a location ID, like 1-466088203")
    separators = {"service_types": r"\s*\|\s*", "address": r"\s*,\s*"}
    return re.sub(separators[column], ", ", text) if column in separators else text


def _day(text: str) -> dt.date | None:
    if not text:
        return None
    if match := re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", text):
        text = f"{match[3]}-{match[2]:0>2}-{match[1]:0>2}"
    return periods.parse_iso_day(text)


def _beds(text: str) -> int | None:
    if not text:
        return None
    number = re.fullmatch(r"([0-9]{1,4})(\.0+)?", text)
    if number is None:
        raise ValueError(f"“{text}” is not a number of beds")
    return int(number[1])


def _postcode(text: str) -> str:
    if not text:
        return ""
    match = _POSTCODE.fullmatch(re.sub(r"[^A-Z0-9]", "", text.upper()))
    if match is None:
        raise ValueError(f"“{text}” is not a full postcode, like M41 5BU")
    return f"{match[1]} {match[2]}"
