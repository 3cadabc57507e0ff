"""Reading rows as columns of whole numbers: the same as reading them one by one, and through the same walls."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pghistory
import pytest
from django.db import connection
from django.db.models import QuerySet
from pytest_django import DjangoAssertNumQueries

from commissioning.accounts import scope
from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation, Partnership
from commissioning.core.scope import NoScope
from commissioning.tests.fixtures import make_organisation, make_person, make_placement
from finance import ledger
from finance.models import Basis, CostKind, CostLine, FundingShare
from finance.queries import arrays, open_book
from finance.queries.book import LINE_COLUMNS, SHARE_COLUMNS
from people.models import Person, Placement

pytestmark = pytest.mark.django_db

UNITS = ("daily", "session", "hourly", "nightly")
AMOUNTS = ("9999999.99", "-9999999.99", "0.01", "-0.01", "0.00", "100.10", "1234.56", "-1.15", "29.29")
DAYS = (
    (dt.date(1900, 1, 1), None),
    (dt.date(2100, 12, 31), dt.date(2100, 12, 31)),
    (dt.date(2024, 2, 29), dt.date(2025, 2, 28)),
)


def make_lines(placement: Placement, prefix: str = "L") -> list[CostLine]:
    """Every basis and kind with every kind of amount, units and days."""
    lines = []
    for number, (basis, amount) in enumerate((basis, amount) for basis in Basis.values for amount in AMOUNTS):
        start, end = DAYS[number % len(DAYS)]
        lines.append(
            CostLine(
                partnership=placement.partnership,
                placement=placement,
                reference=f"{prefix}-{number}",
                kind=CostKind.values[number % len(CostKind.values)],
                label=str(number),
                basis=basis,
                amount=Decimal(amount),
                units_per_week=Decimal(("0.00", "999.99", "0.07")[number % 3]) if basis in UNITS else None,
                start=start,
                end=end,
            )
        )
    return CostLine.objects.bulk_create(lines)


def make_shares(placement: Placement, line: CostLine) -> list[FundingShare]:
    council, icb = placement.person.council, placement.person.icb
    rows: list[tuple[CostLine | None, Organisation, str, tuple[dt.date, dt.date | None]]] = [
        (None, council, "0.0001", DAYS[0]),
        (None, icb, "99.9999", DAYS[2]),
        (line, icb, "100", DAYS[1]),
        (line, council, "33.3333", DAYS[2]),
    ]
    return FundingShare.objects.bulk_create(
        FundingShare(placement=placement, line=of, funder=funder, percent=Decimal(percent), start=start, end=end)
        for of, funder, percent, (start, end) in rows
    )


@pytest.fixture
def flat(jo: Person, meadow: Organisation) -> Placement:
    return make_placement(jo, meadow)


@pytest.fixture
def lines(flat: Placement) -> list[CostLine]:
    found = make_lines(flat)
    make_shares(flat, found[0])
    return found


@pytest.fixture
def next_door(elsewhere: Partnership) -> Placement:
    """Another partnership's placement, with as many lines and shares."""
    provider = make_organisation(elsewhere, "OTHER", "Other Support", "support_provider")
    placement = make_placement(make_person(elsewhere, "OUT"), provider, "OUT-1")
    make_shares(placement, make_lines(placement, "OUT")[0])
    return placement


def as_lists(columns: dict[str, ledger.IntArray]) -> dict[str, list[int]]:
    assert {values.dtype for values in columns.values()} == {np.dtype(np.int64)}
    return {name: values.tolist() for name, values in columns.items()}


def whole(value: Decimal | None, parts: int) -> int:
    scaled = (value or Decimal(0)) * parts
    assert scaled == int(scaled)
    return int(scaled)


def last(day: dt.date | None) -> int:
    return ledger.OPEN_DAY if day is None else day.toordinal()


