"""Reads one file of published spending, in any of the ways councils have written them."""

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from commissioning.core.errors import Refused
from finance.payments import suppliers
from finance.payments.cells import Unreadable, parse_day, parse_pence, parse_text
from finance.payments.rows import Row, is_blank

# Each column by the headers it goes under, compared without case, spaces, underscores and signs.
COLUMNS = {
    "date": ("date", "paymentdate", "datepaid", "paiddate", "transactiondate"),
    "amount": ("amount", "netamount", "amountgbp", "amountpaid"),
    "supplier": ("suppliername", "supplier", "beneficiary", "creditorname", "vendorname"),
    "supplier_id": ("supplierid", "suppliernumber", "supplierno", "creditorid", "vendornumber"),
    "expense_type": ("expensetype", "expensesubtype"),
    "transaction": ("transactionnumber", "transactionno", "transaction", "transactionid"),
    "expense_area": ("expensearea", "directorate", "serviceareacategorisation"),
    "creditor_type": ("creditortype", "suppliertype"),
}
NAMES = {
    "date": "Date",
    "amount": "Amount",
    "supplier": "Supplier Name",
    "supplier_id": "Supplier ID",
    "expense_type": "Expense Type",
    "transaction": "Transaction Number",
    "expense_area": "Expense Area",
    "creditor_type": "Creditor Type",
}
REQUIRED = ("date", "amount", "supplier", "supplier_id", "expense_type")
# Columns that councils publish and that say nothing this application needs.
PASSED_OVER = frozenset({"body", "nameofbody", "bodyname", "invoicenumber", "vatregno", "expensecode", "vat", ""})


@dataclass(frozen=True)
class Fault:
    """A row that could not be read, as a spreadsheet numbers it, and why."""

    row: int
    why: str


@dataclass(frozen=True, slots=True)
class Paid:
    """One payment as published. `fingerprint` says which row it is, in whichever file it stands."""

    paid_on: dt.date
    pence: int
    supplier_id: str
    transaction: str
    expense_area: str
    expense_type: str
    fingerprint: str


@dataclass(frozen=True)
class Named:
    """What the rows of a file say of one supplier. What looks like a person's own name is not among `names`."""

    names: tuple[str, ...]
    is_individual: bool
    is_sole_trader: bool


@dataclass(frozen=True)
class Reading:
    """What one file holds. `types` has, for each expense type and month, how many rows and how many pence."""

    rows_read: int
    taken: tuple[Paid, ...]
    faults: tuple[Fault, ...]
    suppliers: dict[str, Named]
    types: dict[tuple[str, dt.date], tuple[int, int]]
    unused_columns: tuple[str, ...]


@dataclass
class _Row:
    """The used cells of a row, by column; a column that the file has not is empty."""

    number: int
    cells: dict[str, str]


@dataclass
class _Supplier:
    names: list[str] = field(default_factory=list)
    individual: bool = False
    sole_trader: bool = False


def read_spending(rows: Sequence[Row], takes: Callable[[str], bool]) -> Reading:
    """Every payment of a file whose expense type is taken, and what the file holds besides.

    A row that cannot be read is a fault and the rest is taken, since published files are not ours to repair. Raises
    Refused for what is not published spending: a missing column, no row that can be read.
    """
    begin = next((place for place, (_number, row) in enumerate(rows) if not is_blank(row)), len(rows))
    header = rows[begin][1] if begin < len(rows) else []
    columns, unused = match_header(header)
    reader = _Reader(takes)
    for number, row in rows[begin + 1 :]:
        reader.take(number, row, columns, len(header))
    return reader.finish(unused)


