"""Reading files of published spending: every header, every spelling, and what is refused."""

import datetime as dt
from itertools import pairwise

import pytest

from commissioning.core.errors import Refused
from finance.payments.cells import Unreadable, parse_day, parse_pence
from finance.payments.expense_types import SUPPORT_FOR_ADULTS, taker
from finance.payments.likeness import Likely
from finance.payments.reading import Reading, read_spending
from finance.payments.rows import spending_rows
from finance.payments.suppliers import id_from_name, looks_personal
from finance.tests.spending_files import (
    ISO_HEADER,
    OLD_FILE,
    PADDED_FILE,
    SHORT_FILE,
    SHORT_HEADER,
    iso_file,
    iso_row,
)


def read_all(contents: bytes) -> Reading:
    return read_spending(spending_rows(contents), taker([""]))


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        (" 519.89 ", 51989),
        ("1,496.00", 149600),
        (" 1,200,496.00 ", 120049600),
        ("460.80000000000007", 46080),
        ("1123.3999999999999", 112340),
        ("6.82121E-13", 0),
        ("-1561.79", -156179),
        ("−1561.79", -156179),
        ("(12.50)", -1250),
        ("12.50-", -1250),
        ("£3,100", 310000),
        ("0.005", 1),
        ("-0.005", -1),
        ("2186", 218600),
    ],
)
def test_it_reads_amounts_as_councils_write_them(text: str, pence: int) -> None:
    assert parse_pence(text) == pence


@pytest.mark.parametrize(
    "text", ["", "-", "none", "1.496,00", "12,34.00", "=1+1", "1 000 000 000.00", "NaN", "1E999", "."]
)
def test_it_refuses_what_is_not_an_amount(text: str) -> None:
    with pytest.raises(Unreadable):
        parse_pence(text)


@pytest.mark.parametrize(
    "text",
    ["2023-04-03 00:00:00", "2023-04-03", "2023-04-03T00:00:00", "03/04/2023", "3/4/2023", "03.04.23", "3-Apr-23"],
)
def test_it_reads_days_day_first(text: str) -> None:
    assert parse_day(text) == dt.date(2023, 4, 3)


@pytest.mark.parametrize("text", ["", "04/31/2023", "0206-01-01", "2023-13-01", "yesterday", "3 Foo 2023"])
def test_it_refuses_what_is_not_a_day(text: str) -> None:
    with pytest.raises(Unreadable):
        parse_day(text)


def test_it_reads_windows_1252_and_passes_over_blank_rows() -> None:
    reading = read_all(OLD_FILE)
    assert reading.rows_read == 3
    assert [(paid.paid_on, paid.pence) for paid in reading.taken] == [
        (dt.date(2011, 12, 1), 168102),
        (dt.date(2011, 12, 31), 0),
        (dt.date(2011, 12, 2), -2001),
    ]
    assert reading.suppliers["501"].names == ("MEADOW FARM – “SUPPORT”", "MEADOW FARM SUPPORT THE")
    assert reading.suppliers["502"].names == ("LARKRISE CAFÉ",)


def test_it_reads_a_file_without_invoice_numbers() -> None:
    reading = read_spending(spending_rows(SHORT_FILE), taker(["individualised support"]))
    assert [paid.pence for paid in reading.taken] == [149600, -1250]
    assert reading.rows_read == 3
    assert reading.types[("Works", dt.date(2025, 4, 1))] == (1, 6000)


def test_it_says_which_column_is_not_used_and_which_row_is_a_total() -> None:
    reading = read_all(PADDED_FILE)
    assert reading.unused_columns == ("Costcuk",)
    assert [paid.pence for paid in reading.taken] == [51989, 120049600]
    assert [(fault.row, fault.why) for fault in reading.faults] == [
        (4, "it has an amount and nothing else: a total, not a payment")
    ]


def test_it_lists_the_rows_it_cannot_read_and_takes_the_rest() -> None:
    reading = read_all(
        iso_file(
            iso_row(),
            iso_row(day="2023-02-30"),
            iso_row(amount="lots"),
            iso_row(supplier_id="9" * 41),
            iso_row() + ",spilt,over",
            iso_row(name='"two\nlines"'),
            iso_row(transaction="T2"),
        )
    )
    assert [fault.row for fault in reading.faults] == [3, 4, 5, 6, 7]
    assert [paid.transaction for paid in reading.taken] == ["T1", "T2"]


def test_it_says_nothing_of_rows_that_are_not_wanted() -> None:
    reading = read_spending(
        spending_rows(iso_file(iso_row(), iso_row(expense_type="Works", amount="x"))), taker(["Indiv"])
    )
    assert reading.faults == ()


