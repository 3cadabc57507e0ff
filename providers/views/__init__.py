"""Pages about providers, their locations and contracts."""

from providers.views.contracts import contract_create, contract_edit, contract_page, contracts_page
from providers.views.locations import cqc_import, cqc_match, cqc_unmatch, cqc_unmatched
from providers.views.organisations import provider_create, provider_edit, provider_view, providers_view

__all__ = [
    "contract_create",
    "contract_edit",
    "contract_page",
    "contracts_page",
    "cqc_import",
    "cqc_match",
    "cqc_unmatch",
    "cqc_unmatched",
    "provider_create",
    "provider_edit",
    "provider_view",
    "providers_view",
]
