"""What stands beside each person in the list of people: money from finance, life from outcomes.

The list stands below both, so it asks through `people.figures`; the answers are registered when the application starts.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

from commissioning.accounts.actors import Actor
from commissioning.core.periods import Month
from finance.queries import open_book, person_costs, uncovered_placements
from outcomes.models import View
from outcomes.queries.due import last_month
from outcomes.queries.series import Change, OutcomeChange, outcome_change
from people.figures import Life, Money
from people.models import Person

# Outcomes of the last whole month are set against those of three months before.
MONTHS_APART = 3
_WHOSE = {
    View.PERSON: "",
    View.PERSON_SUPPORTED: "",
    View.FAMILY: "family’s view",
    View.STAFF: "staff’s view",
    View.CLINICIAN: "a clinician’s view",
}


def money_beside(actor: Actor, people: Sequence[int], on: dt.date) -> Mapping[int, Money]:
    """Weekly cost on a day and its change against the baseline, in pence, with days that no funder covers flagged."""
    scope = Person.objects.visible_to(actor).filter(pk__in=people)
    keys = dict(scope.values_list("reference", "pk"))
    book = open_book(actor, people=scope)
    gaps = {placement.person_id for placement, _ in uncovered_placements(actor, book, on)}
    beside = {}
    for cost in person_costs(actor, book, on):
        if (pk := keys.get(cost.person)) is None:
            continue
        compared = cost.baseline_weekly_pence is None or cost.baseline_is_comparable
        beside[pk] = Money(
            weekly_pence=cost.weekly_pence,
            change_weekly_pence=cost.weekly_change_pence if compared else None,
            flags=("Funding gap",) if pk in gaps else (),
            note="" if compared else "all-in baseline",
        )
    return beside


def life_beside(actor: Actor, people: Sequence[int], on: dt.date) -> Mapping[int, Life]:
    """How life measures changed, told from one view only: the person's own where they gave it. Two queries."""
    after = last_month(on)
    told: dict[int, dict[str, list[OutcomeChange]]] = {}
    for change in outcome_change(list(people), after.plus(-MONTHS_APART), after, actor=actor):
        if change.is_life:
            told.setdefault(change.person_id, {}).setdefault(change.view, []).append(change)
    return {person: _life(views) for person, views in told.items()}


def life_heading(on: dt.date) -> str:
    """`Outcomes, October against July`."""
    after = last_month(on)
    return f"Outcomes, {_name(after)} against {_name(after.plus(-MONTHS_APART))}"


def _name(month: Month) -> str:
    return month.words.split()[0]


def _life(views: Mapping[str, Sequence[OutcomeChange]]) -> Life:
    for view in View.values:
        counted = [each.change for each in views.get(view, ()) if each.change is not Change.NOT_KNOWN]
        if counted:
            better, same, worse = (counted.count(kind) for kind in (Change.BETTER, Change.SAME, Change.WORSE))
            return Life(better, same, worse, note=_WHOSE[View(view)])
    return Life(note="Nothing to compare with yet")
