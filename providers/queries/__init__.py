"""Reads of providers, their locations and contracts."""

from providers.queries.contracts import (
    ContractFilters,
    ContractRow,
    Term,
    contract_for,
    contracts_list,
    terms_of,
)
from providers.queries.locations import Unmatched, listed, location_for, unmatched_locations
from providers.queries.organisations import ProviderPage, ProviderRow, link_for, provider_page, providers_list

__all__ = [
    "ContractFilters",
    "ContractRow",
    "ProviderPage",
    "ProviderRow",
    "Term",
    "Unmatched",
    "contract_for",
    "contracts_list",
    "link_for",
    "listed",
    "location_for",
    "provider_page",
    "providers_list",
    "terms_of",
    "unmatched_locations",
]
