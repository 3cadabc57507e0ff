"""Each role's first page: what needs them today."""

import datetime as dt
from dataclasses import dataclass

from commissioning.accounts import scope
from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Invitation, Membership, Organisation, Role
from commissioning.accounts.navigation import address_of
from commissioning.accounts.queries import accounts_of
from commissioning.overview.board import ReportLine, latest_reports
from commissioning.overview.queries.home import life_needs, money_needs
from commissioning.overview.queries.home.further import further_needs
from commissioning.overview.queries.home.needs import Item, Need
from finance.models import Supplier
from finance.queries import Book, open_book
from outcomes.queries import ChecklistsDue, checklists_due
from people.models import HOSPITALS, Placement


@dataclass(frozen=True)
class Day:
    """What one actor's day needs, with what was read on the way: the book, the month's checklists, the reports."""

    needs: tuple[Need, ...]
    book: Book | None = None
    checklists: ChecklistsDue | None = None
    reports: tuple[ReportLine, ...] = ()


def day_of(actor: Actor, today: dt.date) -> Day:
    """The day of an actor in their role. At most 20 queries, however many people."""
    if actor.role == Role.COMMISSIONER:
        return _commissioner(actor, today)
    if actor.role == Role.FINANCE_OFFICER:
        return _finance_officer(actor, today)
    if actor.role == Role.CLINICIAN:
        return Day(
            (
                *life_needs.reviews(actor, today),
                life_needs.serious_incidents(actor, today),
                life_needs.without_plan(actor, today),
            )
        )
    if actor.is_provider:
        due = checklists_due(actor)
        return Day((*life_needs.own_checklists(due, today), life_needs.serious_incidents(actor, today)), checklists=due)
    if actor.role == Role.ADMINISTRATOR:
        return Day((letters_not_sent(actor, today), *accounts_to_set_up(actor, today)))
    return Day((), reports=latest_reports(actor))


def _commissioner(actor: Actor, today: dt.date) -> Day:
    book, due, reports = open_book(actor), checklists_due(actor), latest_reports(actor)
    needs = (
        money_needs.uncovered(actor, book, today),
        money_needs.after_death(actor, today),
        life_needs.serious_incidents(actor, today),
        *life_needs.reviews(actor, today),
        *money_needs.contracts_ending(actor, today),
        life_needs.checklists_by_provider(actor, due, today),
        life_needs.checklists_to_accept(actor, due, today),
        money_needs.drafts(actor, today),
        money_needs.suspended(actor, today),
        life_needs.without_plan(actor, today),
        money_needs.without_baseline(actor, book, today),
        failed_reports(reports, today),
        *further_needs(actor, today),
    )
    return Day(needs, book, due, reports)


def _finance_officer(actor: Actor, today: dt.date) -> Day:
    book = open_book(actor)
    needs = (
        money_needs.uncovered(actor, book, today),
        money_needs.after_death(actor, today),
        suppliers_to_match(actor, today),
        *money_needs.contracts_ending(actor, today),
        money_needs.suspended(actor, today),
        money_needs.without_baseline(actor, book, today),
    )
    return Day(needs, book, reports=latest_reports(actor))


def failed_reports(reports: tuple[ReportLine, ...], today: dt.date) -> Need:
    """Reports that could not be made. No query."""
    items = tuple(
        Item(f"{each.board}, {each.month.words}", each.edition, each.url) for each in reports if each.is_failed
    )
    return Need("reports", "money", "report could not be made", "reports could not be made", items, today)


def suppliers_to_match(actor: Actor, today: dt.date) -> Need:
    """Suppliers in the council's published spending that are no provider yet. One query."""
    rows = Supplier.objects.visible_to(actor).filter(provider__isnull=True, not_a_provider=False)
    items = tuple(Item(str(each), "", address_of("payments")) for each in rows)
    return Need(
        "suppliers", "money", "supplier to match to a provider", "suppliers to match to providers", items, today
    )


def letters_not_sent(actor: Actor, today: dt.date) -> Need:
    """People of the partnership to whom a letter was tried in vain, and is tried no more. At most three queries."""
    items = tuple(
        Item(each.name, each.unsent[0].said, address_of("user", str(each.number)))
        for each in accounts_of(actor)
        if each.has_given_up and not each.is_closed
    )
    words = "person could not be sent an email", "people could not be sent an email"
    return Need("letters", "life", *words, items, today)


def accounts_to_set_up(actor: Actor, today: dt.date) -> tuple[Need, Need]:
    """Users of the partnership who have yet to take up their invitation, and providers with nobody to send checklists.
    Two queries.
    """
    members = Membership.objects.current(today).filter(partnership=actor.partnership).select_related("user")
    waiting = members.filter(invitation__in=Invitation.objects.waiting()).select_related("invitation")
    items = {
        each.user_id: Item(
            each.invitation.name,
            f"{each.get_role_display().lower()}, has not signed in yet",
            address_of("user", str(each.pk)),
        )
        for each in waiting.order_by("invitation__name", "pk")
    }
    managed = members.filter(role=Role.PROVIDER_MANAGER).values("organisation_id")
    # An administrator sees no placement: that some provider supports somebody is all that comes of this.
    with scope.acting(Actor.system(actor.partnership)):
        supporting = Placement.objects.filter(partnership=actor.partnership).in_force(today)
        providers = supporting.exclude(setting__in=HOSPITALS).values("provider_id")
        lonely = list(Organisation.objects.filter(pk__in=providers).exclude(pk__in=managed))
    without = tuple(Item(str(each), "", address_of("user_invite")) for each in lonely)
    return (
        Need(
            "accounts",
            "life",
            "account has not been used yet",
            "accounts have not been used yet",
            tuple(items.values()),
            today,
        ),
        Need(
            "managers",
            "life",
            "provider has no manager here to send its checklists",
            "providers have no manager here to send their checklists",
            without,
            today,
        ),
    )
