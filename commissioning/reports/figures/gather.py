"""Gathers the exact facts of a board and month from every app."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence

from django.utils import timezone

from commissioning.accounts import scope
from commissioning.accounts.actors import Actor
from commissioning.core.periods import Month
from commissioning.overview.sustained import Judgement, sustained_of
from commissioning.reports.figures import activity, lives, money
from commissioning.reports.figures.facts import (
    Change,
    ContractFacts,
    Facts,
    LifeFacts,
    PaidFacts,
    PersonFacts,
    ProviderFacts,
    QualityFacts,
    SpendingFacts,
    UncoveredFacts,
    Window,
    window_of,
)
from commissioning.reports.models import Board
from finance import ledger
from finance.models import Baseline
from finance.queries import costs_by_period, payments_against_placements, uncovered_placements
from outcomes.models import Checklist, Framework
from people.models import Person, Placement
from providers.models import Contract


def gather(board: Board, month: Month, *, frozen_at: dt.datetime, with_spending: bool = False) -> Facts:
    """Everything the editions of a report are made from, exact, as known now; payments where they are asked for.

    Raises NoScope outside a scope: figures made of nothing must never pass for figures.
    """
    scope.require()
    actor = Actor.system(board.partnership)
    window = window_of(month)
    records = activity.records_of(actor)
    costs = money.money_of(actor, window)
    known = lives.lives_of(actor, window, [person.pk for person in records.people])
    judged = sustained_of(actor, costs.book, records.people, month)
    people = _people(records, costs, known, judged, window)
    earlier = window.year_before
    return Facts(
        board=board.name,
        board_code=board.code,
        partnership=board.partnership.name,
        is_fictional=board.partnership.is_fictional,
        weeks_per_year=board.partnership.weeks_per_year,
        window=window,
        frozen_at=frozen_at,
        month_is_over=timezone.localdate(frozen_at) > window.day,
        people=people,
        measures=tuple((measure.code, measure.title, measure.domain) for measure in known.measures),
        measure_notes=_frameworks(board),
        year=activity.year_of(records, window.year_first, window.day),
        year_earlier=activity.year_of(records, window.month.plus(-23).first, earlier),
        providers=_providers(records, window),
        contracts=_contracts(actor, records, window),
        quality=_quality(actor, board, records, costs, people, window),
        accrued_by_funder=_accrued(actor, costs, window),
        spending=_spending(actor, window) if with_spending else None,
    )


def _accrued(actor: Actor, costs: money.Money, window: Window) -> tuple[tuple[str, int], ...]:
    """What the twelve months cost each funder in pence, one-off costs included (cost rules 2 to 4)."""
    names = dict(actor.partnership.links.values_list("code", "organisation__name"))
    found = costs_by_period(costs.book, [ledger.Period(window.year_first, window.day)], ("funder",))
    return tuple((names.get(cost.keys[0], "Nobody yet"), cost.pence) for cost in found)


def _spending(actor: Actor, window: Window) -> SpendingFacts | None:
    """Payments beside placements, where published spending of the twelve months was brought in."""
    found = payments_against_placements(actor, window.year_first, window.day)
    if not found.has_payments:
        return None
    return SpendingFacts(
        months_known=sum(1 for month in found.months if month.is_known),
        providers=tuple(
            PaidFacts(each.name, each.total_paid_pence, each.total_council_pence, each.total_placements_pence)
            for each in found.providers
            if each.total_paid_pence is not None
        ),
        not_matched_pence=found.not_matched_pence,
        not_matched_suppliers=found.not_matched_suppliers,
    )


def _people(
    records: activity.Records,
    costs: money.Money,
    known: lives.Lives,
    judged: Mapping[int, Judgement],
    window: Window,
) -> tuple[PersonFacts, ...]:
    by_person: dict[int, list[Placement]] = {person.pk: [] for person in records.people}
    for placement in records.placements:
        by_person[placement.person_id].append(placement)
    baselines = {each.person_id: each for each in Baseline.objects.filter(person_id__in=by_person)}
    return tuple(
        _person(
            person,
            activity.place_of(by_person[person.pk], window.day),
            baselines.get(person.pk),
            costs,
            known,
            judged.get(person.pk),
        )
        for person in sorted(records.people, key=lambda each: each.reference)
        if _counts(person, window)
    )


def _counts(person: Person, window: Window) -> bool:
    return person.died_on is None or person.died_on > window.day


_NOTHING = money.PersonMoney(False, (), 0, (), (), {})


def _person(
    person: Person,
    place: Placement | None,
    baseline: Baseline | None,
    costs: money.Money,
    known: lives.Lives,
    judgement: Judgement | None,
) -> PersonFacts:
    spent = costs.by_person.get(person.reference, _NOTHING)
    cost = costs.costs.get(person.reference)
    before = cost.baseline_weekly_pence if cost else None
    by_month = tuple(
        before if before is not None and place_ < spent.first_priced else pence
        for place_, pence in enumerate(spent.by_month)
    )
    return PersonFacts(
        person_id=person.pk,
        reference=person.reference,
        name=person.full_name,
        programme_start=person.programme_start,
        is_supported=spent.is_priced,
        setting=activity.place_word(place),
        provider=place.provider.name if place else "",
        out_of_area=bool(place and place.out_of_area),
        baseline_pence=before,
        baseline_scope=baseline.scope if baseline else "",
        is_comparable=bool(cost and before is not None and cost.baseline_is_comparable),
        weekly_pence=cost.weekly_pence if cost else 0,
        weekly_by_month=by_month,
        ahead_known=spent.ahead_known,
        ahead_kept=spent.ahead_kept,
        funders=spent.funders,
        annual_change_pence=cost.annual_change_pence if cost else None,
        cumulative_pence=cost.cumulative_change_pence if cost else None,
        life=known.by_person.get(person.pk, LifeFacts()),
        life_by_quarter=known.by_quarter.get(person.pk, (Change.NOT_KNOWN,)),
        sustained=judgement.verdict.value if judgement else "",
        sustained_words=judgement.words if judgement else "",
    )


def _frameworks(board: Board) -> tuple[str, ...]:
    found = Framework.objects.filter(partnership=board.partnership).order_by("code", "version")
    return tuple(str(framework) for framework in found)


def _providers(records: activity.Records, window: Window) -> tuple[ProviderFacts, ...]:
    """Homes in force at any time in the twelve months, by provider."""
    found = []
    by_provider: dict[str, list[Placement]] = {}
    for placement in records.placements:
        if placement.is_home and placement.start <= window.day and _reaches(placement, window.year_first):
            by_provider.setdefault(placement.provider.name, []).append(placement)
    for name, homes in sorted(by_provider.items()):
        now = [each for each in homes if activity.in_force(each, window.day)]
        found.append(
            ProviderFacts(
                name=name,
                people=len({each.person_id for each in now}),
                homes=len(now),
                homes_over_a_year=sum(1 for each in now if each.start <= window.year_before),
                ended_badly=sum(1 for each in homes if _ended_badly(each, window)),
            )
        )
    return tuple(found)


def _reaches(placement: Placement, first: dt.date) -> bool:
    return placement.end is None or placement.end >= first


def _ended_badly(placement: Placement, window: Window) -> bool:
    ended = placement.end is not None and window.year_first <= placement.end <= window.day
    return ended and placement.end_reason in activity.ENDED_BADLY


def _contracts(actor: Actor, records: activity.Records, window: Window) -> tuple[ContractFacts, ...]:
    """Contracts whose end comes within 90 days, or within their notice period, with how many people they support."""
    people: Counter[int] = Counter(
        each.contract_id
        for each in records.placements
        if each.contract_id is not None and activity.in_force(each, window.day)
    )
    ending = Contract.objects.visible_to(actor).ending_soon(window.day).select_related("provider").order_by("end", "pk")
    return tuple(
        ContractFacts(each.reference, each.title, each.provider.name, each.end, people[each.pk])
        for each in ending
        if each.end is not None and people[each.pk]
    )


def _quality(
    actor: Actor,
    board: Board,
    records: activity.Records,
    costs: money.Money,
    people: Sequence[PersonFacts],
    window: Window,
) -> QualityFacts:
    supported = [person for person in people if person.is_supported]
    uncovered = uncovered_placements(actor, costs.book, window.day)
    due = _due(records, window)
    sent = set(
        Checklist.objects.submitted()
        .filter(person__partnership=board.partnership, month=window.month.first)
        .values_list("person_id", "provider__name")
    )
    late: Counter[str] = Counter(provider for person, provider in sorted(due - sent))
    return QualityFacts(
        without_baseline=tuple(each.reference for each in supported if each.baseline_pence is None),
        other_scope=tuple(
            each.reference for each in supported if each.baseline_pence is not None and not each.is_comparable
        ),
        support_ended=sum(1 for each in people if each.baseline_pence is not None and not each.is_supported),
        uncovered=tuple(UncoveredFacts(each.reference, each.person.full_name, pence) for each, pence in uncovered),
        uncovered_people=len({each.person_id for each, _ in uncovered}),
        checklists_due=len(due),
        checklists_in=len(due & sent),
        late_by_provider=_in_order(late),
        without_cost=_without_cost(records, people, window),
    )


def _in_order(counted: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def _due(records: activity.Records, window: Window) -> set[tuple[int, str]]:
    """A checklist a month for everyone a provider supports at home on the month's last day."""
    return {
        (each.person_id, each.provider.name)
        for each in records.placements
        if each.is_home and activity.in_force(each, window.day)
    }


def _without_cost(records: activity.Records, people: Sequence[PersonFacts], window: Window) -> tuple[str, ...]:
    """People with a home on the day and no price for it."""
    homes = {each.person_id for each in records.placements if each.is_home and activity.in_force(each, window.day)}
    return tuple(each.reference for each in people if each.person_id in homes and not each.is_supported)
