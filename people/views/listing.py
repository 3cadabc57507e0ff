"""The list of people, the search for one, and the list as a file."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from commissioning.accounts.routes import ActorRequest, record_read
from commissioning.core import downloads, tables
from commissioning.core.money import csv_pence
from people.filters import PeopleFilters
from people.queries import Filters, PersonRow, people_found, people_list
from people.queries.listing import MONEY_SORTS, SORTS
from people.views.searching import asked, to_the_list


def people_page(request: ActorRequest) -> HttpResponse:
    """The people the actor may see, with filters beside the table. Filters are posted, then stand in the address."""
    if request.method == "POST":
        return to_the_list(request, request.POST)
    today = timezone.localdate()
    filters = PeopleFilters(asked(request), actor=request.actor, on=today)
    sorts = SORTS | (MONEY_SORTS if request.actor.sees_prices else {})
    sort = request.GET.get("sort", "name") if request.GET.get("sort") in sorts else "name"
    people = people_list(request.actor, filters.chosen, today, sort=sort, page=request.GET.get("page", "1"))
    record_read(request, *people.people_ids)
    context = {"people": people, "filters": filters, "sort": sort, "sorts": sorts.items(), "sort_words": sorts[sort]}
    return render(request, "people/people.html", context)


def people_search(request: ActorRequest) -> HttpResponse:
    """Straight to the person where the search finds one; else the list of those it finds, the dead included."""
    text = request.POST.get("q", "").strip()
    everybody = Filters(q=text, with_died=True)
    found = list(people_found(request.actor, everybody, timezone.localdate())[:2]) if text else []
    if len(found) == 1:
        return redirect("person", found[0].reference)
    return to_the_list(request, _searched(text))


def people_csv(request: ActorRequest) -> HttpResponse:
    """Everybody the filters found, with the columns of the page."""
    today = timezone.localdate()
    chosen = PeopleFilters(asked(request), actor=request.actor, on=today).chosen
    people = people_list(request.actor, chosen, today, sort=request.GET.get("sort", "name"), size=100_000)
    record_read(request, *people.people_ids)
    header = ["reference", *(["name"] if people.shown.names else []), "age", "lives", "with"]
    if people.shown.money:
        header += ["weekly_cost", "weekly_change"]
    rows = [_cells(row, people.shown.names, people.shown.money) for row in people.rows]
    written = tables.write_csv(header, rows)
    return downloads.download(written, name=f"people-{today}.csv", content_type=downloads.CSV)


def _searched(text: str) -> QueryDict:
    filters = QueryDict(mutable=True)
    if text:
        filters.update({"q": text, "died": "on"})
    return filters


def _cells(row: PersonRow, names: bool, money: bool) -> list[str]:
    cells = [row.reference, *([row.name] if names else []), str(row.age), row.lives, row.where]
    if money:
        change = row.money.change_weekly_pence if row.money else None
        cells += [csv_pence(row.money.weekly_pence if row.money else 0), "" if change is None else csv_pence(change)]
    return cells
