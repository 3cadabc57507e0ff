"""The filters beside the list of people."""

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation, OrganisationKind
from people.models import Cohort, Diagnosis, Person
from people.queries.listing import ATTENTION, Filters, setting_counts, supported_by


class PeopleFilters(django_filters.FilterSet):  # type: ignore[misc]  # the package has no types
    """Reads the filters from an address. What it does not understand it leaves out, so that an old link still works."""

    q = django_filters.CharFilter(label="Name, reference or NHS number")
    setting = django_filters.MultipleChoiceFilter(label="Where they live", widget=forms.CheckboxSelectMultiple)
    attention = django_filters.MultipleChoiceFilter(
        label="Needs attention", choices=list(ATTENTION.items()), widget=forms.CheckboxSelectMultiple
    )
    provider = django_filters.ChoiceFilter(label="Provider", empty_label="All providers")
    cohort = django_filters.ChoiceFilter(label="Cohort", choices=Cohort.choices, empty_label="All")
    diagnosis = django_filters.ChoiceFilter(label="Diagnosis", choices=Diagnosis.choices, empty_label="All")
    body = django_filters.ChoiceFilter(label="Council or NHS board", empty_label="All")
    died = django_filters.BooleanFilter(label="Include people who have died", widget=forms.CheckboxInput)

    class Meta:
        model = Person
        fields: list[str] = []

    def __init__(self, data: QueryDict, *, actor: Actor, on: dt.date) -> None:
        super().__init__(data, queryset=Person.objects.none())
        self.actor = actor
        counts = setting_counts(actor, on)
        self.counts = {key: number for key, _, number in counts}
        self.filters["setting"].extra["choices"] = [(key, label) for key, label, _ in counts]
        self.filters["body"].extra["choices"] = _bodies(actor)
        if not actor.sees_names:
            self.filters["q"].label = "Reference"
            for name in ("attention", "diagnosis"):
                del self.filters[name]
        if actor.is_provider:
            for name in ("provider", "attention", "body", "cohort"):
                self.filters.pop(name, None)
        else:
            self.filters["provider"].extra["choices"] = _providers(actor, on)

    def filter_queryset(self, queryset: "QuerySet[Person]") -> "QuerySet[Person]":
        """Nobody is read here: `people_list` reads; these filters only say what it is narrowed to."""
        return queryset

    @property
    def chosen(self) -> Filters:
        """The filters that could be understood."""
        self.form.is_valid()
        values: dict[str, Any] = self.form.cleaned_data
        return Filters(
            q=(values.get("q") or "").strip(),
            settings=tuple(values.get("setting") or ()),
            attention=tuple(values.get("attention") or ()),
            provider=int(values.get("provider") or 0) or None,
            cohort=values.get("cohort") or "",
            diagnosis=values.get("diagnosis") or "",
            body=int(values.get("body") or 0) or None,
            with_died=bool(values.get("died")),
        )


def _providers(actor: Actor, on: dt.date) -> list[tuple[str, str]]:
    supporting = Organisation.objects.filter(pk__in=supported_by(actor, on)).order_by("name")
    return [(str(pk), name) for pk, name in supporting.values_list("pk", "name")]


def _bodies(actor: Actor) -> list[tuple[str, str]]:
    bodies = Organisation.objects.of(actor.partnership).filter(
        kind__in=[OrganisationKind.COUNCIL, OrganisationKind.ICB]
    )
    return [(str(pk), name) for pk, name in bodies.order_by("kind", "name").values_list("pk", "name")]
