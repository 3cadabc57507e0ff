"""The main navigation by role: a declared table, from which a role sees what its routes let it open."""

import functools
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from commissioning.accounts.actors import Actor
from commissioning.accounts.checks import every_pattern
from commissioning.accounts.models import PROVIDER_ROLES
from commissioning.accounts.routes import EVERY_ROLE, Access, Route

NOT_PROVIDERS = EVERY_ROLE - PROVIDER_ROLES


@dataclass(frozen=True)
class Entry:
    """A link of the main navigation: its address's name, its words, and the roles it is useful to."""

    url_name: str
    text: str
    roles: frozenset[str] = frozenset(EVERY_ROLE)
    text_without_prices: str = ""

    def text_for(self, actor: Actor) -> str:
        return self.text if actor.sees_prices else self.text_without_prices or self.text


@dataclass(frozen=True)
class Link:
    """An entry as shown to somebody on a page."""

    text: str
    url: str
    is_current: bool


ENTRIES = (
    Entry("home", "Home"),
    Entry("people", "People"),
    Entry("outcomes_month", "This month", frozenset(PROVIDER_ROLES)),
    Entry("outcomes_overview", "Outcomes", NOT_PROVIDERS),
    Entry("providers", "Providers", NOT_PROVIDERS),
    Entry("contracts", "Contracts"),
    Entry("cost_explorer", "Money", NOT_PROVIDERS),
    Entry("incidents", "Incidents"),
    Entry("reports", "Reports"),
    Entry("rights", "Rights"),
    Entry("data", "Data", NOT_PROVIDERS),
    Entry("users", "Users"),
    Entry("boards", "Boards"),
    Entry("partnership_settings", "Settings"),
)

# The pages about one person, each addressed by the person's reference.
PERSON_ENTRIES = (
    Entry("person", "Money and life", text_without_prices="Life"),
    Entry("plan", "Plan"),
    Entry("goals", "Goals"),
    Entry("placements", "Placements and costs", text_without_prices="Placements"),
    Entry("circle", "Circle of support"),
    Entry("person_incidents", "Incidents"),
    Entry("advice", "Advice"),
    Entry("person_details", "Details"),
    Entry("who_looked", "Who looked"),
    Entry("person_rights", "Rights"),
)

# The pages about a partnership's money, behind one main entry that leads to the first of them.
MONEY_ENTRIES = (
    Entry("cost_explorer", "Costs"),
    Entry("budgets", "Budget"),
    Entry("month_ends", "Month end"),
    Entry("uplifts", "Uplifts"),
    Entry("risk_shares", "Risk share"),
    Entry("cases", "Invest to save"),
    Entry("payments", "Payments"),
    Entry("calendars", "Calendars"),
)

# What stands behind a main entry beside its own address.
BEHIND = {"cost_explorer": MONEY_ENTRIES}


def links(actor: Actor | None, path: str) -> list[Link]:
    """The navigation for somebody on a page; current is the entry whose address, or that of a page behind it, is the
    longest start of the path."""
    if actor is None:
        return []
    shown = [(entry, url) for entry in ENTRIES if (url := _address(entry, actor))]
    leading = [
        (address, url)
        for entry, url in shown
        for address in (url, *(address_of(each.url_name) for each in BEHIND.get(entry.url_name, ())))
        if address and _leads_to(address, path)
    ]
    _, current = max(leading, key=lambda each: len(each[0]), default=("", ""))
    return [Link(entry.text_for(actor), url, url == current) for entry, url in shown]


def person_links(actor: Actor | None, reference: str, path: str, tab: str = "") -> list[Link]:
    """The tabs above a person's pages."""
    if actor is None:
        return []
    shown = [
        (entry, url)
        for entry in PERSON_ENTRIES
        if may_open(actor, entry.url_name) and (url := address_of(entry.url_name, reference))
    ]
    at = address_of(tab, reference) if tab else path
    current = max((url for _, url in shown if at.startswith(url)), key=len, default="")
    return [Link(entry.text_for(actor), url, url == current) for entry, url in shown]


def money_links(actor: Actor | None, path: str) -> list[Link]:
    """The tabs above the pages about money."""
    if actor is None:
        return []
    shown = [(entry, url) for entry in MONEY_ENTRIES if (url := _address(entry, actor))]
    current = max((url for _, url in shown if path.startswith(url)), key=len, default="")
    return [Link(entry.text_for(actor), url, url == current) for entry, url in shown]


def may_open(actor: Actor | None, url_name: str) -> bool:
    """Whether an address of this name exists and lets the actor's role in."""
    route = declared_routes().get(url_name)
    if route is None:
        return False
    if route.access is Access.ANYBODY:
        return True
    return route.access is not None or (actor is not None and actor.role in route.roles)


@functools.cache
def declared_routes() -> dict[str, Route]:
    """Every declared address by its name."""
    found = (getattr(pattern.callback, "route", None) for _, pattern in every_pattern())
    return {route.name: route for route in found if isinstance(route, Route)}


def address_of(url_name: str, *arguments: str) -> str:
    """The address of a page with these arguments; empty when there is none."""
    try:
        return reverse(url_name, args=arguments)
    except NoReverseMatch:
        return ""


def _address(entry: Entry, actor: Actor) -> str:
    return address_of(entry.url_name) if actor.role in entry.roles and may_open(actor, entry.url_name) else ""


def _leads_to(url: str, path: str) -> bool:
    return path == url if url == "/" else path.startswith(url)


def search_address(actor: Actor | None) -> str:
    """Where a search for a person goes; empty for those who see nobody's record."""
    return address_of("people_search") if may_open(actor, "people_search") else ""
