"""What every page about one person has: the record read, the name, how to communicate, where they live."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.routes import ActorRequest, record_read
from commissioning.core import periods
from commissioning.core.editing import EditForm, show_conflict
from people.models import Person
from people.queries import age_on, lives_now


def person_page(request: ActorRequest, person: Person, template: str, **context: Any) -> HttpResponse:
    """A page in the person's layout; whose record it shows is kept."""
    record_read(request, person.pk)
    lives = lives_in_words(request.actor, person, timezone.localdate())
    return render(request, template, {"person": person, "lives": lives, "facts": facts_of(person), **context})


def person_form(
    request: ActorRequest, person: Person, form: Any, heading: str, back: str, **context: Any
) -> HttpResponse:
    """A form about the person, under how to communicate with them, or both values where somebody else was first.

    `back` is a page of theirs.
    """
    trail = [
        ("Home", reverse("home")),
        ("People", reverse("people")),
        (person.label_for(request.actor), reverse(back, args=[person.reference])),
    ]
    cancel_url = reverse(back, args=[person.reference])
    if isinstance(form, EditForm) and form.is_stale:
        record_read(request, person.pk)
        return show_conflict(request, form, heading=heading, back=cancel_url)
    context = {"trail": trail, "cancel_url": cancel_url, "tab": back, **context}
    return person_page(request, person, "people/form.html", form=form, heading=heading, **context)


def facts_of(person: Person) -> list[tuple[str, str]]:
    """What stands beside the name."""
    number = person.nhs_number
    return [
        ("Reference", person.reference),
        ("NHS number", f"{number[:3]} {number[3:6]} {number[6:]}" if number else "Not known"),
        ("Born", periods.words(person.date_of_birth)),
        ("Diagnosis", person.get_diagnosis_display()),
        ("Responsible", f"{person.council} and {person.icb}"),
    ]


def lives_in_words(actor: Actor, person: Person, today: dt.date) -> str:
    """`24. Own tenancy with Meadow Farm Support since 1 July 2026.`"""
    age = age_on(person, today)
    if person.died_on:
        return f"Died {periods.words(person.died_on)}, aged {age}."
    placement = lives_now(actor, person, today)
    if placement is None:
        return f"{age}."
    since = f"since {periods.words(placement.start)}" if placement.start <= today else ""
    return f"{age}. {placement.get_setting_display()} with {placement.provider} {since}".rstrip() + "."
