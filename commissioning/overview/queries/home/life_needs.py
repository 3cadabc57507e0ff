"""What waits on the side of life: plans, checklists, serious incidents."""

import datetime as dt

from commissioning.accounts.actors import Actor
from commissioning.accounts.navigation import address_of, may_open
from commissioning.overview.queries.home.needs import Item, Need
from outcomes.models import Incident
from outcomes.queries import ChecklistsDue
from outcomes.queries.due import Progress
from people.models import Person, Placement, Plan
from people.queries import plans_to_review

LATELY_DAYS = 7


def reviews(actor: Actor, today: dt.date) -> tuple[Need, Need]:
    """Plan reviews that are late, and those due within 30 days. One query."""
    plans = [each for each in plans_to_review(actor, today) if each.review_by is not None]
    items = [
        Item(
            each.person.label_for(actor),
            "",
            address_of("plan", each.person.reference),
            each.review_by,
            person_id=each.person.pk,
        )
        for each in plans
    ]
    late = tuple(item for item in items if item.due is not None and item.due < today)
    due = tuple(item for item in items if item.due is not None and item.due >= today)
    return (
        Need("reviews-late", "life", "plan review is late", "plan reviews are late", late, today),
        Need("reviews", "life", "plan review is due", "plan reviews are due", due, today),
    )


def without_plan(actor: Actor, today: dt.date) -> Need:
    """People supported today who have no agreed plan. One query."""
    supported = Placement.objects.visible_to(actor).in_force(today).values("person_id")
    agreed = Plan.objects.filter(status=Plan.Status.AGREED).values("person_id")
    people = Person.objects.visible_to(actor).filter(pk__in=supported, died_on__isnull=True).exclude(pk__in=agreed)
    items = tuple(
        Item(each.label_for(actor), "", address_of("plan", each.reference), person_id=each.pk) for each in people
    )
    return Need("no-plan", "life", "person has no agreed plan", "people have no agreed plan", items, today)


def checklists_by_provider(actor: Actor, due: ChecklistsDue, today: dt.date) -> Need:
    """Last month's checklists that are not in, provider by provider; counted in people. No query."""
    waiting: dict[str, int] = {}
    for row in due.to_do:
        waiting[str(row.provider)] = waiting.get(str(row.provider), 0) + 1
    url = address_of("outcomes_overview") if may_open(actor, "outcomes_overview") else ""
    items = tuple(
        Item(provider, f"{number} {'person' if number == 1 else 'people'}", url, due.due_on)
        for provider, number in sorted(waiting.items(), key=lambda pair: (-pair[1], pair[0]))
    )
    month = due.month.words.split()[0]
    return Need(
        "checklists", "life", f"{month} checklist not in", f"{month} checklists not in", items, today,
        counted=due.to_do_count,
    )  # fmt: skip


def checklists_to_accept(actor: Actor, due: ChecklistsDue, today: dt.date) -> Need:
    """Checklists that providers sent and nobody accepted yet. No query."""
    month = due.month.words.split()[0]
    items = (
        (
            Item(
                f"{due.month.words}",
                f"{due.in_count} of {due.people_count} people’s are in",
                address_of("outcomes_overview"),
            ),
        )
        if due.to_accept_count and may_open(actor, "outcomes_overview")
        else ()
    )
    return Need(
        "to-accept", "life", f"{month} checklist to read and accept", f"{month} checklists to read and accept", items,
        today, counted=due.to_accept_count,
    )  # fmt: skip


def own_checklists(due: ChecklistsDue, today: dt.date) -> tuple[Need, ...]:
    """A provider's month: sent back first, then what is to be sent. No query."""
    month = due.month.words.split()[0]
    back, rest = [], []
    for row in due.to_do:
        url = address_of("checklist", row.person.reference, str(row.month))
        if row.progress is Progress.SENT_BACK:
            said = row.telling.words if row.telling else ""
            back.append(Item(row.shown_name, said or "sent back with a question", url, person_id=row.person.pk))
        else:
            rest.append(Item(row.shown_name, row.progress.value.lower(), url, due.due_on, row.person.pk))
    return (
        Need(
            "sent-back",
            "life",
            f"{month} checklist was sent back",
            f"{month} checklists were sent back",
            tuple(back),
            today,
        ),
        Need("to-send", "life", f"{month} checklist to send", f"{month} checklists to send", tuple(rest), today),
    )


def serious_incidents(actor: Actor, today: dt.date) -> Need:
    """Incidents of severity 3 and 4 in the last week. One query."""
    since = today - dt.timedelta(days=LATELY_DAYS)
    rows = Incident.objects.visible_to(actor).filter(severity__gte=3, occurred_on__gte=since).select_related("person")
    items = tuple(
        Item(
            each.person.label_for(actor),
            each.get_kind_display().lower(),
            address_of("incident", each.reference),
            person_id=each.person_id,
        )
        for each in rows
    )
    return Need("serious", "life", "serious incident this week", "serious incidents this week", items, today)
