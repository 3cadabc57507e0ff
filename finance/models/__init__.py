"""What support costs, who pays, what it cost before, and what was really paid."""

from finance.models.prices import (
    UNIT_BASES,
    Baseline,
    Basis,
    CostKind,
    CostLine,
    CostLineQuerySet,
    FundingShare,
    FundingShareQuerySet,
    Route,
    price_words,
)
from finance.models.spending import (
    ExpenseType,
    Payment,
    PaymentQuerySet,
    SpendingFile,
    SpendingImport,
    SpendingImportQuerySet,
    SpendingType,
    SpendingTypeQuerySet,
    Supplier,
    SupplierQuerySet,
)

__all__ = [
    "UNIT_BASES",
    "Baseline",
    "Basis",
    "CostKind",
    "CostLine",
    "CostLineQuerySet",
    "ExpenseType",
    "FundingShare",
    "FundingShareQuerySet",
    "Payment",
    "PaymentQuerySet",
    "Route",
    "SpendingFile",
    "SpendingImport",
    "SpendingImportQuerySet",
    "SpendingType",
    "SpendingTypeQuerySet",
    "Supplier",
    "SupplierQuerySet",
    "price_words",
]