@pytest.mark.parametrize(
    ("contents", "why"),
    [
        (b"", "empty"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"%PDF-1.7", "not a CSV"),
        ("a,b".encode("utf-16"), "UTF-16"),
        (b"Date,\x81", "neither in UTF-8 nor in Windows-1252"),
        (b"person_ref,given_name\r\nP-1,Jo\r\n", "not published spending"),
        (SHORT_HEADER.replace("Amount,", "").encode() + b"\r\n1", "A column is missing: Amount"),
        (
            SHORT_HEADER.replace("Supplier ID,", "").replace("Date,", "").encode(),
            "Columns are missing: Date, Supplier ID",
        ),
        (f"{ISO_HEADER},Net amount\r\n".encode(), "Two columns are Amount"),
        (f"{ISO_HEADER}\r\n".encode(), "no rows"),
        (iso_file(iso_row(amount="x"), iso_row(day="y")), "None of its 2 rows"),
        (f'{ISO_HEADER}\r\n18,"{"x" * 200_000}'.encode(), "cannot be read"),
    ],
)
def test_it_refuses_whole_what_is_not_published_spending(contents: bytes, why: str) -> None:
    with pytest.raises(Refused, match=why):
        read_all(contents)


def test_it_knows_a_row_again_and_tells_identical_rows_apart() -> None:
    once = read_all(iso_file(iso_row(), iso_row(), iso_row(amount="100.00000000000001")))
    again = read_all(iso_file(iso_row(name="REDACTED UNDER DP ACT"), iso_row(), iso_row()))
    prints = [paid.fingerprint for paid in once.taken]
    assert len(set(prints)) == 3
    assert [paid.fingerprint for paid in again.taken] == prints


def test_it_keeps_no_name_of_a_private_person() -> None:
    reading = read_all(
        iso_file(
            iso_row(supplier_id="1", name="REDACTED UNDER DP ACT", creditor="INDV"),
            iso_row(supplier_id="2", name="EXAMPLE ROSEMARY", creditor="B"),
            iso_row(supplier_id="3", name="EXAMPLE J MR", creditor="BUSN"),
            iso_row(supplier_id="4", name="EXAMPLE ENABLING", creditor="SOLE"),
            iso_row(supplier_id="5", name="ROSEMARY EXAMPLE CARE LTD", creditor="SOLE"),
            iso_row(supplier_id="", name="EXAMPLE ROSEMARY", creditor="B"),
        )
    )
    assert {key: named.names for key, named in reading.suppliers.items()} == {
        "1": (),
        "2": (),
        "3": (),
        "4": ("EXAMPLE ENABLING",),
        "5": ("ROSEMARY EXAMPLE CARE LTD",),
        "name:WITHHELD": (),
    }
    assert reading.suppliers["1"].is_individual
    assert [key for key, named in reading.suppliers.items() if named.is_sole_trader] == ["4"]
    assert not looks_personal("NORTH DEVON COURT")


def test_it_gives_a_supplier_without_an_id_one_from_its_name() -> None:
    assert (
        id_from_name("Meadow Farm Support Ltd.")
        == id_from_name("MEADOW  FARM SUPPORT LTD")
        == "name:MEADOW FARM SUPPORT LTD"
    )
    long = id_from_name("The very long name of an association for the support of people in Estuary")
    assert len(long) <= 40
    assert long != id_from_name("The very long name of an association for the support of people in Meadow")


def test_it_suggests_a_provider_by_the_words_that_tell() -> None:
    providers = {"MEADOW": "Meadow Farm Support", "LARK": "Larkrise Living CIC", "WEST": "Assisted Living South West"}
    likely = Likely(providers, ["SOUTH WEST HOMES", "SOUTH WEST WATER", "SOUTH WEST CARE", "MEADOW FARM"])
    assert likely.best(["MEADOW FARM SUPPORT LTD****5215"]) == "MEADOW"
    assert likely.best(["SUPPORT MEADOW FARM THE"]) == "MEADOW"
    assert likely.best(["MEADOWS FARM SUPPORT LIMITED"]) == "MEADOW"
    assert likely.best(["AN OLD NAME", "LARKRISE LIVING LIMITED"]) == "LARK"
    assert likely.best(["SOUTH WEST HOMES"]) is None
    assert likely.best(["FARM SHOP"]) is None
    assert likely.best([]) is None


def test_the_usual_expense_types_are_each_said_once_and_take_what_councils_write() -> None:
    takes = taker(SUPPORT_FOR_ADULTS)
    assert takes("INDIVIDUALISED SUPPORT - Private (3rd)")
    assert takes("Accomodation Based Services (3rd)")
    assert not takes("Supported Accommodation - Child")
    assert not takes("")
    assert not any(second.startswith(first) for first, second in pairwise(sorted(SUPPORT_FOR_ADULTS)))