def match_header(header: Sequence[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    """The place of each known column, and the names of columns that are not used.

    Raises Refused naming the columns that are missing, or a column that stands twice.
    """
    columns: dict[str, int] = {}
    unused = []
    meaning = {alias: name for name, aliases in COLUMNS.items() for alias in aliases}
    for place, heading in enumerate(header):
        plain = re.sub(r"[^a-z0-9]", "", heading.casefold())
        name = meaning.get(plain)
        if name is None:
            if plain not in PASSED_OVER:
                unused.append(heading.strip())
        elif name in columns:
            raise Refused(f"Two columns are {NAMES[name]}: “{header[columns[name]].strip()}” and “{heading.strip()}”.")
        else:
            columns[name] = place
    missing = [NAMES[name] for name in REQUIRED if name not in columns]
    if len(missing) == len(REQUIRED):
        raise Refused(
            "This is not published spending: its first row names none of the columns "
            f"{', '.join(missing)}, separated by commas."
        )
    if missing:
        raise Refused(f"{'A column is' if len(missing) == 1 else 'Columns are'} missing: {', '.join(missing)}.")
    return columns, tuple(unused)


class _Reader:
    """Goes through the rows of one file."""

    def __init__(self, takes: Callable[[str], bool]) -> None:
        self.takes = takes
        self.rows_read = 0
        self.taken: list[Paid] = []
        self.faults: list[Fault] = []
        self.suppliers: dict[str, _Supplier] = {}
        self.types: dict[tuple[str, dt.date], tuple[int, int]] = {}
        self.places: dict[tuple[str, ...], int] = {}
        # Each text is read once, however often it stands in the file.
        self.days: dict[str, dt.date] = {}
        self.areas: dict[str, str] = {}
        self.keys: dict[tuple[str, str, str], str] = {}

    def take(self, number: int, row: list[str], columns: dict[str, int], width: int) -> None:
        """Count a row, and take it where its type is wanted; a blank row is no row."""
        if is_blank(row):
            return
        self.rows_read += 1
        cells = {name: row[place] if place < len(row) else "" for name, place in columns.items()}
        is_wanted = self.takes(cells["expense_type"].strip())
        try:
            if any(cell.strip() for cell in row[width:]):
                raise Unreadable(f"it has {len(row)} cells where the first row names {width}; check for stray commas")
            self._take(_Row(number, cells), is_wanted)
        except Unreadable as error:
            if is_wanted:
                self.faults.append(Fault(number, str(error)))

    def _take(self, row: _Row, is_wanted: bool) -> None:
        cells = row.cells
        if not any(cells[name].strip() for name in REQUIRED if name != "amount"):
            raise Unreadable("it has an amount and nothing else: a total, not a payment")
        day = self._day(cells["date"])
        pence = parse_pence(cells["amount"])
        expense_type = parse_text(cells["expense_type"], "the expense type", 200)
        kind = (expense_type, day.replace(day=1))
        rows, total = self.types.get(kind, (0, 0))
        self.types[kind] = (rows + 1, total + pence)
        if is_wanted:
            self.taken.append(self._paid(cells, day, pence, expense_type))

    def _day(self, text: str) -> dt.date:
        if text not in self.days:
            self.days[text] = parse_day(text)
        return self.days[text]

    def _paid(self, cells: dict[str, str], day: dt.date, pence: int, expense_type: str) -> Paid:
        transaction = parse_text(cells.get("transaction", ""), "the transaction number", 60)
        area = cells.get("expense_area", "")
        if area not in self.areas:
            self.areas[area] = parse_text(area, "the expense area", 200)
        published = (cells["supplier_id"], cells["supplier"], cells.get("creditor_type", ""))
        if published not in self.keys:
            self.keys[published] = self._supplier(*published)
        supplier_id = self.keys[published]
        same = (day.isoformat(), str(pence), supplier_id, transaction, expense_type.casefold())
        place = self.places[same] = self.places.get(same, 0) + 1
        fingerprint = hashlib.blake2b("\x1f".join((*same, str(place))).encode(), digest_size=16).hexdigest()
        return Paid(day, pence, supplier_id, transaction, self.areas[area], expense_type, fingerprint)

    def _supplier(self, supplier_id: str, name: str, creditor_type: str) -> str:
        """Notes what the row says of its supplier, and gives the supplier's key."""
        name = parse_text(name, "the supplier’s name", 200)
        supplier_id = parse_text(supplier_id, "the supplier’s ID", suppliers.LONGEST_ID)
        creditor_type = creditor_type.strip()
        individual = suppliers.is_individual(creditor_type)
        is_secret = individual or suppliers.is_withheld(name) or suppliers.looks_personal(name)
        key = supplier_id or suppliers.id_from_name("" if is_secret else name)
        known = self.suppliers.setdefault(key, _Supplier())
        known.individual |= individual
        known.sole_trader |= suppliers.is_sole_trader(name, creditor_type)
        if not is_secret and name not in known.names:
            known.names.append(name)
        return key

    def finish(self, unused: tuple[str, ...]) -> Reading:
        """Raises Refused where there was nothing that could be read."""
        if not self.rows_read:
            raise Refused("This file names its columns and has no rows.")
        if not self.types:
            reasons = f" Row {self.faults[0].row}: {self.faults[0].why}." if self.faults else ""
            raise Refused(f"None of its {self.rows_read:,} rows can be read as a payment.{reasons}")
        return Reading(
            rows_read=self.rows_read,
            taken=tuple(self.taken),
            faults=tuple(self.faults),
            suppliers=dict(self._named()),
            types=self.types,
            unused_columns=unused,
        )

    def _named(self) -> Iterator[tuple[str, Named]]:
        for key, known in self.suppliers.items():
            names = () if known.individual else tuple(known.names)
            yield key, Named(names, known.individual, known.sole_trader)
