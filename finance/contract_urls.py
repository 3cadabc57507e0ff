"""Addresses of a contract's places, which stand with the contract's own."""

from commissioning.accounts.downloads import few_an_hour
from commissioning.accounts.routes import COMMISSIONING, MONEY_READERS, PROVIDERS, Reads, route
from finance.views import block_line_add, places

urlpatterns = [
    route(
        "<ref:reference>/places/",
        places.contract_places,
        name="contract_places",
        roles=MONEY_READERS | PROVIDERS,
        reads=Reads.PEOPLE,
    ),
    route(
        "<ref:reference>/places/places.csv",
        few_an_hour(places.contract_places_csv),
        name="contract_places_csv",
        roles=MONEY_READERS,
        reads=Reads.PEOPLE,
    ),
    route(
        "<ref:reference>/places/add/",
        block_line_add,
        name="block_line_add",
        roles=COMMISSIONING,
        methods=("GET", "POST"),
        reads=Reads.PEOPLE,
    ),
]
