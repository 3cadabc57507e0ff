"""Made-up partnerships in the application's own tables, behind their walls, with their history."""

import datetime as dt
import itertools
from collections.abc import Iterator
from decimal import Decimal

from django.db import transaction

from commissioning.accounts import walls
from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation, OrganisationKind, Partnership, PartnershipOrganisation
from commissioning.bench import made_up
from commissioning.interchange.adding import add
from commissioning.interchange.loading import prepare_for_many_rows
from finance.ledger import NO_LINE, NO_PLACEMENT, OPEN_DAY, Basis
from finance.models import CostLine, FundingShare
from people.models import Person, Placement

FUNDERS = 8
PROVIDERS = 50


def store(code: str, people: int, lines: int) -> Actor:
    """A partnership of this size, and the application acting for it."""
    with transaction.atomic():
        prepare_for_many_rows()
        partnership = Partnership.objects.create(code=code, name=code)
        _fill(partnership, people, lines)
    walls.take_stock([Person, Placement, CostLine, FundingShare])
    return Actor.system(partnership)


def _fill(partnership: Partnership, people: int, lines: int) -> None:
    funders = _organisations(partnership, OrganisationKind.COUNCIL, "F", FUNDERS)
    providers = _organisations(partnership, OrganisationKind.SUPPORT_PROVIDER, "P", PROVIDERS)
    placements = _placements(partnership, people, funders, providers)
    made = made_up.make_partnership(people, lines)
    keys = _lines(partnership, made, placements)
    _shares(made, placements, keys, funders)


def _organisations(partnership: Partnership, kind: str, letter: str, count: int) -> list[int]:
    names = [f"{partnership.code} {letter}{number:02}" for number in range(count)]
    keys = add(Organisation, ("name",), ([name] for name in names), kind=kind)
    links = ((key, f"{letter}{number:02}") for number, key in enumerate(keys))
    add(PartnershipOrganisation, ("organisation_id", "code"), links, partnership=partnership)
    return keys


def _placements(partnership: Partnership, people: int, funders: list[int], providers: list[int]) -> list[int]:
    names = ("reference", "given_name", "family_name")
    rows = ((f"P{number:06}", f"Given{number}", f"Family{number}") for number in range(people))
    bodies = {"council_id": funders[0], "icb_id": funders[4], "diagnosis": "learning_disability"}
    persons = add(Person, names, rows, partnership=partnership, date_of_birth=dt.date(1980, 1, 1), **bodies)
    homes = (
        (f"P{number:06}-1", person, provider)
        for number, (person, provider) in enumerate(zip(persons, itertools.cycle(providers), strict=False))
    )
    names = ("reference", "person_id", "provider_id")
    return add(Placement, names, homes, partnership=partnership, setting="own_tenancy", start=dt.date(2010, 1, 1))


BASES = {Basis[each.upper()]: each for each in ("weekly", "four_weekly", "monthly", "hourly", "nightly", "one_off")}


def _lines(partnership: Partnership, made: made_up.Partnership, placements: list[int]) -> list[int]:
    table = made.lines

    def rows() -> Iterator[tuple[object, ...]]:
        columns = (table.placement, table.basis, table.amount_pence, table.units_hundredths, table.start, table.end)
        for number, (placement, basis, amount, units, start, end) in enumerate(
            zip(*(column.tolist() for column in columns), strict=True)
        ):
            yield (
                f"L{number:07}",
                placements[placement],
                # lines of one kind and label may not overlap
                f"{number}",
                BASES[basis],
                Decimal(amount).scaleb(-2),
                Decimal(units).scaleb(-2) if basis in (Basis.HOURLY, Basis.NIGHTLY) else None,
                dt.date.fromordinal(start),
                _day(start if basis == Basis.ONE_OFF else end),
            )

    names = ("reference", "placement_id", "label", "basis", "amount", "units_per_week", "start", "end")
    return add(CostLine, names, rows(), partnership=partnership, kind="core_support", reason="new")


def _shares(made: made_up.Partnership, placements: list[int], lines: list[int], funders: list[int]) -> None:
    table = made.shares
    columns = (table.placement, table.line, table.funder, table.share_ppm, table.start, table.end)
    rows = (
        (
            None if placement == NO_PLACEMENT else placements[placement],
            None if line == NO_LINE else lines[line],
            funders[funder],
            Decimal(ppm).scaleb(-4),
            dt.date.fromordinal(start),
            _day(end),
        )
        for placement, line, funder, ppm, start, end in zip(*(column.tolist() for column in columns), strict=True)
    )
    add(FundingShare, ("placement_id", "line_id", "funder_id", "percent", "start", "end"), rows, route="joint")


def _day(number: int) -> dt.date | None:
    return None if number == OPEN_DAY else dt.date.fromordinal(number)
