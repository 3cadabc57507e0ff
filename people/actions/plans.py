"""Person-centred plans in versions: draft, then agreed, then replaced by the next."""

import datetime as dt
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Role
from commissioning.accounts.permissions import require_role
from commissioning.core import periods
from commissioning.core.editing import lock
from commissioning.core.errors import Refused, RefusedMany
from people.models import Person, Plan


@dataclass(frozen=True)
class PlanWords:
    """What a plan says, in the person's words where they gave them; a line for each thing."""

    what_matters: str = ""
    how_to_support: str = ""
    good_day: str = ""
    bad_day: str = ""


@dataclass(frozen=True)
class TakingPart:
    """How the person, and their family or an advocate, took part in a plan, or why not (NDTi action 11; S9)."""

    person_involvement: str = ""
    person_involvement_how: str = ""
    family_involvement: str = ""
    family_involvement_how: str = ""


@transaction.atomic
def start_plan(*, person: Person, by: Actor) -> Plan:
    """A new draft, a copy of what was agreed last. Raises Refused while there is another draft."""
    require_role(by, Role.COMMISSIONER, Role.CLINICIAN)
    Person.objects.select_for_update().get(pk=person.pk)
    latest = person.plans.order_by("-number").first()
    if latest is not None and latest.status == Plan.Status.DRAFT:
        raise Refused(f"Version {latest.number} is still a draft. Agree it before you start another")
    words = {name: getattr(latest, name) for name in PlanWords.__dataclass_fields__} if latest else {}
    return Plan.objects.create(person=person, number=latest.number + 1 if latest else 1, **words)


@transaction.atomic
def change_plan(*, plan: Plan, version: str | None, words: PlanWords, by: Actor) -> Plan:
    """Changes a draft, opened at `version`. Raises Stale; Refused where the plan is agreed."""
    require_role(by, Role.COMMISSIONER, Role.CLINICIAN)
    current = lock(plan, version)
    _check_is_draft(current)
    for name, text in asdict(words).items():
        setattr(current, name, _tidied(text))
    current.save()
    return current


@transaction.atomic
def agree_plan(
    *,
    plan: Plan,
    version: str | None,
    taking_part: TakingPart,
    agreed_on: dt.date,
    review_by: dt.date | None = None,
    by: Actor,
) -> Plan:
    """Agrees a draft, which replaces what was agreed before and is never changed again.

    Raises Refused, each at its field, unless it says how the person took part and how family or an advocate did, or
    why not (S9; the database refuses too); and for an empty plan, or days that cannot be.
    """
    require_role(by, Role.COMMISSIONER, Role.CLINICIAN)
    current = lock(plan, version)
    _check_is_draft(current)
    refusals = [
        *_faults_of_taking_part(taking_part),
        *_faults_of_days(current.person, agreed_on, review_by),
        *_fault_of_words(current),
    ]
    if refusals:
        raise RefusedMany(refusals)
    for earlier in Plan.objects.select_for_update().filter(person=current.person, status=Plan.Status.AGREED):
        earlier.status = Plan.Status.REPLACED
        earlier.save(update_fields=["status"])
    for name, text in asdict(taking_part).items():
        setattr(current, name, text.strip())
    current.status, current.agreed_on, current.review_by = Plan.Status.AGREED, agreed_on, review_by
    current.save()
    return current


def _check_is_draft(plan: Plan) -> None:
    if plan.status != Plan.Status.DRAFT:
        raise Refused(f"Version {plan.number} was agreed and is kept as it is. Make a new version to change it")


def _faults_of_taking_part(part: TakingPart) -> list[Refused]:
    asked = {
        "person_involvement": "Say whether the person took part",
        "person_involvement_how": "Say how the person took part, or why not",
        "family_involvement": "Say whether family or an advocate took part",
        "family_involvement_how": "Say how family or an advocate took part, or why not",
    }
    return [Refused(message, field=name) for name, message in asked.items() if not getattr(part, name).strip()]


def _faults_of_days(person: Person, agreed_on: dt.date, review_by: dt.date | None) -> list[Refused]:
    refusals = []
    if agreed_on > timezone.localdate():
        refusals.append(Refused("The day it was agreed must not be in the future", field="agreed_on"))
    if agreed_on < person.date_of_birth:
        born = periods.words(person.date_of_birth)
        refusals.append(Refused(f"The day it was agreed must be after {born}, the date of birth", field="agreed_on"))
    if review_by is not None and review_by <= agreed_on:
        refusals.append(Refused("The review must come after the day the plan was agreed", field="review_by"))
    return refusals


def _fault_of_words(plan: Plan) -> list[Refused]:
    if plan.what_matters and plan.how_to_support:
        return []
    return [Refused("Write what matters to the person and how best to support them before the plan is agreed")]


def _tidied(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())
