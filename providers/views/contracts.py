"""Contracts."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.routes import ActorRequest
from commissioning.core.editing import answer
from providers.actions import change_contract, create_contract
from providers.forms import ContractForm, initial_of_contract
from providers.models import ContractKind
from providers.queries import ContractFilters, contract_for, contracts_list, terms_of
from providers.queries.contracts import STATES, row_of
from providers.supported import people_by_contract, places_by_contract

HOME = ("Home", "/")


def contracts_page(request: ActorRequest) -> HttpResponse:
    """The contracts the actor may see; those that end first come first."""
    given = request.GET
    filters = ContractFilters(q=given.get("q", "").strip(), state=given.get("state", ""), kind=given.get("kind", ""))
    rows = contracts_list(request.actor, filters, timezone.localdate())
    context = {"rows": rows, "filters": filters, "states": STATES.items(), "kinds": ContractKind.choices}
    return render(request, "providers/contracts.html", {**context, "trail": [HOME]})


def contract_page(request: ActorRequest, reference: str) -> HttpResponse:
    """One contract with its checklist of terms."""
    contract, today = contract_for(request.actor, reference), timezone.localdate()
    row = row_of(contract, people_by_contract(request.actor, today).get(contract.pk, 0), today)
    trail = [HOME, ("Contracts", reverse("contracts"))]
    context = {"row": row, "contract": contract, "terms": terms_of(contract), "trail": trail, "today": today}
    return render(
        request,
        "providers/contract.html",
        {**context, "places": places_by_contract(request.actor, today).get(contract.pk)},
    )


def contract_create(request: ActorRequest) -> HttpResponse:
    """A new contract; `?provider=CODE` chooses the provider beforehand."""
    link = request.actor.partnership.links.filter(code=request.GET.get("provider", "")).first()
    initial = {"provider": link.organisation_id} if link else {}
    form = ContractForm(request.POST or None, initial=initial, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        reference, provider = form.cleaned_data["reference"], form.cleaned_data["provider"]
        details, by = form.details, request.actor
        if form.attempt(lambda: create_contract(reference=reference, provider=provider, details=details, by=by)):
            messages.success(request, f"The contract {reference} is added.")
            return redirect("contract", reference)
    trail = [HOME, ("Contracts", reverse("contracts"))]
    context = {"form": form, "heading": "Add a contract", "trail": trail, "cancel_url": reverse("contracts")}
    return render(request, "providers/contract_form.html", context)


def contract_edit(request: ActorRequest, reference: str) -> HttpResponse:
    """Changes a contract; the second of two savers sees both values."""
    contract = contract_for(request.actor, reference)
    form = ContractForm(
        request.POST or None,
        records=[contract],
        saved=lambda: initial_of_contract(contract),
        actor=request.actor,
        contract=contract,
    )
    title, back = contract.title, reverse("contract", args=[reference])
    if request.method == "POST" and form.is_valid():
        version = form.stood_at
        if form.attempt(
            lambda: change_contract(contract=contract, version=version, details=form.details, by=request.actor)
        ):
            messages.success(request, "The contract is changed.")
            return redirect(back)
    trail = [HOME, ("Contracts", reverse("contracts")), (title, back)]
    context = {"heading": f"Change {reference}: {title}", "trail": trail, "cancel_url": back}
    return answer(request, form, "providers/contract_form.html", context)
