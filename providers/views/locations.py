"""The Care Quality Commission's list: taking it over, and matching its locations to organisations."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from commissioning.accounts.routes import ActorRequest
from commissioning.core.errors import Refused, RefusedMany
from commissioning.core.intake import clean_name
from providers.actions import import_locations, match_locations, unmatch_location
from providers.forms import CqcForm, MatchForm
from providers.imports import read_cqc
from providers.queries import link_for, listed, location_for, unmatched_locations
from providers.queries.locations import organisations_to_match

PAGE = 25


def cqc_import(request: ActorRequest) -> HttpResponse:
    """Takes the list over, all or nothing, and says what it brought; every fault is listed."""
    form = CqcForm(request.POST, request.FILES) if request.method == "POST" else CqcForm()
    faults: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            done = import_locations(rows=read_cqc(form.cleaned_data["file"].read()), by=request.actor)
        except Refused as refused:
            faults = [one.message for one in (refused if isinstance(refused, RefusedMany) else [refused])]
            name = clean_name(form.cleaned_data["file"].name)
            several = f"Nothing was saved. {name} has {len(faults)} faults; see “What to put right in the file”"
            form.add_error("file", several if len(faults) > 1 else f"{name}: {faults[0]}")
        else:
            counts = f"{done.added} added, {done.changed} changed, {done.same} as they were"
            messages.success(
                request, f"{done.read} locations read: {counts}. {done.matched} matched by earlier matches."
            )
            return redirect("cqc_unmatched")
    trail = [("Home", "/"), ("Providers", reverse("providers"))]
    context = {"form": form, "faults": faults, "listed": listed(request.actor), "trail": trail}
    return render(request, "providers/cqc_import.html", {**context, "heading": "Take over the CQC’s list"})


def cqc_unmatched(request: ActorRequest) -> HttpResponse:
    """The list's providers without an organisation, each with a likely one."""
    q = request.GET.get("q", "").strip()
    groups = unmatched_locations(request.actor, q=q)
    page = Paginator(groups, PAGE).get_page(request.GET.get("page", "1"))
    trail = [("Home", "/"), ("Providers", reverse("providers"))]
    context = {"page": page, "q": q, "links": list(organisations_to_match(request.actor)), "trail": trail}
    return render(request, "providers/cqc_unmatched.html", context)


def cqc_match(request: ActorRequest) -> HttpResponse:
    """Keeps a match."""
    links = organisations_to_match(request.actor)
    form = MatchForm(request.POST, choices=[(link.code, link.organisation.name) for link in links])
    if form.is_valid():
        organisation = link_for(request.actor, form.cleaned_data["organisation"]).organisation
        name = form.cleaned_data["provider_name"]
        try:
            number = match_locations(provider_name=name, organisation=organisation, by=request.actor)
        except Refused as refused:
            messages.warning(request, refused.message)
        else:
            what = "location is" if number == 1 else "locations are"
            messages.success(request, f"{number} {what} {organisation}’s; later lists will know.")
    else:
        messages.warning(request, "Choose the organisation that the locations belong to.")
    return redirect("cqc_unmatched")


def cqc_unmatch(request: ActorRequest, code: str, pk: int) -> HttpResponse:
    """Takes a match back: the location is to be matched again."""
    location = location_for(request.actor, code, pk)
    try:
        unmatch_location(location=location, by=request.actor)
    except Refused as refused:
        messages.warning(request, refused.message)
    else:
        messages.success(request, f"{location.name} is no longer theirs. Match it again under Match locations.")
    return redirect("provider", code)
