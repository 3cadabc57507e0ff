"""Who sees the rows of this app, in the database itself (accounts.walls)."""

from commissioning.accounts.walls import ALL_PRICES, OWN_PRICES, PEOPLE_NOW, by_parent, by_partnership, exempt, wall
from finance.models import (
    Baseline,
    CostLine,
    ExpenseType,
    FundingShare,
    Payment,
    SpendingFile,
    SpendingImport,
    SpendingType,
    Supplier,
)

# A provider's own prices are those of its own placements: the placement's wall shows it no other.
_OWN = (
    f"EXISTS (SELECT FROM people_placement own WHERE own.id = {{table}}.placement_id AND own.person_id = {PEOPLE_NOW})"
)
wall(CostLine, by_partnership(f"{ALL_PRICES} OR ({OWN_PRICES} AND {_OWN})"))
wall(FundingShare, by_parent("people_placement", "placement_id", ALL_PRICES))
wall(Baseline, by_parent("people_person", "person_id", ALL_PRICES))
for model in (Supplier, Payment, SpendingImport, SpendingType):
    wall(model, by_partnership(ALL_PRICES))
wall(SpendingFile, by_parent("finance_spendingimport", "brought_in_id", ALL_PRICES))
exempt("which expense types of published spending are support", ExpenseType)
