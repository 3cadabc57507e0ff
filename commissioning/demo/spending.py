"""The example council's published spending: near what its placements say it should be, as real files are."""

import datetime as dt

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Partnership
from commissioning.core.money import csv_pence
from commissioning.core.periods import Month
from commissioning.core.tables import write_csv
from commissioning.demo import organisations as orgs
from commissioning.demo.dataset import chance_for
from finance import ledger
from finance.actions import import_spending, match_suppliers
from finance.queries import costs_by_period, open_book

MONTHS = 30
FIRST_SUPPLIER = 90_100
EXPENSE_TYPE = "Individualised Support - Private (3rd)"
HEADER = (
    "Body",
    "Name of Body",
    "Date",
    "Transaction Number",
    "Amount",
    "Supplier Name",
    "Supplier ID",
    "Expense Area",
    "Expense Type",
    "Creditor Type",
)
# Suppliers that nobody has matched yet, so that there is something to decide.
UNMATCHED = 3


def publish_spending(partnership: Partnership, last: Month) -> None:
    """Two years and a half of payments in one file, read and matched as a finance officer would."""
    by = Actor.system(partnership)
    suppliers = _suppliers(partnership)
    contents = _file(by, suppliers, last).encode("cp1252")
    import_spending(
        partnership=partnership,
        files=[("EstuaryCouncilSpendingOver500.csv", contents)],
        expense_types=[EXPENSE_TYPE],
        by=by,
    )
    paid = partnership.suppliers.order_by("supplier_id").values_list("supplier_id", flat=True)
    codes = {supplier_id: code for code, (supplier_id, _) in suppliers.items()}
    decisions = {supplier_id: codes[supplier_id] for supplier_id in paid if supplier_id in codes}
    match_suppliers(decisions=dict(list(decisions.items())[UNMATCHED:]), by=by)


def _suppliers(partnership: Partnership) -> dict[str, tuple[str, str]]:
    """Each provider's ID and name as the council publishes them: capitals, and LTD here and there."""
    links = partnership.links.filter(organisation__kind="support_provider").select_related("organisation")
    found = {}
    for place, link in enumerate(links.order_by("code")):
        name = link.organisation.name.upper() + (" LTD" if place % 3 == 0 else "")
        found[link.code] = (str(FIRST_SUPPLIER + place * 7), name)
    return found


def _file(by: Actor, suppliers: dict[str, tuple[str, str]], last: Month) -> str:
    periods = ledger.months(last.plus(1 - MONTHS).first, last.first)
    rows: list[list[str]] = []
    for cost in costs_by_period(open_book(by), periods, ("provider", "funder")):
        provider, funder = cost.keys
        if funder != orgs.COUNCIL or provider not in suppliers or cost.pence < 50_000:
            continue
        paid_on = periods[cost.period].first + dt.timedelta(days=chance_for(f"{provider} {cost.period}").randint(2, 24))
        rows.append(_row(len(rows), paid_on, _about(provider, cost.period, cost.pence), *suppliers[provider]))
    return write_csv(HEADER, rows)


def _about(provider: str, period: int, pence: int) -> int:
    """What was paid: mostly what was due, sometimes late, short or twice."""
    chance = chance_for(f"paid {provider} {period}")
    drawn = chance.random()
    if drawn < 0.03:
        return pence * 2
    return pence * chance.randint(94, 103) // 100 if drawn < 0.4 else pence


def _row(number: int, paid_on: dt.date, pence: int, supplier_id: str, name: str) -> list[str]:
    return [
        "99",
        "Estuary Council",
        f"{paid_on:%d/%m/%Y}",
        f"EST{number:06d}",
        csv_pence(pence),
        name,
        supplier_id,
        "Adult Care & Health",
        EXPENSE_TYPE,
        "BUSN",
    ]
