"""A person's placements and costs, with the acts that change them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from commissioning.accounts.routes import ActorRequest, record_read
from commissioning.overview.queries.placements import baseline_shown, money_history, placements_shown
from people.queries import person_for


def placements(request: ActorRequest, reference: str) -> HttpResponse:
    person = person_for(request.actor, reference)
    record_read(request, person.pk)
    context = {
        "person": person,
        "tab": "placements",
        "shown": placements_shown(request.actor, person, timezone.localdate()),
        "baseline": baseline_shown(request.actor, person),
        "history": money_history(request.actor, person),
    }
    return render(request, "overview/placements.html", context)
