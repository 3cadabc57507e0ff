"""The book: the cost lines and funding shares an actor may see, as the ledger's arrays, with their names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.db.models import QuerySet

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import PartnershipOrganisation
from commissioning.core.money import to_pence
from finance import ledger
from finance.models import CostLine, FundingShare
from people.models import Person

# What figures can be shown by, apart from the funder; each a column of codes on the line table.
DIMENSIONS = ("person", "provider", "setting", "placement", "kind")
UNALLOCATED_NAME = "unallocated"


@dataclass(frozen=True)
class Book:
    """`names[dimension][code]` is the text of a line's code, as in the files; codes are in code-point order."""

    lines: ledger.LineTable
    shares: ledger.ShareTable
    funders: tuple[str, ...]
    names: Mapping[str, tuple[str, ...]]

    def funder_name(self, number: int) -> str:
        return UNALLOCATED_NAME if number == ledger.UNALLOCATED else self.funders[number]

    def only(self, dimension: str, names: Sequence[str]) -> "Book":
        """The book of some people, providers, settings, placements or kinds."""
        wanted = set(names)
        codes = [code for code, name in enumerate(self.names[dimension]) if name in wanted]
        return replace(self, lines=self.lines.take(np.isin(self.lines.codes[dimension], codes)))

    def gross(self) -> "Book":
        """The book without income (cost rule 5)."""
        return replace(self, lines=self.lines.gross())


def open_book(actor: Actor, *, people: QuerySet[Person] | None = None) -> Book:
    """The book of everyone the actor may see prices of, or of some people among them."""
    lines = CostLine.objects.visible_to(actor)
    shares = FundingShare.objects.visible_to(actor)
    if people is not None:
        lines = lines.filter(placement__person__in=people)
        shares = shares.filter(placement__person__in=people)
    codes = _organisation_codes(actor)
    table, names = _read_lines(lines, codes)
    share_table, funders = _read_shares(shares, codes)
    return Book(table, share_table, funders, names)


def _organisation_codes(actor: Actor) -> dict[int, str]:
    links = PartnershipOrganisation.objects.filter(partnership=actor.partnership)
    return dict(links.values_list("organisation_id", "code"))


def _read_lines(
    lines: QuerySet[CostLine], codes: Mapping[int, str]
) -> tuple[ledger.LineTable, dict[str, tuple[str, ...]]]:
    rows: list[tuple[Any, ...]] = list(
        lines.order_by("pk").values_list(
            "pk",
            "placement_id",
            "basis",
            "amount",
            "units_per_week",
            "start",
            "end",
            "placement__person__reference",
            "placement__provider_id",
            "placement__setting",
            "placement__reference",
            "kind",
        )
    )
    pk, placement, basis, amount, units, start, end, person, provider, setting, reference, kind = (
        zip(*rows, strict=True) if rows else ((),) * 12
    )
    texts = {
        "person": person,
        "provider": [codes[each] for each in provider],
        "setting": setting,
        "placement": reference,
        "kind": kind,
    }
    numbered = {dimension: _numbered(values) for dimension, values in texts.items()}
    table = ledger.LineTable.from_columns(
        line=pk,
        placement=placement,
        basis=[ledger.BASIS_BY_NAME[each] for each in basis],
        amount_pence=[to_pence(each) for each in amount],
        units_hundredths=[0 if each is None else to_pence(each) for each in units],
        start=ledger.day_numbers(start),
        end=ledger.day_numbers(end),
        codes={dimension: numbers for dimension, (numbers, _) in numbered.items()},
    )
    return table, {dimension: names for dimension, (_, names) in numbered.items()}


def _numbered(values: Sequence[str]) -> tuple[list[int], tuple[str, ...]]:
    names = tuple(sorted(set(values)))
    number = {name: place for place, name in enumerate(names)}
    return [number[value] for value in values], names


def _read_shares(shares: QuerySet[FundingShare], codes: Mapping[int, str]) -> tuple[ledger.ShareTable, tuple[str, ...]]:
    rows: list[tuple[Any, ...]] = list(
        shares.order_by("pk").values_list("placement_id", "line_id", "funder_id", "percent", "start", "end")
    )
    placement, line, funder, percent, start, end = zip(*rows, strict=True) if rows else ((),) * 6
    number = ledger.funder_numbers(codes[each] for each in funder)
    table = ledger.ShareTable.from_columns(
        placement=placement,
        line=[ledger.NO_LINE if each is None else each for each in line],
        funder=[number[codes[each]] for each in funder],
        share_ppm=[int(each * 10_000) for each in percent],
        start=ledger.day_numbers(start),
        end=ledger.day_numbers(end),
    )
    return table, tuple(number)
