"""The list of people: filters, order, pages, and what it costs and changes beside each name."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, Subquery

from commissioning.accounts.actors import Actor
from commissioning.core import periods
from commissioning.core.money import round_half_away
from people.figures import Life, Money, life_heading, life_of, money_of
from people.models import HOSPITALS, Cohort, Person, PersonQuerySet, Placement, Plan, Setting
from people.queries.person import age_on, placement_now

PAGE = 25
HOSPITAL = "hospital"
# Orders a list can take, in words; those of money are for those who see prices.
SORTS = {"name": "Name, A to Z", "-name": "Name, Z to A", "age": "Oldest first", "-age": "Youngest first"}
MONEY_SORTS = {
    "-cost": "Highest weekly cost first",
    "cost": "Lowest weekly cost first",
    "change": "Most below baseline first",
    "-change": "Most above baseline first",
}
# The list of settings in the filter: the three kinds of hospital are one.
SETTING_LABELS = {
    **{setting.value: setting.label for setting in Setting if setting.value not in HOSPITALS},
    HOSPITAL: "Hospital",
}
ATTENTION = {
    "plan_late": "Plan review late",
    "no_plan": "No plan agreed",
    "out_of_area": "Out of area",
    "no_home": "Nowhere to live recorded",
}


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; everything empty is everybody living."""

    q: str = ""
    settings: tuple[str, ...] = ()
    attention: tuple[str, ...] = ()
    provider: int | None = None
    cohort: str = ""
    diagnosis: str = ""
    body: int | None = None
    with_died: bool = False

    @property
    def any(self) -> bool:
        return self != Filters()


@dataclass(frozen=True)
class PersonRow:
    """One line of the list. `name` is the reference for those who know people by reference only; money in pence."""

    reference: str
    name: str
    age: int
    lives: str
    where: str
    money: Money | None
    life: Life | None
    flags: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Shown:
    """Which columns the actor sees, and the counts beside the filter's settings."""

    names: bool
    money: bool
    life: bool
    providers: bool
    life_heading: str


@dataclass(frozen=True)
class PeopleList:
    """A page of people with the totals of everybody the filters found."""

    rows: tuple[PersonRow, ...]
    page: "Page[int]"
    people_ids: tuple[int, ...]
    found: int
    weekly_pence: int
    change_weekly_pence: int | None
    shown: Shown

    @property
    def change_whole_pounds(self) -> int | None:
        """The change of everybody found, in pence of whole pounds: a total wants no pennies."""
        if self.change_weekly_pence is None:
            return None
        return 100 * round_half_away(self.change_weekly_pence, 100)


def people_found(actor: Actor, filters: Filters, on: dt.date) -> PersonQuerySet:
    """The people an actor may see, narrowed by the filters, with where they are now annotated."""
    people = _with_placement_now(actor, on)
    if filters.q:
        people = people.found_by(actor, filters.q)
    if not filters.with_died:
        people = people.filter(died_on__isnull=True)
    if filters.settings:
        people = people.filter(Q(setting_now__in=_settings(filters.settings)))
    if filters.provider:
        people = people.filter(Q(provider_now=filters.provider))
    if filters.cohort:
        people = people.filter(cohorts__contains=[filters.cohort])
    if filters.diagnosis:
        people = people.filter(diagnosis=filters.diagnosis)
    if filters.body:
        people = people.filter(Q(council=filters.body) | Q(icb=filters.body))
    if filters.attention:
        people = people.filter(_needing(filters.attention, on))
    return people


def people_list(
    actor: Actor, filters: Filters, on: dt.date, *, sort: str = "name", page: int | str = 1, size: int = PAGE
) -> PeopleList:
    """A page of the people found, ordered by name, age, cost or change (`-` before it turns the order round).

    The number of queries does not depend on the number of people.
    """
    people = people_found(actor, filters, on)
    ids = _ordered_by_name(actor, people) if sort.lstrip("-") != "age" else _ordered_by_age(people)
    money = money_of(actor, ids, on)
    if money is not None and sort.lstrip("-") in {"cost", "change"}:
        ids = _ordered_by_money(ids, money, sort.lstrip("-"))
    if sort.startswith("-"):
        ids = ids[::-1]
    shown_page = Paginator(ids, size).get_page(page)
    on_page = list(shown_page.object_list)
    life = life_of(actor, on_page, on)
    changes = [each.change_weekly_pence for each in (money or {}).values() if each.change_weekly_pence is not None]
    return PeopleList(
        rows=_rows(actor, on_page, money, life, on),
        page=shown_page,
        people_ids=tuple(on_page),
        found=len(ids),
        weekly_pence=sum(each.weekly_pence for each in (money or {}).values()),
        change_weekly_pence=sum(changes) if changes else None,
        shown=Shown(actor.sees_names, money is not None, life is not None, not actor.is_provider, life_heading(on)),
    )


def setting_counts(actor: Actor, on: dt.date) -> list[tuple[str, str, int]]:
    """Key, label and number of living people for each setting somebody is in now. One query."""
    people = _with_placement_now(actor, on).filter(Q(setting_now__isnull=False), died_on__isnull=True)
    counted: dict[str, int] = {}
    for setting, number in people.order_by().values_list(F("setting_now")).annotate(Count("pk")):
        key = HOSPITAL if setting in HOSPITALS else setting
        counted[key] = counted.get(key, 0) + number
    return [(key, label, counted[key]) for key, label in SETTING_LABELS.items() if key in counted]


