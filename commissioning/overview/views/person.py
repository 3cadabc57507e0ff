"""A person's page: the money and the life on one time axis, the figures as a table and as a file."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.routes import ActorRequest, record_read
from commissioning.core import downloads
from commissioning.overview.queries.person import (
    WINDOWS,
    MoneyLifeRecord,
    as_csv,
    as_table,
    chart_of,
    facts_of,
    key_figures,
    lives_in_words,
    month_table,
    panels_of,
    record_of,
    window_of,
)
from commissioning.overview.queries.person.drawn import measures_drawn, measures_to_choose
from commissioning.overview.sustained import thresholds
from people.models import Person
from people.queries import person_for


def person(request: ActorRequest, reference: str) -> HttpResponse:
    found = person_for(request.actor, reference)
    record_read(request, found.pk)
    record = record_of(request.actor, found, timezone.localdate())
    window = window_of(request.GET.get("months", ""))
    shown_as = {"as": "table"} if request.GET.get("as") == "table" else {}
    context = _about(request, found) | {
        "record": record,
        "sight": record.sight,
        "window": window,
        "windows": [(each, _address(request, months=each.key, **shown_as)) for each in WINDOWS],
        "csv_url": f"{reverse('person_costs_csv', args=[found.reference])}?months={window.key}",
        "panels": panels_of(record),
    }
    if shown_as:
        table = as_table(month_table(record, window), record.name)
        return render(request, "overview/person_table.html", context | {"table": table, "chart_url": _address(request)})
    return render(request, "overview/person.html", context | _drawn(request, record))


def person_costs_csv(request: ActorRequest, reference: str) -> HttpResponse:
    """Money and life of a person month by month, in one file."""
    found = person_for(request.actor, reference)
    record_read(request, found.pk)
    window = window_of(request.GET.get("months", "all"))
    record = record_of(request.actor, found, timezone.localdate())
    table = as_csv(month_table(record, window), found.reference)
    name = f"money-and-life-{_file_name(found.reference)}.csv"
    return downloads.download(table, name=name, content_type=downloads.CSV)


def _about(request: ActorRequest, found: Person) -> dict[str, Any]:
    return {
        "person": found,
        "lives": lives_in_words(request.actor, found, timezone.localdate()),
        "facts": facts_of(request.actor, found),
    }


def _drawn(request: ActorRequest, record: MoneyLifeRecord) -> dict[str, Any]:
    window = window_of(request.GET.get("months", ""))
    chosen = request.GET.getlist("measure")
    figures = key_figures(record)
    drawn = {series.measure_code for series in measures_drawn(record, window, chosen)}
    return {
        "figures": figures.figures,
        "judgement": figures.judgement,
        "thresholds": thresholds(),
        "chart": chart_of(record, window, chosen),
        "measures": [(series, series.measure_code in drawn) for series in measures_to_choose(record)],
        "table_url": _address(request, **{"as": "table"}),
    }


def _address(request: ActorRequest, **changes: str) -> str:
    """This page with some of its choices changed; the chart is what it shows unless told otherwise."""
    query = request.GET.copy()
    query.pop("as", None)
    for name, value in changes.items():
        query[name] = value
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _file_name(reference: str) -> str:
    return "".join(each if each.isalnum() else "-" for each in reference)
