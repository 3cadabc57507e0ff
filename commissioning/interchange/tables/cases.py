"""Invest to save: cases, the money put in, the savings stated, the people and the beds."""

from collections.abc import Iterator
from decimal import Decimal

from commissioning.core.money import LARGEST_POOL
from commissioning.interchange.cells import Choice, Day, Number, Pounds, Reference, Text
from commissioning.interchange.tables.people import OWNER, VERSION
from commissioning.interchange.tables.spec import (
    Column,
    Table,
    Values,
    at_least,
    ends_after,
    link,
    organisation,
    person,
    placement,
)
from finance.models import CaseBeds, CaseFunding, CasePerson, CaseSaving, InvestmentCase

CASE = link("cases.csv", "invest-to-save case")
OF_CASE = "case__partnership"


def own_discount_has_percent(values: Values) -> Iterator[tuple[str, str]]:
    is_own = values.get("discount") == InvestmentCase.Discount.OWN
    if is_own and values.get("discount_percent") is None:
        yield "discount_percent", "Fill it in: a rate of your own needs a percentage a year."
    if not is_own and values.get("discount_percent") is not None:
        yield "discount_percent", "Leave it empty, or write own in discount."


CASES = Table(
    file="cases.csv",
    about="Invest-to-save cases: money put in now so that support costs less later.",
    key=("case_ref",),
    models=(InvestmentCase,),
    columns=(
        Column("case_ref", Reference(), required=True, stored="reference"),
        Column("title", Text(200), required=True),
        Column("owner", Text(200), required=True),
        Column("description", Text()),
        Column("start", Day(), required=True),
        Column("savings_end", Day(), required=True),
        Column("basis", Choice(InvestmentCase.Basis.values), required=True),
        Column(
            "discount",
            Choice(InvestmentCase.Discount.values),
            default=InvestmentCase.Discount.GREEN_BOOK.value,
        ),
        Column("discount_percent", Number(Decimal(0), Decimal(20), 2)),
    ),
    checks=(ends_after(end="savings_end"), own_discount_has_percent),
    left_out={"version": VERSION, "partnership": OWNER},
)

CASE_FUNDING = Table(
    file="case_funding.csv",
    about="Money put into a case, on one day or evenly by day between two days.",
    key=("case_ref", "source", "start", "end"),
    models=(CaseFunding,),
    owner=OF_CASE,
    columns=(
        Column("case_ref", CASE, required=True, stored="case"),
        Column("source", organisation(), required=True),
        Column("amount", Pounds(LARGEST_POOL), required=True),
        Column("start", Day(), required=True),
        Column("end", Day(), required=True),
    ),
    checks=(ends_after(), at_least("amount", 0, above=True)),
)

CASE_SAVINGS = Table(
    file="case_savings.csv",
    about="Savings that a case states, each evenly by day between two days.",
    key=("case_ref", "start", "end"),
    models=(CaseSaving,),
    owner=OF_CASE,
    columns=(
        Column("case_ref", CASE, required=True, stored="case"),
        Column("start", Day(), required=True),
        Column("end", Day(), required=True),
        Column("amount", Pounds(LARGEST_POOL), required=True),
        Column("note", Text(200)),
    ),
    checks=(ends_after(),),
)

CASE_PEOPLE = Table(
    file="case_people.csv",
    about="The people whom the money of a case is for, with their move.",
    key=("case_ref", "person_ref"),
    models=(CasePerson,),
    owner=OF_CASE,
    columns=(
        Column("case_ref", CASE, required=True, stored="case"),
        Column("person_ref", person(), required=True, stored="person"),
        Column("placement_ref", placement(), stored="placement"),
        Column("counts_from", Day(), required=True),
    ),
)

CASE_BEDS = Table(
    file="case_beds.csv",
    about="Hospital beds that are not needed any more; their money is released on the day they close.",
    key=("case_ref", "ward", "start"),
    models=(CaseBeds,),
    owner=OF_CASE,
    columns=(
        Column("case_ref", CASE, required=True, stored="case"),
        Column("ward", Text(200), required=True),
        Column("beds", Number(Decimal(1), Decimal(1000)), required=True),
        Column("weekly_cost", Pounds(), required=True),
        Column("start", Day(), required=True),
        Column("closed_on", Day()),
    ),
    checks=(ends_after(end="closed_on"), at_least("weekly_cost", 0, above=True)),
)
