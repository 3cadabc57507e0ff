"""What changed since somebody was last here: prices, checklists, incidents. From the history that triggers keep."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from allauth.usersessions.models import UserSession
from django.db.models import Count
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.navigation import address_of
from commissioning.core.periods import words
from finance.models import CostKind, CostLine, price_words
from outcomes.models import Checklist, Incident
from people.models import Person

MOST_LINES, MOST_INCIDENTS, MOST_PROVIDERS = 4, 3, 3
READ_BACK = 60
USUAL_DAYS = 7
# What is older than this when it is written down (a whole history loaded at once) is no news.
NEWS = dt.timedelta(days=92)


@dataclass(frozen=True)
class Happened:
    """One line of news: money or life, the name it is about and where that leads, and what happened.

    `person_id` is of the person whom it names, if it names one.
    """

    kind: str
    name: str
    url: str
    what: str
    person_id: int | None = None


@dataclass(frozen=True)
class Since:
    """What happened since a day, newest first, and when the day was in words."""

    when: str
    happened: tuple[Happened, ...]

    @property
    def people_named(self) -> frozenset[int]:
        return frozenset(each.person_id for each in self.happened if each.person_id is not None)


def since_last_here(actor: Actor, today: dt.date) -> Since:
    """Changes since the last day on which the user was here before today, else in a week. Five queries."""
    day = _last_here(actor, today)
    start = timezone.make_aware(dt.datetime.combine(day, dt.time.min))
    happened = [*_incidents(actor, start), *_checklists(actor, day), *_prices(actor, start)]
    return Since(words(day, today=today, weekday=True), tuple(happened))


def _last_here(actor: Actor, today: dt.date) -> dt.date:
    midnight = timezone.make_aware(dt.datetime.combine(today, dt.time.min))
    seen = (
        UserSession.objects.filter(user=actor.user, last_seen_at__lt=midnight)
        .order_by("-last_seen_at")
        .values_list("last_seen_at", flat=True)
        .first()
    )
    usual = today - dt.timedelta(days=USUAL_DAYS)
    return max(timezone.localtime(seen).date(), today - dt.timedelta(days=31)) if seen else usual


def _prices(actor: Actor, start: dt.datetime) -> list[Happened]:
    """The latest prices that were added or changed. Two queries."""
    if not actor.sees_prices:
        return []
    model: Any = CostLine._meta.get_field("events").related_model  # the history table that triggers fill
    rows = model.objects.filter(partnership_id=actor.partnership.pk).exclude(pgh_label="delete").order_by("-pgh_id")
    latest: dict[int, Any] = {}
    for event in rows.select_related("placement", "contract")[:READ_BACK]:
        is_of_now = event.end is None or event.end >= start.date() - NEWS
        if event.pgh_created_at >= start and is_of_now:
            latest.setdefault(event.pgh_obj_id, event)
    people = Person.objects.in_bulk([event.placement.person_id for event in latest.values() if event.placement])
    found = [
        _price(actor, people[event.placement.person_id], event) if event.placement else _block_price(event)
        for event in latest.values()
    ]
    return _cut(found, MOST_LINES, "price", "prices", address_of("cost_explorer"))


def _block_price(event: Any) -> Happened:
    return Happened(
        "money", event.contract.title, address_of("contract", event.contract.reference), _price_words(event)
    )


def _price(actor: Actor, person: Person, event: Any) -> Happened:
    url = address_of("placements", person.reference)
    return Happened("money", person.label_for(actor), url, _price_words(event), person.pk)


def _price_words(event: Any) -> str:
    price = price_words(event.amount, event.basis, event.units_per_week)
    kind = CostKind(event.kind).label.lower()
    until = f" to {words(event.end)}" if event.end and event.basis != "one_off" else ""
    return f"{kind}, {price} from {words(event.start)}{until}"


def _checklists(actor: Actor, day: dt.date) -> list[Happened]:
    """How many checklists each provider sent. One query."""
    if not actor.sees_names:
        return []
    sent = Checklist.objects.visible_to(actor).submitted().filter(submitted_on__gte=day).order_by()
    counts = sent.values_list("provider__name").annotate(number=Count("pk")).order_by("-number", "provider__name")
    url = address_of("outcomes_overview")
    told = [
        Happened("life", name, url, f"sent {number} checklist{'s' if number > 1 else ''}") for name, number in counts
    ]
    return _cut(told, MOST_PROVIDERS, "provider sent checklists", "providers sent checklists", url)


def _incidents(actor: Actor, start: dt.datetime) -> list[Happened]:
    """The latest incidents that were recorded. Two queries."""
    if not actor.sees_names:
        return []
    model: Any = Incident._meta.get_field("events").related_model
    rows = model.objects.filter(partnership_id=actor.partnership.pk, pgh_label="insert").order_by("-pgh_id")
    new = [event.pgh_obj_id for event in rows[:READ_BACK] if event.pgh_created_at >= start]
    recorded = (
        Incident.objects.visible_to(actor)
        .filter(pk__in=new, occurred_on__gte=start.date() - NEWS)
        .select_related("person")
        .order_by("-occurred_on")
    )
    found = [
        Happened(
            "life",
            each.person.label_for(actor),
            address_of("incident", each.reference),
            f"{each.get_kind_display().lower()} on {words(each.occurred_on)}, severity {each.severity}",
            each.person_id,
        )
        for each in recorded
    ]
    return _cut(found, MOST_INCIDENTS, "incident", "incidents", address_of("incidents"))


def _cut(found: Sequence[Happened], most: int, one: str, many: str, url: str) -> list[Happened]:
    """The first ones, and how many more there are."""
    more = len(found) - most
    if more <= 0:
        return list(found)
    said = Happened(found[0].kind, f"{more} more {one if more == 1 else many}", url, "")
    return [*found[:most], said]
