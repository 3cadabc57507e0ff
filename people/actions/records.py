"""Adding a person and changing their record."""

import datetime as dt
from dataclasses import asdict, dataclass, replace

import nhs_number
from django.db import transaction
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation, OrganisationKind, Partnership
from commissioning.accounts.permissions import require_commissioner
from commissioning.core import periods
from commissioning.core.editing import lock
from commissioning.core.errors import Refused, RefusedMany
from commissioning.core.references import check_reference
from people import deaths
from people.models import Cohort, Diagnosis, Person

OLDEST_YEARS = 120


@dataclass(frozen=True)
class PersonDetails:
    """What is kept about a person (INTERCHANGE, people.csv), with how to communicate with them (DAPB1605)."""

    given_name: str
    family_name: str
    date_of_birth: dt.date
    diagnosis: str
    council: Organisation
    icb: Organisation
    preferred_name: str = ""
    nhs_number: str = ""
    home_postcode: str = ""
    cohorts: tuple[str, ...] = ()
    programme_start: dt.date | None = None
    died_on: dt.date | None = None
    communication: str = ""
    communication_checked_on: dt.date | None = None


@transaction.atomic
def add_person(*, reference: str, details: PersonDetails, another_person: bool = False, by: Actor) -> Person:
    """Starts a person's record.

    Raises Refused for each fault at its field; for a record with the same name and date of birth too, unless
    `another_person` says that somebody looked and this is somebody else.
    """
    require_commissioner(by)
    details = _tidied(details)
    refusals = _faults(details, by.partnership, None)
    reference = reference.strip()
    if wrong := check_reference(reference):
        refusals.insert(0, Refused(wrong, field="reference"))
    elif Person.objects.filter(partnership=by.partnership, reference__iexact=reference).exists():
        refusals.insert(0, Refused(f"The reference {reference} is already used. Enter another", field="reference"))
    if not another_person:
        refusals += _same_person(details, by.partnership, None)
    _refuse(refusals)
    return Person.objects.create(partnership=by.partnership, reference=reference, **_values(details))


@transaction.atomic
def change_person(
    *, person: Person, version: str | None, details: PersonDetails, another_person: bool = False, by: Actor
) -> Person:
    """Changes a person's record, opened at `version`. Raises Stale if somebody saved it since; Refused for faults.

    A death that is recorded, or another day of it, ends placements that day with what follows of it (`people.deaths`).
    """
    require_commissioner(by)
    current = lock(person, version)
    details = _tidied(details)
    refusals = _faults(details, by.partnership, current)
    renamed = (details.given_name, details.family_name, details.date_of_birth) != (
        current.given_name,
        current.family_name,
        current.date_of_birth,
    )
    if renamed and not another_person:
        refusals += _same_person(details, by.partnership, current)
    _refuse(refusals)
    died_on = details.died_on if details.died_on != current.died_on else None
    for name, value in _values(details).items():
        setattr(current, name, value)
    current.save()
    if died_on:
        deaths.follow(current, died_on, by)
    return current


def _tidied(details: PersonDetails) -> PersonDetails:
    return replace(
        details,
        given_name=" ".join(details.given_name.split()),
        family_name=" ".join(details.family_name.split()),
        preferred_name=" ".join(details.preferred_name.split()),
        nhs_number="".join(details.nhs_number.split()).replace("-", ""),
        communication="\n".join(line.strip() for line in details.communication.splitlines() if line.strip()),
    )


def _values(details: PersonDetails) -> dict[str, object]:
    values = asdict(replace(details, cohorts=()))
    return {**values, "council": details.council, "icb": details.icb, "cohorts": list(details.cohorts)}


def _refuse(refusals: list[Refused]) -> None:
    if refusals:
        raise RefusedMany(refusals)


def _faults(details: PersonDetails, partnership: Partnership, existing: Person | None) -> list[Refused]:
    return [
        *_fault_of_names(details),
        *_faults_of_days(details, timezone.localdate()),
        *_fault_of_nhs_number(details, partnership, existing),
        *_faults_of_lists(details),
        *_fault_of_body(details.council, OrganisationKind.COUNCIL, "council", partnership),
        *_fault_of_body(details.icb, OrganisationKind.ICB, "icb", partnership),
    ]


def _fault_of_names(details: PersonDetails) -> list[Refused]:
    asked = {"given_name": "Enter the person’s first name", "family_name": "Enter the person’s family name"}
    return [Refused(message, field=name) for name, message in asked.items() if not getattr(details, name)]


def _faults_of_days(details: PersonDetails, today: dt.date) -> list[Refused]:
    refusals = []
    born, died = details.date_of_birth, details.died_on
    if born > today:
        refusals.append(Refused("The date of birth must be in the past", field="date_of_birth"))
    elif today.year - born.year > OLDEST_YEARS:
        message = f"Check the year of birth: {born.year} would make the person over {OLDEST_YEARS}"
        refusals.append(Refused(message, field="date_of_birth"))
    if died and died > today:
        refusals.append(Refused("The date of death must not be in the future", field="died_on"))
    if died and died < born:
        message = f"The date of death must be on or after the date of birth, {periods.words(born)}"
        refusals.append(Refused(message, field="died_on"))
    if details.programme_start and details.programme_start < born:
        refusals.append(Refused("The programme cannot start before the person was born", field="programme_start"))
    if details.communication_checked_on and details.communication_checked_on > today:
        refusals.append(Refused("This date must not be in the future", field="communication_checked_on"))
    return refusals


def _fault_of_nhs_number(details: PersonDetails, partnership: Partnership, existing: Person | None) -> list[Refused]:
    if not details.nhs_number:
        return []
    if not nhs_number.is_valid(details.nhs_number):
        message = "Check the NHS number: it has ten digits, and these do not belong together"
        return [Refused(message, field="nhs_number")]
    holders = Person.objects.filter(partnership=partnership, nhs_number=details.nhs_number)
    holder = holders.exclude(pk=existing.pk if existing else 0).first()
    if holder is None:
        return []
    message = f"This NHS number is already on the record of {holder.full_name} ({holder.reference})"
    return [Refused(message, field="nhs_number")]


def _faults_of_lists(details: PersonDetails) -> list[Refused]:
    refusals = []
    if details.diagnosis not in Diagnosis.values:
        refusals.append(Refused("Choose a diagnosis", field="diagnosis"))
    if not set(details.cohorts) <= set(Cohort.values):
        refusals.append(Refused("Choose cohorts from the list", field="cohorts"))
    return refusals


def _fault_of_body(body: Organisation, kind: OrganisationKind, field: str, partnership: Partnership) -> list[Refused]:
    if body.kind == kind and partnership.links.filter(organisation=body).exists():
        return []
    what = "council" if kind == OrganisationKind.COUNCIL else "NHS board"
    return [Refused(f"Choose a {what} of this partnership", field=field)]


def _same_person(details: PersonDetails, partnership: Partnership, existing: Person | None) -> list[Refused]:
    twins = Person.objects.filter(
        partnership=partnership,
        given_name__iexact=details.given_name,
        family_name__iexact=details.family_name,
        date_of_birth=details.date_of_birth,
    ).exclude(pk=existing.pk if existing else 0)
    return [
        Refused(
            f"{twin.full_name}, born {periods.words(twin.date_of_birth)}, is already here as {twin.reference}. "
            "If this is somebody else, say so and save again",
            field="another_person",
        )
        for twin in twins[:1]
    ]
