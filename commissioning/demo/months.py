"""The month as it stands at one provider: some checklists sent, one ready, one begun, one asked about."""

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Partnership, Role
from commissioning.core.periods import Month
from commissioning.demo import organisations as orgs
from commissioning.demo.dataset import chance_for
from commissioning.demo.outcomes import answer_for
from outcomes.actions import Entry, mark_ready, save_answers, send_back
from outcomes.models import Checklist, View
from outcomes.queries import framework_in_force
from people.models import Person, Placement

BEGUN_WITH = 5


def begin_the_month(partnership: Partnership, month: Month) -> None:
    """Leave the month as a provider finds it half-way through its first week."""
    staff = _actor(partnership, Role.PROVIDER_STAFF)
    waiting = _still_to_answer(partnership, month)
    for person, how_many in zip(waiting, (None, BEGUN_WITH), strict=False):
        checklist = _answer(staff, person, month, how_many)
        if how_many is None:
            mark_ready(checklist=checklist, leave_unknown=True, by=staff)
    sent = Checklist.objects.filter(
        person__partnership=partnership, month=month.first, status=Checklist.Status.SUBMITTED, view=View.STAFF
    ).first()
    if sent is not None:
        send_back(checklist=sent, question="What changed at the weekend?", by=_actor(partnership, Role.COMMISSIONER))


def _actor(partnership: Partnership, role: str) -> Actor:
    members = Membership.objects.filter(partnership=partnership, role=role)
    return Actor.of(members.select_related("user", "organisation", "partnership").earliest("pk"))


def _still_to_answer(partnership: Partnership, month: Month) -> list[Person]:
    placements = Placement.objects.filter(
        partnership=partnership, provider__links__code=orgs.MEADOW, start__lt=month.first, end=None
    )
    people = Person.objects.filter(placements__in=placements).exclude(checklists__month=month.first)
    return list(people.distinct().order_by("reference"))


def _answer(staff: Actor, person: Person, month: Month, how_many: int | None) -> Checklist:
    framework = framework_in_force(staff.partnership, month)
    measures = list(framework.measures.all())[:how_many] if framework else []
    chance = chance_for(f"month {person.reference}")
    entries = {measure.pk: Entry(value=answer_for(measure.code, 3.8, chance)) for measure in measures}
    return save_answers(person=person, month=month, view=View.STAFF, entries=entries, by=staff).checklist