def test_it_reads_every_column_of_lines_as_the_models_have_them(lines: list[CostLine]) -> None:
    rows = list(CostLine.objects.order_by("pk"))
    assert as_lists(arrays.read_columns(CostLine.objects.order_by("pk"), LINE_COLUMNS)) == {
        "line": [each.pk for each in rows],
        "placement": [each.placement_id for each in rows],
        "basis": [ledger.BASIS_BY_NAME[each.basis] for each in rows],
        "amount_pence": [whole(each.amount, 100) for each in rows],
        "units_hundredths": [whole(each.units_per_week, 100) for each in rows],
        "start": [each.start.toordinal() for each in rows],
        "end": [last(each.end) for each in rows],
        "kind": [CostKind.values.index(each.kind) for each in rows],
        "contract": [-1 for _ in rows],
        "capacity": [0 for _ in rows],
        "calendar": [-1 for _ in rows],
    }
    assert len(rows) == len(Basis) * len(AMOUNTS)


def test_it_reads_every_column_of_shares_as_the_models_have_them(lines: list[CostLine]) -> None:
    rows = list(FundingShare.objects.order_by("pk"))
    assert as_lists(arrays.read_columns(FundingShare.objects.order_by("pk"), SHARE_COLUMNS)) == {
        "placement": [each.placement_id for each in rows],
        "line": [ledger.NO_LINE if each.line_id is None else each.line_id for each in rows],
        "funder": [each.funder_id for each in rows],
        "share_ppm": [whole(each.percent, 10_000) for each in rows],
        "start": [each.start.toordinal() for each in rows],
        "end": [last(each.end) for each in rows],
    }
    assert len(rows) == 4


@pytest.mark.parametrize("nothing", [CostLine.objects.filter(reference="none"), CostLine.objects.none()])
def test_no_rows_are_columns_of_no_length(db: None, nothing: QuerySet[CostLine]) -> None:
    assert as_lists(arrays.read_columns(nothing, LINE_COLUMNS)) == {name: [] for name in LINE_COLUMNS}


def test_it_takes_any_text_in_a_condition(lines: list[CostLine]) -> None:
    CostLine.objects.filter(pk=lines[0].pk).update(label="100% of 'it' \\ %s £ \"x\"")
    asked = CostLine.objects.filter(label="100% of 'it' \\ %s £ \"x\"", amount__lt=Decimal("10000000"))
    assert as_lists(arrays.read_columns(asked, {"line": arrays.number("id")})) == {"line": [lines[0].pk]}


@pytest.mark.parametrize(
    "column",
    [arrays.number("units_per_week"), arrays.number("version"), arrays.number("instead_of_id")],
    ids=["a fraction", "a number of four bytes", "null"],
)
def test_it_refuses_what_is_no_column_of_whole_numbers(lines: list[CostLine], column: arrays.Column) -> None:
    with pytest.raises(ValueError, match="null or no bigint, among line, wrong"):
        arrays.read_columns(CostLine.objects.all(), {"line": arrays.number("id"), "wrong": column})


def test_it_refuses_a_text_that_is_not_among_those_it_knows(lines: list[CostLine]) -> None:
    with pytest.raises(ValueError, match="null or no bigint"):
        arrays.read_columns(CostLine.objects.all(), {"basis": arrays.place("basis", ["weekly", "monthly"])})


def test_rows_are_put_in_order_of_one_column() -> None:
    columns = {"line": np.array([3, 1, 2]), "amount": np.array([30, 10, 20])}
    assert as_lists(arrays.in_order("line", columns)) == {"line": [1, 2, 3], "amount": [10, 20, 30]}
    ordered = {"line": np.array([1, 1, 2])}
    assert arrays.in_order("line", ordered) is ordered


# --- Walls ------------------------------------------------------------------------------------------------------------


def test_another_partnerships_rows_never_appear(lines: list[CostLine], next_door: Placement, by_alice: Actor) -> None:
    """Not even where a query forgets to ask for its own: the statement carries the scope."""
    with scope.acting(by_alice):
        found = arrays.read_columns(CostLine.objects.all(), LINE_COLUMNS)
        shares = arrays.read_columns(FundingShare.objects.all(), SHARE_COLUMNS)
    assert sorted(found["line"].tolist()) == sorted(each.pk for each in lines)
    assert set(shares["placement"].tolist()) == {lines[0].placement_id}
    assert CostLine.objects.filter(placement=next_door).count() == len(lines)


