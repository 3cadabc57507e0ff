"""The cost explorer: cost over time by any slice, as a chart, a table that adds up and a file; and the lines behind."""

import datetime as dt
from urllib.parse import parse_qsl

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.routes import ActorRequest, record_read
from commissioning.core import downloads
from commissioning.core.periods import Month
from commissioning.overview.queries.costs import (
    BESIDE,
    BY,
    MONEY,
    PER,
    Asked,
    Changed,
    Grid,
    Names,
    as_csv,
    as_workbook,
    asked_from,
    asked_of,
    book_of,
    changed_csv,
    changed_since,
    chart_of,
    choices_of,
    grid_of,
    names_of,
    parts_of,
    set_beside,
)

NARROWED = (
    ("provider", "Provider"),
    ("setting", "Setting"),
    ("cohort", "Cohort"),
    ("kind", "Kind of cost"),
    ("funder", "Who pays"),
)


def cost_explorer(request: ActorRequest) -> HttpResponse:
    today = timezone.localdate()
    asked = asked_of(request.actor, asked_from(request.GET.dict(), today))
    book = book_of(request.actor, asked)
    names = names_of(request.actor, asked)
    compared = set_beside(request.actor, book, asked, grid_of(book, asked, names))
    grid = compared.grid
    _record(request, grid, names)
    filters = [(f"only_{name}", label, asked.narrowed_to(name), names.choices(book, name)) for name, label in NARROWED]
    context = {
        "asked": asked,
        "grid": grid,
        "note": compared.note,
        "chart": chart_of(book, asked, names),
        "choices": [
            ("by", "Show by", asked.by, list(BY.items())),
            ("per", "For each", asked.per, list(PER.items())),
            ("money", "Money", asked.money, list(MONEY.items())),
            ("beside", "Set beside", asked.beside, list(BESIDE.items())),
        ],
        "months": choices_of(book, asked, today),
        "filters": filters,
        "person": names.of("person", asked.narrowed_to("person")) if asked.narrowed_to("person") else "",
        "person_reference": asked.narrowed_to("person"),
        "is_empty": asked.known is None and not len(book.lines),
        "changed_url": f"{reverse('cost_changes')}?{_with_known(asked, today).query}",
        "changed_since": _with_known(asked, today).known_words,
        "now_url": f"{reverse('cost_explorer')}?{asked.as_now.query}",
        "today": today,
        "lines_url": reverse("cost_lines"),
        "csv_url": f"{reverse('cost_explorer_csv')}?{asked.query}",
        "xlsx_url": f"{reverse('cost_explorer_xlsx')}?{asked.query}",
    }
    return render(request, "overview/costs.html", context)


def cost_explorer_csv(request: ActorRequest) -> HttpResponse:
    """What the page shows, every slice in full."""
    grid = _whole_grid(request)
    return downloads.download(as_csv(grid), name=f"{_name_of(grid)}.csv", content_type=downloads.CSV)


def cost_explorer_xlsx(request: ActorRequest) -> HttpResponse:
    """The same as a spreadsheet."""
    grid = _whole_grid(request)
    return downloads.download(as_workbook(grid), name=f"{_name_of(grid)}.xlsx", content_type=downloads.WORKBOOK)


def _whole_grid(request: ActorRequest) -> Grid:
    asked = asked_of(request.actor, asked_from(request.GET.dict(), timezone.localdate()))
    names, book = names_of(request.actor, asked), book_of(request.actor, asked)
    grid = set_beside(request.actor, book, asked, grid_of(book, asked, names, most=None)).grid
    _record(request, grid, names)
    return grid


def _name_of(grid: Grid) -> str:
    known = f"-as-known-{grid.asked.known:%Y-%m-%d}" if grid.asked.known else ""
    return f"costs-by-{grid.asked.by}-{grid.asked.first}-to-{grid.asked.last}{known}"


def cost_lines(request: ActorRequest) -> HttpResponse:
    """The lines that make one figure."""
    asked = asked_of(request.actor, asked_from(request.GET.dict(), timezone.localdate()))
    book, names = book_of(request.actor, asked), names_of(request.actor, asked)
    found = parts_of(request.actor, book, asked, request.GET.dict())
    record_read(request, *found.people_ids)
    context = {
        "asked": asked,
        "found": found,
        "slice": names.of(asked.by, found.value) if found.value is not None else "All",
        "by": BY[asked.by],
        "money": MONEY[asked.money],
        "back": f"{reverse('cost_explorer')}?{asked.query}",
    }
    return render(request, "overview/costs_lines.html", context)


def cost_changes(request: ActorRequest) -> HttpResponse:
    """What changed since a day, or since a report was issued: by month, by slice and line by line."""
    changed = _changed(request)
    record_read(request, *changed.people_ids)
    asked = changed.asked
    context = {
        "asked": asked,
        "changed": changed,
        "by": BY[asked.by],
        "money": MONEY[asked.money],
        "today": timezone.localdate(),
        "hidden": parse_qsl(asked.as_now.query),
        "back": f"{reverse('cost_explorer')}?{asked.as_now.query}",
        "then_url": f"{reverse('cost_explorer')}?{asked.query}",
        "csv_url": f"{reverse('cost_changes_csv')}?{asked.query}",
    }
    return render(request, "overview/costs_changed.html", context)


def cost_changes_csv(request: ActorRequest) -> HttpResponse:
    """Every line that changed, by month and who pays: the file's differences add up to the page's."""
    changed = _changed(request)
    record_read(request, *(line.person_id for line in changed.lines if line.person_id is not None))
    asked = changed.asked
    name = f"costs-{asked.first}-to-{asked.last}-changed-since-{asked.known:%Y-%m-%d}.csv"
    return downloads.download(changed_csv(changed), name=name, content_type=downloads.CSV)


def _changed(request: ActorRequest) -> Changed:
    today = timezone.localdate()
    asked = _with_known(asked_of(request.actor, asked_from(request.GET.dict(), today)), today)
    return changed_since(request.actor, asked, names_of(request.actor, asked))


def _with_known(asked: Asked, today: dt.date) -> Asked:
    """The question with a day to look back to: the last of the month before, where none is given."""
    return asked if asked.known is not None else asked.known_on(Month.of(today).plus(-1).last)


def _record(request: ActorRequest, grid: Grid, names: Names) -> None:
    """Figures of single people are reads of their records."""
    shown = [row.code for row in grid.rows if row.code] if grid.asked.by == "person" else []
    shown += [grid.asked.narrowed_to("person")]
    record_read(request, *(names.people[code][0] for code in shown if code in names.people))
