"""Payments: what was paid beside what the placements say, files of spending, expense types and suppliers."""

import datetime as dt

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.routes import ActorRequest
from commissioning.core import downloads
from commissioning.core.editing import answer
from commissioning.core.periods import Month
from commissioning.core.tables import write_csv
from finance import actions
from finance.forms.payments import SUPPLIER, ExpenseTypesForm, MatchesForm, PeriodForm, UploadSpendingForm
from finance.models import SpendingImport
from finance.queries.payment_exceptions import (
    CYCLE,
    INCOME,
    PAYS,
    TOLERANCES,
    VAT,
    as_rows,
    payment_exceptions,
    terms_from,
)
from finance.queries.payments import (
    PaymentsAgainstPlacements,
    months_of_spending,
    payments_against_placements,
    suppliers_of,
    types_paid,
)
from finance.queries.payments_shown import chart_of, figures_of, file_of
from finance.queries.spending import chosen_texts, found_types, has_chosen, import_result, latest_imports
from finance.queries.suppliers import OPEN, STATES, providers_to_match, suppliers_to_match

PAGE = 25
REFRESH_SECONDS = 4
MONTHS_SHOWN = 12


def payments(request: ActorRequest) -> HttpResponse:
    """What was paid to each provider in a period, beside what its placements say it should be."""
    found, form = _found(request)
    context = {
        "found": found,
        "form": form,
        "figures": figures_of(found),
        "chart": chart_of("payments", found.total, found) if found.total.is_matched and found.has_payments else None,
        "imports": latest_imports(request.actor),
    }
    return render(request, "finance/payments.html", context)


def payments_provider(request: ActorRequest, code: str) -> HttpResponse:
    """One provider month by month, with the suppliers and expense types behind the payments."""
    found, form = _found(request)
    provider = found.provider(code)
    first, last = found.months[0].month.first, found.months[-1].month.last
    context = {
        "found": found,
        "form": form,
        "provider": provider,
        "rows": [row for row in zip(found.months, provider.by_month, strict=True) if not row[1].says_nothing],
        "chart": chart_of("provider-payments", provider, found) if provider.known else None,
        "suppliers": suppliers_of(request.actor, code, first, last),
        "types": types_paid(request.actor, code, first, last),
        "trail": [("Payments", f"{reverse('payments')}?{request.GET.urlencode()}"), (provider.name, "")],
    }
    return render(request, "finance/payments_provider.html", context)


def payments_csv(request: ActorRequest) -> HttpResponse:
    """The page's figures by provider and month."""
    found, _ = _found(request)
    first, last = found.months[0].month, found.months[-1].month
    name = f"payments-{first}-to-{last}.csv"
    return downloads.download(write_csv(*file_of(found)), name=name, content_type=downloads.CSV)


def payments_exceptions(request: ActorRequest) -> HttpResponse:
    """Providers and months that are not as expected, each with its reason."""
    found, form = _found(request)
    terms = terms_from(request.GET.dict())
    first, last = form.period
    query = f"first={first}&last={last}&{terms.query}"
    context = {
        "found": found,
        "form": form,
        "exceptions": payment_exceptions(request.actor, found, terms),
        "choices": [
            ("pays", "The council pays", terms.pays, list(PAYS.items())),
            ("income", "What people pay is", terms.income, list(INCOME.items())),
            ("cycle", "A payment is for", terms.cycle, list(CYCLE.items())),
            ("vat", "Payments are", terms.vat, list(VAT.items())),
            ("tolerance", "As expected, up to", terms.tolerance, [(each, f"{each}% off") for each in TOLERANCES]),
        ],
        "query": query,
        "trail": [("Payments", f"{reverse('payments')}?first={first}&last={last}"), ("Exceptions", "")],
    }
    return render(request, "finance/payments_exceptions.html", context)


def payments_exceptions_csv(request: ActorRequest) -> HttpResponse:
    """The list as a file."""
    found, form = _found(request)
    rows = as_rows(payment_exceptions(request.actor, found, terms_from(request.GET.dict())))
    first, last = form.period
    name = f"payment-exceptions-{first}-to-{last}.csv"
    return downloads.download(write_csv(*rows), name=name, content_type=downloads.CSV)


