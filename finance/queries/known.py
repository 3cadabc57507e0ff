# ruff: noqa: S608  names of our own tables and columns
"""The records as they were known on an earlier day, from the history that triggers keep.

What counts is the latest state that was known by then; what was deleted by then is gone. A state is known

- from the moment it was written;
- from its `recorded_on`, where that is earlier: for a new row, and for a change that says so. A row that was loaded
  later with the day on which it became known counts from that day;
- from ever, where its history was lawfully erased (the stub of an erased record keeps its figures).

A day is taken to its end. A moment (`datetime`) is taken exactly, and by what was written alone: so an issued report
can be made again from what the application held when it was issued, whatever was loaded with an earlier day since.
Placements and people are as known too, or as first known where a price is older than what was written of them.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.db.models import QuerySet

from commissioning.accounts.actors import Actor
from finance.ledger import IntArray
from finance.models import Calendar, CalendarDays, CostLine, FundingShare
from finance.queries import arrays
from finance.queries.blocks import Beside
from finance.queries.book import LINE_COLUMNS, SHARE_COLUMNS, Book, Words, book_of, keys_in, open_book
from people.models import Person, Placement
from providers.models import Contract

Known = dt.date | dt.datetime


def open_book_as_known(actor: Actor, at: Known, *, people: QuerySet[Person] | None = None) -> Book:
    """The book of everyone the actor may see prices of as the records were known at the end of a day, or at a moment.

    The same arrays as `open_book` gives; empty for those who do not see all prices. Organisations go by their present
    codes. Three queries; one more where contracts buy places, and one where lines go by a calendar.
    """
    if not actor.sees_prices:
        return open_book(actor, people=Person.objects.none())
    sql = _Known(actor, at, None if people is None else list(people.values_list("pk", flat=True)))
    lines = sql.lines()
    contracts, calendars = keys_in(lines, "contract"), keys_in(lines, "calendar")
    beside = Beside.of_rows(sql.occupants(contracts) if contracts else (), sql.days(calendars) if calendars else ())
    return book_of(lines, sql.shares(), sql.words(), beside, with_void=people is None)


def lines_as_known(actor: Actor, at: Known, keys: Iterable[int]) -> dict[int, CostLine]:
    """These cost lines as known then, by number, each with its placement or contract, person and provider of now."""
    if not actor.sees_prices:
        return {}
    rows = _Known(actor, at, None).records(CostLine, list(keys))
    found = {values["id"]: CostLine(**values) for values in rows}
    return with_owners(actor, found)


def with_owners(actor: Actor, lines: dict[int, CostLine]) -> dict[int, CostLine]:
    """The lines whose placement or contract is still there, each with it as it is now. Two queries at most."""
    placed = {line.placement_id for line in lines.values()} - {None}
    bought = {line.contract_id for line in lines.values()} - {None}
    placements = Placement.objects.visible_to(actor).select_related("person", "provider").in_bulk(placed)
    contracts = Contract.objects.visible_to(actor).select_related("provider").in_bulk(bought)
    found = {}
    for key, line in lines.items():
        if line.placement_id in placements:
            line.placement = placements[line.placement_id]
        elif line.contract_id in contracts:
            line.contract = contracts[line.contract_id]
        else:
            continue
        found[key] = line
    return found


@dataclass(frozen=True)
class Event:
    """One state of a price or a share that was not known then: what it was of, how, when and by whom it was written.

    `since` is the day on which it became known; `owner` is the line, or the placement whose shares these are.
    """

    owner: int
    of_placement: bool
    label: str
    since: dt.date
    by: str
    reason: str


def events_after(
    actor: Actor, at: Known, lines: Iterable[int], placements: Iterable[int], until: dt.datetime | None = None
) -> list[Event]:
    """What was written of these lines, and of the shares of theirs or of their placements, that was not known then.

    Oldest first, up to a moment where one is given; shares of one line are put down to it as `share`. Two queries.
    """
    if not actor.sees_prices:
        return []
    known = _Known(actor, at, None, until)
    return [*known.later_lines(list(lines)), *known.later_shares(list(lines), list(placements))]


class _Known:
    """The statements that read the records as known, for one actor's partnership and one moment."""

    def __init__(self, actor: Actor, at: Known, people: list[int] | None, until: dt.datetime | None = None) -> None:
        self._by_moment = isinstance(at, dt.datetime)
        self._params: dict[str, Any] = {
            "at": at,
            "partnership": actor.partnership.pk,
            "zone": settings.TIME_ZONE,
            "people": people,
            "until": until,
        }

    def lines(self) -> dict[str, IntArray]:
        """The columns `LINE_COLUMNS`."""
        statement = f"""
            WITH line AS MATERIALIZED ({self._states(CostLine)}),
                placement AS MATERIALIZED ({self._first_or_latest(Placement)})
            SELECT {_taken(LINE_COLUMNS, "line")} FROM line LEFT JOIN placement ON placement.id = line.placement_id
            WHERE (placement.id IS NOT NULL AND ({self._of_people}))
                OR line.contract_id IN (SELECT placement.contract_id FROM placement WHERE {self._of_people})
                OR (line.contract_id IS NOT NULL AND %(people)s::bigint[] IS NULL)"""
        return arrays.in_order("line", arrays.read_statement(statement, self._params, LINE_COLUMNS))

    def shares(self) -> dict[str, IntArray]:
        """The columns `SHARE_COLUMNS`."""
        statement = f"""
            WITH share AS MATERIALIZED ({self._states(FundingShare)}),
                placement AS MATERIALIZED ({self._first_or_latest(Placement)})
            SELECT {_taken(SHARE_COLUMNS, "share")} FROM share LEFT JOIN placement ON placement.id = share.placement_id
            WHERE share.placement_id IS NULL OR (placement.id IS NOT NULL AND ({self._of_people}))"""
        return arrays.read_statement(statement, self._params, SHARE_COLUMNS)

    def words(self) -> Words:
        """What the placements were known by, and the codes of organisations now."""
        return Words.of_rows(
            self._read(f"""
            WITH placement AS MATERIALIZED ({self._first_or_latest(Placement)}),
                person AS MATERIALIZED ({self._first_or_latest(Person)})
            SELECT placement.id, placement.provider_id, person.reference, placement.setting, placement.reference
            FROM placement JOIN person ON person.id = placement.person_id
            WHERE {self._of_people}
            UNION ALL
            SELECT NULL, organisation_id, code, '', '' FROM accounts_partnershiporganisation
            WHERE partnership_id = %(partnership)s""")
        )

    def occupants(self, contracts: list[int]) -> list[tuple[Any, ...]]:
        """Rows of `blocks.OCCUPANT_COLUMNS`: who was known to be placed under contracts."""
        self._params["contracts"] = contracts
        return self._read(f"""
            SELECT contract.id, contract.provider_id, placement.id, placement.reference, placement.start,
                placement."end"
            FROM ({self._first_or_latest(Contract)}) contract
            LEFT JOIN ({self._first_or_latest(Placement)}) placement ON placement.contract_id = contract.id
            WHERE contract.id = ANY(%(contracts)s)""")

    def days(self, calendars: list[int]) -> list[tuple[Any, ...]]:
        """Rows of `blocks.DAY_COLUMNS`: the days that were known of calendars, or those they began with."""
        self._params["calendars"] = calendars
        written, first = "event.pgh_created_at", "min(pgh_created_at)"
        if not self._by_moment:
            written, first = (f"({each} AT TIME ZONE %(zone)s)::date" for each in (written, first))
        return self._read(f"""
            WITH calendar AS (SELECT pgh_obj_id AS id, {first} AS begun FROM {_events(Calendar)} GROUP BY pgh_obj_id)
            SELECT calendar_id, start, "end" FROM (
                SELECT DISTINCT ON (event.pgh_obj_id) event.* FROM {_events(CalendarDays)} event
                JOIN calendar ON calendar.id = event.calendar_id
                WHERE event.calendar_id = ANY(%(calendars)s) AND {written} <= greatest(%(at)s, calendar.begun)
                ORDER BY event.pgh_obj_id, event.pgh_id DESC
            ) latest WHERE pgh_label <> 'delete'""")

    def records(self, model: type[models.Model], keys: list[int]) -> list[dict[str, Any]]:
        """Every column of records as known, by name; those that were not there are not in it."""
        names = _columns(model)
        states = self._states(model, "AND {key} = ANY(%(keys)s)")
        self._params["keys"] = keys
        rows = self._read(f"SELECT {_listed(names)} FROM ({states}) state")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def later_lines(self, keys: list[int]) -> list[Event]:
        self._params["keys"] = keys
        rows = self._read(self._later(CostLine, "AND pgh_obj_id = ANY(%(keys)s)", "pgh_obj_id"))
        return [Event(key, False, f"line {label}", since, by, why) for key, label, since, by, why in rows]

    def later_shares(self, lines: list[int], placements: list[int]) -> list[Event]:
        self._params |= {"keys": lines, "placements": placements}
        narrowed = "AND (line_id = ANY(%(keys)s) OR line_id IS NULL AND placement_id = ANY(%(placements)s))"
        owner = "CASE WHEN line_id IS NULL THEN -placement_id ELSE line_id END"
        rows = self._read(self._later(FundingShare, narrowed, owner))
        return [Event(abs(key), key < 0, "share", since, by, why) for key, _, since, by, why in rows]

    def _later(self, model: type[models.Model], narrowed: str, owner: str) -> str:
        """The states that were not known, oldest first: of what, how, since when, by whom and why."""
        return f"""
            SELECT {owner}, pgh_label,
                least((pgh_created_at AT TIME ZONE %(zone)s)::date,
                    CASE WHEN pgh_label = 'insert' THEN recorded_on END),
                coalesce(context.metadata->>'name', ''), coalesce(context.metadata->>'reason', '')
            FROM (
                SELECT event.*, {self._is_known("event")} AS is_known FROM {_events(model)} event
                WHERE {_theirs(model)} {narrowed}
                WINDOW row_of AS (PARTITION BY pgh_obj_id ORDER BY pgh_id)
            ) history LEFT JOIN pghistory_context context ON context.id = history.pgh_context_id
            WHERE NOT is_known AND (%(until)s::timestamptz IS NULL OR pgh_created_at <= %(until)s)
            ORDER BY pgh_id"""

    def _read(self, statement: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, self._params)
            return list(cursor.fetchall())

    @property
    def _of_people(self) -> str:
        return "%(people)s::bigint[] IS NULL OR placement.person_id = ANY(%(people)s::bigint[])"

    def _states(self, model: type[models.Model], narrowed: str = "") -> str:
        """The latest state of each row that was known and not deleted; rows without history as they are."""
        table, columns = model._meta.db_table, _listed(_columns(model))
        theirs = _theirs(model)
        return f"""
            SELECT {columns} FROM (
                SELECT DISTINCT ON (pgh_obj_id) * FROM (
                    SELECT event.*, {self._is_known("event")} AS is_known FROM {_events(model)} event
                    WHERE {theirs} {narrowed.format(key="pgh_obj_id")}
                    WINDOW row_of AS (PARTITION BY pgh_obj_id ORDER BY pgh_id)
                ) history WHERE is_known ORDER BY pgh_obj_id, pgh_id DESC
            ) latest WHERE pgh_label <> 'delete'
            UNION ALL
            SELECT {columns} FROM {table}
            WHERE {theirs} {narrowed.format(key="id")} AND {_is_without_history(model)}
                AND ({"true" if self._by_moment else "recorded_on IS NULL OR recorded_on <= %(at)s"})"""

    def _is_known(self, event: str) -> str:
        """Whether a state of the history was known by then."""
        written = "pgh_created_at <= %(at)s"
        if not self._by_moment:
            written = f"""least((pgh_created_at AT TIME ZONE %(zone)s)::date, CASE
                WHEN pgh_label = 'insert' OR {event}.recorded_on IS DISTINCT FROM lag({event}.recorded_on) OVER row_of
                THEN {event}.recorded_on END) <= %(at)s"""
        return f"({written}) OR (pgh_label <> 'insert' AND lag(pgh_id) OVER row_of IS NULL)"

    def _first_or_latest(self, model: type[models.Model]) -> str:
        """What prices hang on: as known then, or as it was first known."""
        table, columns = model._meta.db_table, _listed(_columns(model))
        known = "pgh_created_at <= %(at)s"
        if not self._by_moment:
            known = "(pgh_created_at AT TIME ZONE %(zone)s)::date <= %(at)s"
        return f"""
            SELECT {columns} FROM (
                SELECT DISTINCT ON (pgh_obj_id) * FROM {_events(model)} event
                WHERE partnership_id = %(partnership)s AND pgh_label <> 'delete'
                ORDER BY pgh_obj_id, ({known}) DESC, CASE WHEN {known} THEN -pgh_id ELSE pgh_id END
            ) latest
            UNION ALL
            SELECT {columns} FROM {table} WHERE partnership_id = %(partnership)s AND {_is_without_history(model)}"""


def _events(model: type[models.Model]) -> str:
    return str(model.pgh_event_model._meta.db_table)  # type: ignore[attr-defined]  # pghistory's


def _is_without_history(model: type[models.Model]) -> str:
    return f"NOT EXISTS (SELECT FROM {_events(model)} event WHERE event.pgh_obj_id = {model._meta.db_table}.id)"


def _taken(columns: arrays.Columns, table: str) -> str:
    return ", ".join(column.of(table) for column in columns.values())


def _columns(model: type[models.Model]) -> list[str]:
    return [str(field.column) for field in model._meta.concrete_fields]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _theirs(model: type[models.Model]) -> str:
    if model is CostLine:
        return "partnership_id = %(partnership)s"
    lines = "SELECT id FROM finance_costline WHERE partnership_id = %(partnership)s"
    lines = f"{lines} UNION SELECT pgh_obj_id FROM {_events(CostLine)} WHERE partnership_id = %(partnership)s"
    return f"""(placement_id IN (SELECT id FROM people_placement WHERE partnership_id = %(partnership)s)
        OR placement_id IS NULL AND line_id IN ({lines}))"""
