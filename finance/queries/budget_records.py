"""Single records of budgets within an actor's scope."""

import datetime as dt

from django.db.models import Model, Q, QuerySet
from django.http import Http404

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation, OrganisationKind
from commissioning.core.periods import FinancialYear
from finance.models import Budget, BudgetChange, BudgetYear, PlannedChange
from people.models import Person, Placement


def budgets_of(actor: Actor, year: FinancialYear) -> list[Budget]:
    """The year's contributions by partner and pool."""
    return list(Budget.objects.visible_to(actor).of(year).select_related("partner"))


def changes_of(actor: Actor, year: FinancialYear) -> list[BudgetChange]:
    """What changed in the year, oldest first."""
    changes = BudgetChange.objects.visible_to(actor).filter(budget__year=year.start)
    return list(changes.select_related("budget__partner"))


def assumptions_of(actor: Actor, year: FinancialYear) -> BudgetYear:
    """What is assumed of the year; nothing, unsaved, where nobody said."""
    found = BudgetYear.objects.filter(partnership=actor.partnership, year=year.start).first()
    return found or BudgetYear(partnership=actor.partnership, year=year.start)


def year_records(actor: Actor, year: FinancialYear) -> list[Model]:
    """Everything that is entered of a year, which two people may have open at once."""
    saved = BudgetYear.objects.filter(partnership=actor.partnership, year=year.start)
    return [*budgets_of(actor, year), *changes_of(actor, year), *saved]


def planned_changes(actor: Actor) -> QuerySet[PlannedChange]:
    """What is expected, by its day."""
    changes = PlannedChange.objects.visible_to(actor)
    return changes.select_related("person", "placement__provider", "funder").order_by("on", "reference")


def planned_change_for(actor: Actor, reference: str) -> PlannedChange:
    """Raises Http404 out of scope."""
    change = planned_changes(actor).filter(reference=reference).first()
    if change is None:
        raise Http404
    return change


def years_with_budgets(actor: Actor) -> list[FinancialYear]:
    """The latest first."""
    starts = Budget.objects.visible_to(actor).order_by("-year").values_list("year", flat=True).distinct()
    return [FinancialYear(start) for start in starts]


def usual_partners(actor: Actor, year: FinancialYear) -> list[Organisation]:
    """Those with a budget in the year before, councils and NHS boards, by name."""
    before = Budget.objects.visible_to(actor).of(year.plus(-1)).values("partner")
    of_kind = Q(kind__in=(OrganisationKind.COUNCIL, OrganisationKind.ICB))
    return list(Organisation.objects.of(actor.partnership).filter(of_kind | Q(pk__in=before)).order_by("name"))


def placement_expected(actor: Actor, person: Person, on: dt.date) -> Placement | None:
    """Where somebody lives, or will, on a day, as far as it is recorded: the latest to have begun."""
    placements = Placement.objects.visible_to(actor).filter(person=person)
    return placements.in_force(on).order_by("-start").first()
