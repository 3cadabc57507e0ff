"""Providers and other organisations of the partnership."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.models import OrganisationKind
from commissioning.accounts.routes import ActorRequest
from commissioning.core.editing import answer
from commissioning.core.errors import Refused
from providers.actions import change_organisation, link_organisation
from providers.forms import OrganisationForm, initial_of_link
from providers.queries import link_for, provider_page, providers_list

HOME = ("Home", "/")


def providers_view(request: ActorRequest) -> HttpResponse:
    """Providers and landlords, or the organisations of one kind."""
    q, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    rows = providers_list(request.actor, timezone.localdate(), q=q, kind=kind)
    context = {"rows": rows, "q": q, "kind": kind, "kinds": OrganisationKind.choices, "trail": [HOME]}
    return render(request, "providers/providers.html", context)


def provider_view(request: ActorRequest, code: str) -> HttpResponse:
    """One organisation: its people in number, contracts, locations."""
    page = provider_page(request.actor, code, timezone.localdate())
    trail = [HOME] if request.actor.is_provider else [HOME, ("Providers", reverse("providers"))]
    return render(request, "providers/provider.html", {"page": page, "link": page.link, "trail": trail})


def provider_create(request: ActorRequest) -> HttpResponse:
    """Adds an organisation to the partnership, the shared record where its identifiers are known."""
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = link_organisation(code=form.cleaned_data["code"], details=form.details, by=request.actor)
        except Refused as refused:
            form.refuse(refused)
        else:
            name = done.link.organisation.name
            known = f"{name} was known already and is used as it is; nothing of it was changed."
            messages.success(request, known if done.was_known else f"{name} is added.")
            return redirect("provider", done.link.code)
    trail = [HOME, ("Providers", reverse("providers"))]
    intro = "An organisation that another partnership works with is found by its CQC, ODS or GSS identifier."
    context = {"form": form, "heading": "Add an organisation", "intro": intro, "trail": trail}
    return render(request, "layouts/form.html", {**context, "cancel_url": reverse("providers")})


def provider_edit(request: ActorRequest, code: str) -> HttpResponse:
    """Changes the partnership's code, and the organisation where nobody else uses its record."""
    link = link_for(request.actor, code)
    name = link.organisation.name
    form = OrganisationForm(
        request.POST or None, records=[link, link.organisation], saved=lambda: initial_of_link(link)
    )
    if request.method == "POST" and form.is_valid():
        given, version = form.cleaned_data["code"], form.stood_at
        if form.attempt(
            lambda: change_organisation(link=link, code=given, details=form.details, version=version, by=request.actor)
        ):
            messages.success(request, "The organisation is changed.")
            return redirect("provider", link.code)
    back = reverse("provider", args=[code])
    trail = [HOME, ("Providers", reverse("providers")), (name, back)]
    context = {"heading": f"Change {name}", "trail": trail, "cancel_url": back}
    return answer(request, form, "layouts/form.html", context)