def supported_by(actor: Actor, on: dt.date) -> Mapping[int, int]:
    """How many people each provider supports on a day, by the organisation's primary key. One query."""
    return dict(
        Placement.objects.visible_to(actor)
        .in_force(on)
        .order_by()
        .values_list("provider_id")
        .annotate(Count("person_id", distinct=True))
    )


def under_contract(actor: Actor, on: dt.date) -> Mapping[int, int]:
    """How many people are supported under each contract on a day, by its primary key. One query."""
    placements = Placement.objects.visible_to(actor).in_force(on).filter(contract__isnull=False)
    return dict(placements.order_by().values_list("contract_id").annotate(Count("person_id", distinct=True)))


# Annotated on people by `_with_placement_now`: the placement where somebody lives now.
PLACEMENT_NOW = "placement_now"


def _with_placement_now(actor: Actor, on: dt.date) -> PersonQuerySet:
    now = placement_now(actor, on)
    return Person.objects.visible_to(actor).annotate(
        placement_now=Subquery(now.values("pk")[:1]),
        setting_now=Subquery(now.values("setting")[:1]),
        provider_now=Subquery(now.values("provider_id")[:1]),
    )


def _settings(keys: Sequence[str]) -> list[str]:
    return [setting for key in keys for setting in (HOSPITALS if key == HOSPITAL else (key,))]


def _needing(wanted: Sequence[str], on: dt.date) -> Q:
    """People for whom any of these is so."""
    agreed = Plan.objects.filter(status=Plan.Status.AGREED)
    away = Placement.objects.filter(out_of_area=True)
    conditions = {
        "plan_late": Q(pk__in=agreed.filter(review_by__lt=on).values("person_id")),
        "no_plan": ~Q(pk__in=agreed.values("person_id")),
        "out_of_area": Q(placement_now__in=away.values("pk")),
        "no_home": Q(setting_now__isnull=True) | Q(setting_now__in=[Setting.DAY_SUPPORT, Setting.SHORT_BREAK]),
    }
    found = Q(pk__in=[])
    for key in wanted:
        found |= conditions.get(key, Q(pk__in=[]))
    return found


def _ordered_by_name(actor: Actor, people: PersonQuerySet) -> list[int]:
    by = ("given_name", "family_name", "reference") if actor.sees_names else ("reference",)
    return list(people.order_by(*by).values_list("pk", flat=True))


def _ordered_by_age(people: PersonQuerySet) -> list[int]:
    return list(people.order_by("-date_of_birth", "reference").values_list("pk", flat=True))


def _ordered_by_money(ids: list[int], money: Mapping[int, Money], by: str) -> list[int]:
    """Least first; those without a figure come first too, so that they are last when the order is turned round."""

    def worth(pk: int) -> tuple[bool, int]:
        figure = money.get(pk)
        value = None if figure is None else figure.weekly_pence if by == "cost" else figure.change_weekly_pence
        return (value is not None, value or 0)

    return sorted(ids, key=worth)


def _rows(
    actor: Actor, ids: list[int], money: Mapping[int, Money] | None, life: Mapping[int, Life] | None, on: dt.date
) -> tuple[PersonRow, ...]:
    shown = _with_placement_now(actor, on).filter(pk__in=ids)
    people = {person.pk: person for person in shown}
    placement_now: dict[int, int | None] = {person.pk: getattr(person, PLACEMENT_NOW) for person in people.values()}
    placements = Placement.objects.select_related("provider").in_bulk([pk for pk in placement_now.values() if pk])
    plans = dict(Plan.objects.filter(person__in=ids, status=Plan.Status.AGREED).values_list("person_id", "review_by"))
    rows = []
    for pk in ids:
        person, placement = people[pk], placements.get(placement_now[pk] or 0)
        rows.append(
            PersonRow(
                reference=person.reference,
                name=person.label_for(actor),
                age=age_on(person, on),
                lives=placement.get_setting_display() if placement else "Not recorded",
                where=_where(actor, placement, on),
                money=(money or {}).get(pk),
                life=(life or {}).get(pk),
                flags=_flags(actor, person, placement, plans, (money or {}).get(pk), (life or {}).get(pk), on),
            )
        )
    return tuple(rows)


def _where(actor: Actor, placement: Placement | None, on: dt.date) -> str:
    if placement is None:
        return ""
    if actor.is_provider:
        return f"since {periods.words(placement.start)}"
    if placement.is_hospital:
        days = (on - placement.start).days + 1
        return f"{placement.provider}, {days:,} {'day' if days == 1 else 'days'}"
    return str(placement.provider)


def _flags(
    actor: Actor,
    person: Person,
    placement: Placement | None,
    plans: Mapping[int, dt.date | None],
    money: Money | None,
    life: Life | None,
    on: dt.date,
) -> tuple[tuple[str, str], ...]:
    """What to notice, each with its kind: `late` needs somebody, nothing is only to know."""
    flags: list[tuple[str, str]] = []
    if person.died_on:
        return (("", "Died"),)
    if actor.sees_names and not actor.is_provider:
        review = plans.get(person.pk)
        if review is not None and review < on:
            flags.append(("late", "Plan review late"))
        if person.pk not in plans:
            flags.append(("late", "No plan agreed"))
    flags += [("late", text) for source in (money, life) if source for text in source.flags]
    if placement is not None and placement.out_of_area:
        flags.append(("", "Out of area"))
    if Cohort.TRANSITION in person.cohorts:
        flags.append(("", "In transition"))
    return tuple(flags)
