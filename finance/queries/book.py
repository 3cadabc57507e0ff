"""The book: the cost lines and funding shares an actor may see, as the ledger's arrays, with their names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from django.db.models import BigIntegerField, Q, QuerySet, Value

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import PartnershipOrganisation
from finance import ledger
from finance.models import CalendarDays, CostKind, CostLine, FundingShare
from finance.queries import arrays
from finance.queries.blocks import DAY_COLUMNS, OCCUPANT_COLUMNS, VOID, Beside
from people.models import Person, Placement
from providers.models import Contract

# What figures can be shown by, apart from the funder; each a column of codes on the line table.
DIMENSIONS = ("person", "provider", "setting", "placement", "kind")
UNALLOCATED_NAME = "unallocated"

# What is read of each line and share; the columns of the ledger's tables by their names there, and the kind.
LINE_COLUMNS = {
    "line": arrays.number("id"),
    "placement": arrays.number("placement_id", null=ledger.NO_PLACEMENT),
    "basis": arrays.place("basis", tuple(ledger.BASIS_BY_NAME)),
    "amount_pence": arrays.hundredths("amount"),
    "units_hundredths": arrays.hundredths("units_per_week"),
    "start": arrays.day("start"),
    "end": arrays.day("end"),
    "kind": arrays.place("kind", CostKind.values),
    "contract": arrays.number("contract_id", null=ledger.NO_CONTRACT),
    "capacity": arrays.number("capacity", null=0),
    "calendar": arrays.number("calendar_id", null=ledger.NO_CALENDAR),
}
SHARE_COLUMNS = {
    "placement": arrays.number("placement_id", null=ledger.NO_PLACEMENT),
    "line": arrays.number("line_id", null=ledger.NO_LINE),
    "funder": arrays.number("funder_id"),
    "share_ppm": arrays.ppm("percent"),
    "start": arrays.day("start"),
    "end": arrays.day("end"),
}


@dataclass(frozen=True)
class Book:
    """`names[dimension][code]` is the text of a line's code, as in the files; codes are in code-point order.

    A contract's line has a row for each part of it. What nobody fills has "" for person, setting and placement, and the
    contract's provider (cost rule 10).
    """

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
    """The book of everyone the actor may see prices of, or of some people among them.

    Parts of contracts' lines are in it for those alone who see all prices: they take knowing everybody who is placed.
    Three queries, however many; one more where contracts buy places, and one where lines go by a calendar.
    """
    lines = CostLine.objects.visible_to(actor)
    shares = FundingShare.objects.visible_to(actor)
    placements = Placement.objects.visible_to(actor)
    if not actor.sees_prices:
        lines = lines.of_placements()
    if people is not None:
        placements = placements.filter(person__in=people)
        contracts = placements.filter(contract__isnull=False).values("contract")
        lines = lines.filter(Q(placement__person__in=people) | Q(contract__in=contracts))
        shares = shares.filter(Q(placement__person__in=people) | Q(line__contract__in=contracts))
    return _read(actor, lines, shares, placements, with_void=people is None)


def open_block(actor: Actor, contract: Contract) -> Book:
    """The book of a contract's own lines: everybody's parts, and what is void. Empty for who sees not all prices."""
    lines = CostLine.objects.visible_to(actor).filter(contract=contract)
    of_contract = Q(placement__contract=contract) | Q(line__contract=contract)
    shares = FundingShare.objects.visible_to(actor).filter(of_contract)
    placements = Placement.objects.visible_to(actor).filter(contract=contract)
    return _read(actor, lines if actor.sees_prices else lines.none(), shares, placements, with_void=True)


def _read(
    actor: Actor,
    lines: QuerySet[CostLine],
    shares: QuerySet[FundingShare],
    placements: QuerySet[Placement],
    *,
    with_void: bool,
) -> Book:
    columns = arrays.in_order("line", arrays.read_columns(lines.order_by(), LINE_COLUMNS))
    # no query where nothing is asked for
    contracts = Contract.objects.filter(pk__in=keys_in(columns, "contract"))
    calendars = CalendarDays.objects.filter(calendar__in=keys_in(columns, "calendar"))
    return book_of(
        columns,
        arrays.read_columns(shares.order_by(), SHARE_COLUMNS),
        _read_words(actor, placements),
        Beside.of_rows(contracts.values_list(*OCCUPANT_COLUMNS), calendars.values_list(*DAY_COLUMNS)),
        with_void=with_void,
    )


def keys_in(columns: dict[str, ledger.IntArray], name: str) -> list[int]:
    """The different keys in a column; those below zero stand for none."""
    return [key for key in ledger.distinct(columns[name])[0].tolist() if key >= 0]


@dataclass(frozen=True)
class Words:
    """What keys stand for: `placements` as provider, person, setting and reference; `organisations` as codes."""

    placements: Mapping[int, tuple[int, str, str, str]]
    organisations: Mapping[int, str]

    @classmethod
    def of_rows(cls, rows: Iterable[tuple[int | None, int, str, str, str]]) -> "Words":
        """From rows of placements by number, and of organisations, which have a code where those have a person."""
        placements, organisations = {}, {}
        for placement, organisation, text, setting, reference in rows:
            if placement is None:
                organisations[organisation] = text
            else:
                placements[placement] = (organisation, text, setting, reference)
        return cls(placements, organisations)


def book_of(
    lines: dict[str, ledger.IntArray],
    shares: dict[str, ledger.IntArray],
    words: Words,
    beside: Beside,
    *,
    with_void: bool,
) -> Book:
    """The book of the columns `LINE_COLUMNS` and `SHARE_COLUMNS`, whichever table they were read from.

    Parts of contracts' lines are those of the placements that there are words for, and of nobody `with_void`.
    """
    table, names = _line_table(lines, words, beside, with_void)
    share_table, funders = _share_table(shares, words)
    return Book(table, share_table, funders, names)


def _read_words(actor: Actor, placements: QuerySet[Placement]) -> Words:
    # said of the people too, so that they are found by index and not by reading everybody's
    found = placements.filter(person__partnership=actor.partnership).order_by()
    rows = found.values_list("pk", "provider_id", "person__reference", "setting", "reference")
    links = PartnershipOrganisation.objects.filter(partnership=actor.partnership)
    none = Value(None, output_field=BigIntegerField())
    return Words.of_rows(rows.union(links.values_list(none, "organisation_id", "code", Value(""), Value("")), all=True))


def _line_table(
    columns: dict[str, ledger.IntArray], words: Words, beside: Beside, with_void: bool
) -> tuple[ledger.LineTable, dict[str, tuple[str, ...]]]:
    """The lines, with what their figures can be shown by."""
    calendar, calendars = beside.calendars(columns["calendar"])
    table = ledger.LineTable.from_columns(
        line=columns["line"],
        placement=columns["placement"],
        basis=columns["basis"],
        amount_pence=columns["amount_pence"],
        units_hundredths=columns["units_hundredths"],
        start=columns["start"],
        end=columns["end"],
        codes={"kind": columns["kind"]},
        calendar=calendar,
        calendars=calendars,
    )
    table, of_void = beside.split(table, columns["contract"], columns["capacity"])
    if table.parts is not None:
        known = np.fromiter(words.placements, dtype=np.int64, count=len(words.placements))
        kept = np.where(of_void == ledger.NO_CONTRACT, np.isin(table.placement, known), with_void)
        table, of_void = table.take(kept), of_void[kept]
    coded = _coded_by_placement(table.placement, of_void, words, beside)
    kinds, place = ledger.distinct(table.codes["kind"])
    coded["kind"] = _coded([CostKind.values[each] for each in kinds.tolist()], place)
    table = replace(table, codes={each: coded[each][0] for each in DIMENSIONS})
    return table, {each: coded[each][1] for each in DIMENSIONS}


def _coded_by_placement(
    placement: ledger.IntArray, of_void: ledger.IntArray, words: Words, beside: Beside
) -> dict[str, tuple[ledger.IntArray, tuple[str, ...]]]:
    """Codes of each row's placement; of what is void, those of nobody with the contract's provider."""
    # a void row goes by its contract's key, turned below every placement's
    keys, place = ledger.distinct(np.where(of_void == ledger.NO_CONTRACT, placement, -1 - of_void))
    void = {-1 - contract: (provider, VOID, VOID, VOID) for contract, provider in beside.providers.items()}
    rows = [words.placements[each] if each >= 0 else void[each] for each in keys.tolist()]
    texts = {
        "person": [person for _, person, _, _ in rows],
        "provider": [words.organisations[provider] for provider, _, _, _ in rows],
        "setting": [setting for _, _, setting, _ in rows],
        "placement": [reference for _, _, _, reference in rows],
    }
    return {dimension: _coded(values, place) for dimension, values in texts.items()}


def _share_table(columns: dict[str, ledger.IntArray], words: Words) -> tuple[ledger.ShareTable, tuple[str, ...]]:
    funders, place = ledger.distinct(columns["funder"])
    numbers, names = _coded([words.organisations[each] for each in funders.tolist()], place)
    return ledger.ShareTable.from_columns(**{**columns, "funder": numbers}), names


def _coded(texts: Sequence[str], place: ledger.IntArray) -> tuple[ledger.IntArray, tuple[str, ...]]:
    """Each row's code, given its place among texts; and the texts by code, in code-point order."""
    names = tuple(sorted(set(texts)))
    number = {name: code for code, name in enumerate(names)}
    codes = np.array([number[text] for text in texts], dtype=np.int64)
    return codes[place], names
