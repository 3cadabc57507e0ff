"""What waits on the side of money: funding, baselines, contracts, suspensions, placements half logged."""

import datetime as dt

from commissioning.accounts.actors import Actor
from commissioning.accounts.navigation import address_of, may_open
from commissioning.core.money import format_pence
from commissioning.core.periods import words
from commissioning.overview.models import PlacementDraft
from commissioning.overview.queries.home.needs import Item, Need
from finance.models import Baseline, Basis, CostLine
from finance.queries import Book, uncovered_placements
from finance.queries.lines import lines_after_death
from people.models import Person, Suspension
from providers.models import Contract


def uncovered(actor: Actor, book: Book, today: dt.date) -> Need:
    """Placements of which part has no funder today."""
    page = "shares_change" if may_open(actor, "shares_change") else "person"
    items = tuple(
        Item(
            label=placement.person.label_for(actor),
            why=f"no funder for {format_pence(pence)} a week with {placement.provider}",
            url=address_of(page, placement.reference if page == "shares_change" else placement.person.reference),
            person_id=placement.person_id,
        )
        for placement, pence in uncovered_placements(actor, book, today)
    )
    return Need(
        "funding", "money", "placement without all its funding", "placements without all their funding", items, today
    )


def without_baseline(actor: Actor, book: Book, today: dt.date) -> Need:
    """People whose support has a price today and no cost from before to compare it with. One query."""
    codes = set(book.lines.codes["person"][book.lines.in_force(today)].tolist())
    names = [book.names["person"][code] for code in codes]
    people = Person.objects.visible_to(actor).filter(reference__in=names, died_on__isnull=True)
    page = "baseline_set" if may_open(actor, "baseline_set") else "person"
    items = tuple(
        Item(person.label_for(actor), "", address_of(page, person.reference), person_id=person.pk)
        for person in people.exclude(pk__in=Baseline.objects.values("person_id")).order_by("reference")
    )
    return Need("baselines", "money", "person has no baseline", "people have no baseline", items, today)


def contracts_ending(actor: Actor, today: dt.date) -> tuple[Need, Need]:
    """Contracts on which notice can still be given, by that day; and those that end soon. One query."""
    contracts = Contract.objects.visible_to(actor).ending_soon(today).select_related("provider").distinct()
    notice, ending = [], []
    for contract in sorted(contracts, key=lambda each: (each.end or today, each.reference)):
        url = address_of("contract", contract.reference)
        end = words(contract.end, today=today) if contract.end else ""
        if contract.notice_by is not None and contract.notice_by >= today:
            why = f"{contract.title} ends {end}; {contract.notice_weeks} weeks’ notice"
            notice.append(Item(str(contract.provider), why, url, contract.notice_by))
        else:
            ending.append(Item(str(contract.provider), f"{contract.title} ends {end}", url, contract.end))
    return (
        Need(
            "notice",
            "money",
            "notice to give, or a contract runs on",
            "notices to give, or contracts run on",
            tuple(notice),
            today,
        ),
        Need("contracts", "money", "contract ends soon", "contracts end soon", tuple(ending), today),
    )


def suspended(actor: Actor, today: dt.date) -> Need:
    """Placements whose support stopped and has not been resumed. One query."""
    rows = (
        Suspension.objects.filter(
            placement__partnership=actor.partnership, end__isnull=True, start__lte=today, placement__end__isnull=True
        )
        .select_related("placement__person", "placement__provider")
        .order_by("start", "pk")
    )
    page = "placement_resume" if may_open(actor, "placement_resume") else "person"
    items = tuple(
        Item(
            label=row.placement.person.label_for(actor),
            why=f"{row.get_reason_display().lower()} since {words(row.start, today=today)}, home kept open",
            url=address_of(
                page, row.placement.reference if page == "placement_resume" else row.placement.person.reference
            ),
            person_id=row.placement.person_id,
        )
        for row in rows
    )
    return Need("suspended", "life", "placement is suspended", "placements are suspended", items, today)


def after_death(actor: Actor, today: dt.date) -> Need:
    """Prices that run on after a death, longer than their contract pays. One query."""
    page = "line_end" if may_open(actor, "line_end") else "placements"
    items = tuple(
        Item(
            label=line.its_placement.person.label_for(actor),
            why=_runs_on(line, paid_to),
            url=address_of(page, line.reference if page == "line_end" else line.its_placement.person.reference),
            person_id=line.its_placement.person_id,
        )
        for line, paid_to in lines_after_death(actor)
    )
    return Need("after_death", "money", "price runs on after a death", "prices run on after a death", items, today)


def _runs_on(line: CostLine, paid_to: dt.date) -> str:
    what = line.get_kind_display().lower()
    if line.basis == Basis.ONE_OFF:
        return f"{what} on {words(line.start)}, paid only to {words(paid_to)}"
    return f"{what} {f'to {words(line.end)}' if line.end else 'with no end'}, paid only to {words(paid_to)}"


def drafts(actor: Actor, today: dt.date) -> Need:
    """Placements the actor began to log and has not confirmed. One query."""
    rows = PlacementDraft.objects.visible_to(actor).select_related("person").order_by("changed_at")
    items = tuple(
        Item(
            label=row.person.label_for(actor),
            why=f"begun {words(row.changed_at.date(), today=today)}",
            url=address_of("placement_log", row.person.reference),
            person_id=row.person_id,
        )
        for row in rows
    )
    return Need("drafts", "money", "placement to finish logging", "placements to finish logging", items, today)
