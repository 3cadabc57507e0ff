"""What support costs, who pays, what it cost before; suppliers as they were matched."""

from collections.abc import Iterator
from decimal import Decimal

from commissioning.interchange.cells import Choice, Day, Lines, Number, Pounds, Reference, Text, YesNo
from commissioning.interchange.tables.people import OWNER, VERSION
from commissioning.interchange.tables.spec import (
    Column,
    Table,
    Values,
    ends_after,
    link,
    organisation,
    person,
    placement,
    shrinks,
)
from finance.models import (
    MOST_PLACES,
    UNIT_BASES,
    Baseline,
    Basis,
    Calendar,
    CalendarDays,
    CostKind,
    CostLine,
    ExpenseType,
    FundingShare,
    Route,
    Supplier,
)


def units_for_unit_bases_only(values: Values) -> Iterator[tuple[str, str]]:
    basis, units = values.get("basis"), values.get("units_per_week")
    if basis in UNIT_BASES and units is None:
        yield "units_per_week", f"Fill it in: a price by the basis {basis} needs how many units there are in a week."
    if basis and basis not in UNIT_BASES and units is not None:
        yield "units_per_week", f"Leave it empty: a price by the basis {basis} has no units in a week."


def line_ends_after_it_starts(values: Values) -> Iterator[tuple[str, str]]:
    """A one-off's end is ignored."""
    if values.get("basis") != Basis.ONE_OFF:
        yield from ends_after()(values)


def of_a_placement_or_of_places(values: Values) -> Iterator[tuple[str, str]]:
    """A price is of one placement, or of a contract and then of so many places."""
    placement_ref, contract_ref, places = (values.get(name) for name in ("placement_ref", "contract_ref", "capacity"))
    if placement_ref and contract_ref:
        yield "contract_ref", "A price is of a placement or of a contract. Leave one of the two empty."
    if not placement_ref and not contract_ref:
        yield "placement_ref", "Fill it in. Only a price of a contract’s places, with contract_ref, has none."
    if contract_ref and places is None:
        yield "capacity", "Fill it in: a price of a contract needs how many places it is for."
    if not contract_ref and places is not None:
        yield "capacity", "Leave it empty: only a price of a contract is for a number of places."


def calendar_for_unit_bases_only(values: Values) -> Iterator[tuple[str, str]]:
    basis = values.get("basis")
    if basis and basis not in UNIT_BASES and values.get("calendar"):
        yield "calendar", f"Leave it empty: a price by the basis {basis} counts every day. Use {', '.join(UNIT_BASES)}."


CALENDARS = Table(
    file="calendars.csv",
    about="Days that prices with a calendar go by, such as bank holidays or school terms, a row for each run of days.",
    key=("calendar", "start"),
    models=(Calendar, CalendarDays),
    owner="calendar__partnership",
    columns=(
        Column("calendar", Reference(), required=True, stored="reference"),
        Column("name", Text(100), required=True),
        Column("kind", Choice(Calendar.Kind.values), required=True),
        Column("start", Day(), required=True),
        Column("end", Day(), required=True),
    ),
    checks=(ends_after(),),
    first=shrinks,
    left_out={"version": VERSION},
)

COST_LINES = Table(
    file="cost_lines.csv",
    about="The prices of placements, and of contracts’ places, each from a day to a day, both included.",
    key=("line_ref",),
    models=(CostLine,),
    columns=(
        Column("line_ref", Reference(), required=True, stored="reference"),
        Column("placement_ref", placement(), required=True, may_be_empty=True, stored="placement"),
        Column("kind", Choice(CostKind.values), required=True),
        Column("label", Text(100)),
        Column("basis", Choice(Basis.values), required=True),
        Column("amount", Pounds(), required=True),
        Column("units_per_week", Number(Decimal(0), Decimal("999.99"), 2)),
        Column("start", Day(), required=True),
        Column("end", Day()),
        Column("reason", Choice(CostLine.Reason.values)),
        Column("recorded_on", Day()),
        Column("instead_of", link("cost_lines.csv", "cost line"), extra=True),
        Column("contract_ref", link("contracts.csv", "contract"), extra=True, stored="contract"),
        Column("capacity", Number(Decimal(1), Decimal(MOST_PLACES)), extra=True),
        Column("calendar", link("calendars.csv", "calendar"), extra=True),
    ),
    checks=(
        of_a_placement_or_of_places,
        units_for_unit_bases_only,
        calendar_for_unit_bases_only,
        line_ends_after_it_starts,
    ),
    first=shrinks,
    left_out={"version": VERSION, "partnership": OWNER},
)


def share_of_something(values: Values) -> Iterator[tuple[str, str]]:
    if not values.get("placement_ref") and not values.get("line_ref"):
        yield "placement_ref", "Fill it in. Only a share of a contract’s price, with line_ref, has none."


FUNDING = Table(
    file="funding.csv",
    about="The percentage of a placement, or of one line, that a funder pays through a route.",
    key=("placement_ref", "line_ref", "funder", "route", "start"),
    models=(FundingShare,),
    owner=("placement__partnership", "line__partnership"),
    columns=(
        Column("placement_ref", placement(), required=True, may_be_empty=True, stored="placement"),
        Column("line_ref", link("cost_lines.csv", "cost line"), stored="line"),
        Column("funder", organisation(), required=True),
        Column("route", Choice(Route.values), required=True),
        Column("percent", Number(Decimal(0), Decimal(100), 4, above_lowest=True), required=True),
        Column("start", Day(), required=True),
        Column("end", Day()),
        Column("recorded_on", Day()),
    ),
    checks=(share_of_something, ends_after()),
)

BASELINES = Table(
    file="baselines.csv",
    about="What each person's support cost a week before anything changed.",
    key=("person_ref",),
    models=(Baseline,),
    owner="person__partnership",
    columns=(
        Column("person_ref", person(), required=True, stored="person"),
        Column("weekly_cost", Pounds(), required=True),
        Column("as_at", Day(), required=True),
        Column("source", Text(300), required=True),
        Column("scope", Choice(Baseline.Scope.values)),
    ),
)


def matched_or_not_a_provider(values: Values) -> Iterator[tuple[str, str]]:
    if values.get("provider") and values.get("not_a_provider"):
        yield "not_a_provider", "Write no, or leave provider empty: a supplier matched to a provider is one."


SUPPLIERS = Table(
    file="suppliers.csv",
    about="Suppliers in published spending and the providers they were matched to. Payments come by import_payments.",
    key=("supplier_id",),
    models=(Supplier,),
    columns=(
        Column("supplier_id", Reference(), required=True),
        Column("names", Lines()),
        Column("kind", Choice(Supplier.Kind.values), default=Supplier.Kind.ORGANISATION.value),
        Column("provider", organisation()),
        Column("not_a_provider", YesNo(), required=True),
    ),
    checks=(matched_or_not_a_provider,),
    left_out={"partnership": OWNER},
)

EXPENSE_TYPES = Table(
    file="expense_types.csv",
    about="The expense types that count as support in published spending, by how they begin.",
    key=("begins_with",),
    models=(ExpenseType,),
    columns=(Column("begins_with", Text(200), required=True),),
    left_out={"partnership": OWNER},
)