def payments_upload(request: ActorRequest) -> HttpResponse:
    """Takes files of published spending for a worker to read."""
    form = UploadSpendingForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    made: list[SpendingImport] = []
    if request.method == "POST" and form.is_valid():
        files = [(file.name or "spending.csv", file.read()) for file in form.cleaned_data["spending_files"]]
        if form.attempt(lambda: made.append(actions.start_import(files=files, by=request.actor))):
            return redirect("payments_import", made[0].pk)
    context = {
        "form": form,
        "heading": "Bring in published spending",
        "has_chosen": has_chosen(request.actor),
        "texts": chosen_texts(request.actor.partnership),
        "imports": latest_imports(request.actor),
        "trail": [("Payments", reverse("payments")), ("Bring in published spending", "")],
        "cancel_url": reverse("payments"),
    }
    return render(request, "finance/payments_upload.html", context)


def payments_import(request: ActorRequest, pk: int) -> HttpResponse:
    """How far the reading of files has come, and what it brought; looks again by itself until all are read."""
    result = import_result(request.actor, pk)
    trail = [("Payments", reverse("payments")), ("Files brought in", "")]
    response = render(request, "finance/payments_import.html", {"result": result, "trail": trail})
    if result.is_running:
        response["Refresh"] = str(REFRESH_SECONDS)
    return response


def payments_types(request: ActorRequest) -> HttpResponse:
    """Which expense types count as support, of those in the files brought in."""
    found = found_types(request.actor)
    form = ExpenseTypesForm(request.POST if request.method == "POST" else None, actor=request.actor, found=found)
    again: list[int] = []
    if (
        request.method == "POST"
        and form.is_valid()
        and form.attempt(
            lambda: again.append(
                actions.choose_expense_types(texts=form.texts, version=form.stood_at, by=request.actor)
            )
        )
    ):
        more = f" Files read again: {again[0]}; it takes less than a minute." if again[0] else ""
        messages.success(request, f"Saved what counts as support.{more}")
        return redirect("payments")
    context = {
        "heading": "Which expense types count as support",
        "found": found,
        "has_chosen": has_chosen(request.actor),
        "trail": [("Payments", reverse("payments")), ("Expense types", "")],
        "cancel_url": reverse("payments"),
    }
    return answer(request, form, "finance/payments_types.html", context)


def payments_suppliers(request: ActorRequest) -> HttpResponse:
    """Suppliers to be matched to providers: the likely ones first, then the largest."""
    state, q = request.GET.get("state", OPEN), request.GET.get("q", "").strip()
    rows = suppliers_to_match(request.actor, state=state, q=q)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page", "1"))
    context = {
        "page": page,
        "form": MatchesForm(None, actor=request.actor, supplier_ids=[row.supplier_id for row in page]),
        "pence": sum(row.pence for row in rows),
        "likely": sum(bool(row.likely) for row in rows),
        "providers": providers_to_match(request.actor),
        "not_a_provider": actions.NOT_A_PROVIDER,
        "states": STATES,
        "state": state,
        "q": q,
        "trail": [("Payments", reverse("payments")), ("Suppliers", "")],
    }
    return render(request, "finance/payments_suppliers.html", context)


def payments_match(request: ActorRequest) -> HttpResponse:
    """Keeps what was decided about the suppliers of one page."""
    back = f"{reverse('payments_suppliers')}?{request.GET.urlencode()}"
    ids = [name.removeprefix(SUPPLIER) for name in request.POST if name.startswith(SUPPLIER)]
    form = MatchesForm(request.POST, actor=request.actor, supplier_ids=ids)
    changed: list[int] = []
    if len(form.suppliers) == len(ids) and form.is_valid():
        decisions, version = form.decisions, form.stood_at
        form.attempt(
            lambda: changed.append(actions.match_suppliers(decisions=decisions, version=version, by=request.actor))
        )
    if form.is_stale:
        return answer(request, form, "", {"heading": "Match suppliers to providers", "cancel_url": back})
    if changed:
        what = "supplier is" if changed[0] == 1 else "suppliers are"
        said = f"{changed[0]} {what} decided; later files will know." if changed[0] else "Nothing was changed."
        messages.success(request, said)
    else:
        messages.warning(request, "Choose from the suppliers and providers on this page. Nothing was saved.")
    return redirect(back)


def _found(request: ActorRequest) -> tuple[PaymentsAgainstPlacements, PeriodForm]:
    """The figures of the months asked for; by default of the year that ends with the latest published month."""
    months = [each.month for each in months_of_spending(request.actor)]
    last = months[-1] if months else Month.of(_today())
    asked = {name: value for name, value in request.GET.items() if name in ("first", "last")}
    form = PeriodForm(asked or None, months=months, default=(last.plus(1 - MONTHS_SHOWN), last))
    first, last = form.period
    return payments_against_placements(request.actor, first.first, last.last), form


def _today() -> dt.date:
    return timezone.localdate()