def test_nothing_is_read_without_a_scope(lines: list[CostLine], unscoped: None, by_alice: Actor) -> None:
    with pytest.raises(NoScope, match="COPY"):
        arrays.read_columns(CostLine.objects.all(), LINE_COLUMNS)
    with pytest.raises(NoScope):
        open_book(by_alice)


@pytest.mark.parametrize("role", ["clara", "bea", "adam"])
def test_who_sees_no_prices_opens_an_empty_book(
    role: str, lines: list[CostLine], request: pytest.FixtureRequest
) -> None:
    actor = Actor.of(request.getfixturevalue(role))
    with scope.acting(actor):
        book = open_book(actor)
        assert as_lists(arrays.read_columns(CostLine.objects.all(), {"line": arrays.number("id")})) == {"line": []}
    assert (len(book.lines), len(book.shares), book.funders, book.names["person"]) == (0, 0, (), ())


def test_a_provider_reads_its_own_prices_and_nobodys_shares(
    lines: list[CostLine], larkrise: Organisation, mabel: Membership
) -> None:
    other = make_placement(make_person(larkrise.links.get().partnership, "SAM"), larkrise, "LARK-1")
    make_lines(other, "LARK")
    actor = Actor.of(mabel)
    with scope.acting(actor):
        book = open_book(actor)
    assert book.lines.line.tolist() == sorted(each.pk for each in lines)
    assert (len(book.shares), book.names["person"], book.names["provider"]) == (0, ("JO",), ("MEADOW",))


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_the_scope_ends_with_the_statement(lines: list[CostLine], by_alice: Actor) -> None:
    with scope.acting(by_alice):
        assert len(arrays.read_columns(CostLine.objects.all(), LINE_COLUMNS)["line"]) == len(lines)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('as_one.scope', true)")
        assert cursor.fetchone()[0] in ("", None)


def test_reading_leaves_no_trace_in_the_history(lines: list[CostLine]) -> None:
    with pghistory.context(name="Somebody"):
        arrays.read_columns(CostLine.objects.all(), LINE_COLUMNS)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pghistory_context WHERE metadata->>'name' = 'Somebody'")
            assert cursor.fetchone()[0] == 0


# --- The book ---------------------------------------------------------------------------------------------------------


def test_the_book_names_what_its_codes_stand_for(
    lines: list[CostLine], by_alice: Actor, larkrise: Organisation, flat: Placement
) -> None:
    second = make_placement(make_person(flat.partnership, "ANN"), larkrise, "A-1", setting="shared_lives")
    make_placement(make_person(flat.partnership, "NOBODY"), larkrise, "WITHOUT-PRICES")
    make_lines(second, "A")
    book = open_book(by_alice)
    rows = CostLine.objects.order_by("pk").select_related("placement__person", "placement__provider")
    codes = dict(flat.partnership.links.values_list("organisation_id", "code"))
    expected = {
        "person": [each.its_placement.person.reference for each in rows],
        "provider": [codes[each.its_placement.provider_id] for each in rows],
        "setting": [each.its_placement.setting for each in rows],
        "placement": [each.its_placement.reference for each in rows],
        "kind": [each.kind for each in rows],
    }
    assert book.lines.line.tolist() == [each.pk for each in rows]
    for dimension, texts in expected.items():
        assert book.names[dimension] == tuple(sorted(set(texts)))
        assert [book.names[dimension][code] for code in book.lines.codes[dimension].tolist()] == texts
    assert [book.funders[number] for number in book.shares.funder.tolist()] == [
        codes[funder] for funder in FundingShare.objects.values_list("funder_id", flat=True).order_by("pk")
    ]
    assert book.funders == ("COUNCIL", "ICB")


def test_a_book_takes_three_queries_however_many_people(
    lines: list[CostLine], by_alice: Actor, meadow: Organisation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        person = make_person(meadow.links.get().partnership, f"P{number}")
        make_lines(make_placement(person, meadow, f"PL{number}"), f"L{number}")
    with django_assert_num_queries(3):
        book = open_book(by_alice)
    assert len(book.names["person"]) == 6
