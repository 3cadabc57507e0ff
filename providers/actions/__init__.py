"""The only writers of providers, locations and contracts."""

from providers.actions.contracts import ContractDetails, change_contract, create_contract
from providers.actions.locations import Imported, import_locations, match_locations, unmatch_location
from providers.actions.organisations import Linked, OrganisationDetails, change_organisation, link_organisation

__all__ = [
    "ContractDetails",
    "Imported",
    "Linked",
    "OrganisationDetails",
    "change_contract",
    "change_organisation",
    "create_contract",
    "import_locations",
    "link_organisation",
    "match_locations",
    "unmatch_location",
]
