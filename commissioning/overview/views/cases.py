"""Invest to save: the list, and each case with what it has saved."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from commissioning.accounts.routes import ActorRequest, record_read
from commissioning.core import downloads
from commissioning.overview.queries.cases import CasePage, as_csv, case_lines, case_page
from finance.queries.cases import case_for, cases_of


def cases(request: ActorRequest) -> HttpResponse:
    lines = case_lines(request.actor, cases_of(request.actor), timezone.localdate())
    return render(request, "overview/cases.html", {"lines": lines})


def case(request: ActorRequest, reference: str) -> HttpResponse:
    page = _page(request, reference)
    return render(request, "overview/case.html", {"case": page.case, "page": page})


def case_csv(request: ActorRequest, reference: str) -> HttpResponse:
    page = _page(request, reference)
    name = f"invest-to-save-{page.case.reference}.csv"
    return downloads.download(as_csv(page), name=name, content_type=downloads.CSV)


def _page(request: ActorRequest, reference: str) -> CasePage:
    page = case_page(request.actor, case_for(request.actor, reference), timezone.localdate())
    record_read(request, *(part.row.person_id for part in page.people))
    return page
