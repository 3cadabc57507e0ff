"""Who sees the rows of this app, in the database itself (accounts.walls)."""

from commissioning.accounts.walls import (
    ALL_PRICES,
    ORGANISATION,
    OWN_PRICES,
    PEOPLE_NOW,
    by_parent,
    by_partnership,
    exempt,
    wall,
)
from finance.models import (
    Baseline,
    BookedCost,
    Budget,
    BudgetChange,
    BudgetYear,
    Calendar,
    CalendarDays,
    CaseBeds,
    CaseFunding,
    CasePerson,
    CaseSaving,
    ClosedMonth,
    CostLine,
    ExpenseType,
    FundingShare,
    InvestmentCase,
    Payment,
    PlannedChange,
    RiskShareAgreement,
    RiskShareApproval,
    RiskShareContribution,
    RiskShareLine,
    RiskSharePercent,
    RiskShareStatement,
    RiskShareTransfer,
    SpendingFile,
    SpendingImport,
    SpendingType,
    Supplier,
    Uplift,
)

# A provider's own prices are those of its own placements and contracts: their walls show it no other.
_OWN = (
    f"EXISTS (SELECT FROM people_placement own WHERE own.id = {{table}}.placement_id AND own.person_id = {PEOPLE_NOW})"
    f" OR EXISTS (SELECT FROM providers_contract own WHERE own.id = {{table}}.contract_id"
    f" AND own.provider_id = {ORGANISATION})"
)
wall(CostLine, by_partnership(f"{ALL_PRICES} OR ({OWN_PRICES} AND ({_OWN}))"))
# Shares of a placement, or of a contract's line: the line's wall, or that of its history, shows the scope its own.
_OF_A_LINE = (
    f"{ALL_PRICES} AND {{table}}.placement_id IS NULL"
    f" AND EXISTS (SELECT FROM finance_costline parent WHERE parent.id = {{table}}.line_id)"
)
wall(FundingShare, f"{by_parent('people_placement', 'placement_id', ALL_PRICES)} OR ({_OF_A_LINE})")
# What days a calendar has is no secret in its partnership; a provider's own prices go by them.
wall(Calendar, by_partnership(f"{ALL_PRICES} OR {OWN_PRICES}"))
wall(CalendarDays, by_parent("finance_calendar", "calendar_id"))
wall(Baseline, by_parent("people_person", "person_id", ALL_PRICES))
for model in (Supplier, Payment, SpendingImport, SpendingType, Budget, BudgetChange, BudgetYear, PlannedChange):
    wall(model, by_partnership(ALL_PRICES))
wall(Uplift, by_partnership(ALL_PRICES))
wall(ClosedMonth, by_partnership(ALL_PRICES))
wall(BookedCost, by_parent("finance_closedmonth", "closing_id", ALL_PRICES))
wall(RiskShareAgreement, by_partnership(ALL_PRICES))
wall(RiskShareLine, by_partnership(ALL_PRICES))
wall(InvestmentCase, by_partnership(ALL_PRICES))
_OF_AGREEMENT = by_parent("finance_riskshareagreement", "agreement_id", ALL_PRICES)
wall(RiskSharePercent, _OF_AGREEMENT)
wall(RiskShareContribution, _OF_AGREEMENT)
wall(RiskShareTransfer, _OF_AGREEMENT)
wall(RiskShareStatement, _OF_AGREEMENT)
wall(RiskShareApproval, by_parent("finance_risksharestatement", "statement_id", ALL_PRICES))
_OF_CASE = by_parent("finance_investmentcase", "case_id", ALL_PRICES)
wall(CaseFunding, _OF_CASE)
wall(CaseSaving, _OF_CASE)
wall(CasePerson, _OF_CASE)
wall(CaseBeds, _OF_CASE)
wall(SpendingFile, by_parent("finance_spendingimport", "brought_in_id", ALL_PRICES))
exempt("which expense types of published spending are support", ExpenseType)
