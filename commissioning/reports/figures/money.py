"""What each person's support costs, month by month, from the book of lines and shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import PartnershipOrganisation
from commissioning.reports.figures.facts import Window
from finance import ledger
from finance.queries import Book, PersonCost, open_book, person_costs
from finance.queries.blocks import VOID

COUNCIL, NHS, OTHER, NOBODY = "council", "nhs", "other", "nobody"
BODIES = (COUNCIL, NHS, OTHER, NOBODY)


@dataclass(frozen=True)
class PersonMoney:
    """Whole pence a week on the last day of each month; `is_priced` says whether a line is in force at the end."""

    is_priced: bool
    by_month: tuple[int, ...]
    first_priced: int
    ahead_known: tuple[int, ...]
    ahead_kept: tuple[int, ...]
    funders: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Money:
    book: Book
    by_person: Mapping[str, PersonMoney]
    costs: Mapping[str, PersonCost]


def money_of(actor: Actor, window: Window) -> Money:
    """Every person's weekly cost, net of income (cost rules 5 and 6), by reference."""
    book = open_book(actor)
    names = book.names["person"]
    people = book.lines.codes["person"]
    days = [month.last for month in (*window.shown, *window.ahead)]
    weekly = ledger.weekly_on_days(book.lines, days, people, max(1, len(names)))
    priced = np.stack([_priced(book, day, len(names)) for day in days])
    funders = _by_body(actor, book, window, len(names))
    shown = len(window.shown)
    found = {}
    for code, name in enumerate(names):
        if name == VOID:
            continue  # places that nobody fills are nobody's change
        now = int(weekly[shown - 1, code])
        ahead = [int(pence) for pence in weekly[shown:, code]]
        kept = [
            pence if priced[shown + place, code] or not priced[shown - 1, code] else now
            for place, pence in enumerate(ahead)
        ]
        ever = np.flatnonzero(priced[:shown, code])
        found[name] = PersonMoney(
            is_priced=bool(priced[shown - 1, code]),
            by_month=tuple(int(pence) for pence in weekly[:shown, code]),
            first_priced=int(ever[0]) if len(ever) else shown,
            ahead_known=tuple(ahead),
            ahead_kept=tuple(kept),
            funders={body: tuple(int(pence) for pence in amounts[:, code]) for body, amounts in funders.items()},
        )
    costs = {cost.person: cost for cost in person_costs(actor, book, window.day)}
    return Money(book, found, costs)


def _priced(book: Book, day: object, people: int) -> ledger.BoolArray:
    found = np.zeros(max(1, people), dtype=bool)
    found[book.lines.codes["person"][book.lines.in_force(day)]] = True  # type: ignore[arg-type]
    return found


def _by_body(actor: Actor, book: Book, window: Window, people: int) -> dict[str, ledger.IntArray]:
    """Weekly pence by who pays: one row a month shown, one column a person."""
    body_of = _bodies(actor, book.funders)
    found = {body: np.zeros((len(window.shown), max(1, people)), dtype=np.int64) for body in BODIES}
    for place, month in enumerate(window.shown):
        split = ledger.weekly_by_funder(book.lines, book.shares, month.last, book.lines.codes["person"])
        for group, funder, pence in zip(split.group.tolist(), split.funder.tolist(), split.pence.tolist(), strict=True):
            body = NOBODY if funder == ledger.UNALLOCATED else body_of[funder]
            found[body][place, group] += pence
    return found


def _bodies(actor: Actor, funders: Sequence[str]) -> list[str]:
    links = PartnershipOrganisation.objects.filter(partnership=actor.partnership).select_related("organisation")
    organisations = {link.code: link.organisation for link in links}
    return [
        COUNCIL if organisations[code].kind == "council" else NHS if organisations[code].is_nhs else OTHER
        for code in funders
    ]
