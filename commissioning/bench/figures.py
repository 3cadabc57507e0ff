"""From the database to the figures: a partnership's cost by month and funder, and by person too."""

import io
from decimal import Decimal

import numpy as np
from django.db import connection, transaction

from commissioning.accounts import scope
from commissioning.accounts.actors import Actor
from commissioning.bench import in_decimal, made_up
from commissioning.bench.rounds import ROUNDS, peak_megabytes, say, seconds, show, side_by_side
from commissioning.bench.stored import store
from finance.ledger import Totals, totals
from finance.queries.book import open_book

TIMES = 10
# Every column that the book reads, of the rows it reads, as they are stored.
READ = (
    'SELECT id, placement_id, basis, amount, units_per_week, start, "end", kind, contract_id, capacity, calendar_id'
    " FROM finance_costline WHERE partnership_id = {0}",
    'SELECT placement_id, line_id, funder_id, percent, start, "end" FROM finance_fundingshare WHERE placement_id IN'
    " (SELECT id FROM people_placement WHERE partnership_id = {0})",
    "SELECT p.id, p.provider_id, r.reference, p.setting, p.reference FROM people_placement p"
    " JOIN people_person r ON r.id = p.person_id WHERE p.partnership_id = {0}",
    "SELECT organisation_id, code FROM accounts_partnershiporganisation WHERE partnership_id = {0}",
)


def copy_out(actor: Actor) -> None:
    """The yardstick: the rows out of PostgreSQL in its binary form, kept in memory, through the same walls."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('as_one.scope', %s, true)", [scope.require().setting])
        for sql in READ:
            copied = io.BytesIO()
            cursor.copy_expert(f"COPY ({sql.format(actor.partnership.pk)}) TO STDOUT (FORMAT binary)", copied)


def by_month(actor: Actor) -> Totals:
    book = open_book(actor)
    return totals(book.lines, book.shares, made_up.PERIODS, np.zeros(len(book.lines), dtype=np.int64))


def by_person(actor: Actor) -> Totals:
    book = open_book(actor)
    return totals(book.lines, book.shares, made_up.PERIODS, book.lines.codes["person"])


def run() -> None:
    """Print sizes, medians and ratios; then ten times the data; then without the ledger."""
    one = store("ONE", made_up.PEOPLE, made_up.LINES)
    taken = _measure(one, "One partnership")
    _measure_in_decimal(one, taken["by month and funder"])
    ten = store("TEN", TIMES * made_up.PEOPLE, TIMES * made_up.LINES)
    larger = _measure(ten, f"{TIMES} times the data")
    longer = larger["by month and funder"] / taken["by month and funder"]
    say(f"  {TIMES} times the data takes {longer:.2f} times as long")


def _measure(actor: Actor, title: str) -> dict[str, float]:
    with transaction.atomic(), scope.acting(actor):
        book = open_book(actor)
        say(
            f"\n{title}: {len(book.names['person']):,} people, {len(book.lines):,} lines, {len(book.shares):,} shares,"
            f" {len(made_up.PERIODS)} months; medians of {ROUNDS}"
        )
        del book
        works = {
            "copying the columns out of PostgreSQL": lambda: copy_out(actor),
            "by month and funder": lambda: by_month(actor),
            "by person, month and funder": lambda: by_person(actor),
        }
        taken = side_by_side(works)
        yardstick, *_ = taken.values()
        for name, work in works.items():
            show(name, taken[name], yardstick, f"  peak {peak_megabytes(work):7.1f} MB")
    return taken


def _measure_in_decimal(actor: Actor, ours: float) -> None:
    """Once, since it takes so long; and it must come to the same money."""
    found: dict[tuple[int, int], Decimal] = {}
    with scope.acting(actor):
        took = seconds(lambda: found.update(in_decimal.by_month_and_funder(actor, made_up.PERIODS)))
        theirs, pence = sum(found.values(), Decimal(0)), int(by_month(actor).pence.sum())
    if abs(theirs * 100 - pence) > 100:
        raise SystemExit(f"The two disagree: £{theirs:,} by the loop, {pence:,} pence by the ledger.")
    say(f"  objects prefetched and a loop in Decimal{took:15.3f} s  {took / ours:6.1f} × the ledger; the same sum")
