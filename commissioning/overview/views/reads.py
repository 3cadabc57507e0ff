"""Who looked at a person's record: by day, as a file, and as a list to hand to the person."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.routes import ActorRequest, record_read
from commissioning.core import downloads
from commissioning.overview.queries.person import facts_of, lives_in_words
from commissioning.overview.queries.person.reads import LooksAsked, letter_of, looks_csv, looks_of
from people.queries import person_for

DAYS_A_PAGE = 50


def who_looked(request: ActorRequest, reference: str) -> HttpResponse:
    """Everyone who saw the person's record, by day, newest first."""
    found = person_for(request.actor, reference)
    record_read(request, found.pk)
    looks = looks_of(request.actor, found, LooksAsked.of(request.GET))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "person": found,
        "lives": lives_in_words(request.actor, found, timezone.localdate()),
        "facts": facts_of(request.actor, found),
        "looks": looks,
        "page_obj": Paginator(looks.days, DAYS_A_PAGE).get_page(request.GET.get("page")),
        "query": query.urlencode(),
    }
    return render(request, "overview/person_reads.html", context)


def who_looked_csv(request: ActorRequest, reference: str) -> HttpResponse:
    """Each look, as a file."""
    found = person_for(request.actor, reference)
    record_read(request, found.pk)
    text = looks_csv(request.actor, found, LooksAsked.of(request.GET))
    return downloads.download(text, name=f"who-looked-{found.reference}.csv", content_type=downloads.CSV)


def who_looked_letter(request: ActorRequest, reference: str) -> HttpResponse:
    """The list to print and hand to the person, with the names of staff or with what they do alone."""
    found = person_for(request.actor, reference)
    record_read(request, found.pk)
    with_names = request.GET.get("names") != "no"
    context = {
        "person": found,
        "letter": letter_of(request.actor, found, LooksAsked.of(request.GET), with_names=with_names),
        "with_names": with_names,
        "today": timezone.localdate(),
        "back": reverse("who_looked", args=[found.reference]),
    }
    return render(request, "overview/person_reads_letter.html", context)
