"""A contract's prices for places: who fills them, and what that and the void cost."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.routes import ActorRequest, record_read
from commissioning.core import downloads
from finance.queries.places import places_csv, places_of
from providers.queries import contract_for


def contract_places(request: ActorRequest, reference: str) -> HttpResponse:
    """The prices, the months of a financial year, and one month in full; a provider sees prices and who is there."""
    contract = contract_for(request.actor, reference)
    given = request.GET
    page = places_of(
        request.actor,
        contract,
        year=given.get("year", ""),
        month=given.get("month", ""),
        today=timezone.localdate(),
    )
    record_read(request, *page.people)
    back = reverse("contract", args=[reference])
    return render(request, "finance/places.html", {"contract": contract, "page": page, "back": back})


def contract_places_csv(request: ActorRequest, reference: str) -> HttpResponse:
    """Every part and the void of each month of a financial year."""
    contract = contract_for(request.actor, reference)
    contents, year, people = places_csv(
        request.actor, contract, year=request.GET.get("year", ""), today=timezone.localdate()
    )
    record_read(request, *people)
    return downloads.download(contents, name=f"places-{reference}-{year}.csv", content_type=downloads.CSV)
