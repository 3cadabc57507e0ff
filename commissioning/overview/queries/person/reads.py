"""Who looked at a person's record: each look, the looks of each day, and the list for the person themselves."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Max, Min, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Role
from commissioning.audit.models import RecordRead
from commissioning.core import periods
from commissioning.core.tables import write_csv
from commissioning.overview.queries.person.page_titles import title_of
from people.models import Person

# In the address, the looks of those who belong to no single provider: the partnership's own people.
OWN = "-"
# Pages that show a person among many.
LISTS = frozenset({"home", "need", "people", "people_csv", "incidents", "outcomes_month", "outcomes_overview"})
# What each role does, in words for the person it is about.
PLAIN_ROLES: Mapping[str, str] = {
    Role.COMMISSIONER: "Plans and pays for support",
    Role.FINANCE_OFFICER: "Looks after the money. Sees you by a reference, not by your name",
    Role.CLINICIAN: "Gives advice about health",
    Role.PROVIDER_MANAGER: "Manages support",
    Role.PROVIDER_STAFF: "Gives support",
    Role.AUDITOR: "Checks that things are done right",
    Role.ADMINISTRATOR: "Looks after who can sign in",
    Role.BOARD_MEMBER: "Sits on the board",
}


@dataclass(frozen=True)
class Read:
    """One look at the record: who, in which role and organisation, which page, when, and why where it was asked."""

    at: dt.datetime
    who: str
    role: str
    organisation: str
    page: str
    reason: str


@dataclass(frozen=True)
class LooksAsked:
    """Which looks: from a day to a day, both included, and of which organisation (`OWN`: the partnership's own)."""

    since: dt.date | None = None
    until: dt.date | None = None
    organisation: str = ""
    not_understood: tuple[str, ...] = ()

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "LooksAsked":
        """From an address. What is not understood narrows nothing and is told."""
        (since, no_since), (until, no_until) = _day(query.get("since", "")), _day(query.get("until", ""))
        return cls(since, until, query.get("organisation", ""), (*no_since, *no_until))

    @property
    def is_narrowed(self) -> bool:
        return bool(self.since or self.until or self.organisation)

    @property
    def when(self) -> str:
        """`from 1 May 2026 to 31 May 2026`; empty where every day was asked for."""
        since = f"from {periods.words(self.since)}" if self.since else ""
        until = f"{'to' if self.since else 'until'} {periods.words(self.until)}" if self.until else ""
        return f"{since} {until}".strip()


def _day(text: str) -> tuple[dt.date | None, tuple[str, ...]]:
    try:
        return (periods.parse_iso_day(text.strip()), ()) if text.strip() else (None, ())
    except periods.NotADate as error:
        return None, (str(error),)


@dataclass(frozen=True)
class PageLooks:
    """A page, and how often somebody looked at it."""

    title: str
    times: int
    reason: str = ""


@dataclass(frozen=True)
class DayLooks:
    """What one user saw of the record on one day, in one role."""

    day: dt.date
    who: str
    role: str
    organisation: str
    first_at: dt.datetime
    last_at: dt.datetime
    pages: tuple[PageLooks, ...]

    @property
    def times(self) -> int:
        return sum(page.times for page in self.pages)

    @property
    def lasted(self) -> bool:
        """Whether the first and the last look differ by the clock that is shown."""
        return f"{self.first_at:%H:%M}" != f"{self.last_at:%H:%M}"


@dataclass(frozen=True)
class LooksFound:
    """The looks that were asked for, newest day first, and the organisations that can be chosen (value and name)."""

    asked: LooksAsked
    days: tuple[DayLooks, ...]
    organisations: tuple[tuple[str, str], ...]
    times: int
    users_count: int
    first_at: dt.datetime | None


def reads_of(actor: Actor, person: Person, *, first: int = 0, most: int = 5) -> tuple[tuple[Read, ...], int]:
    """Looks at the record, newest first, from the `first`-th on, and how many there are in all. Two queries."""
    reads = _reads(actor, person)
    rows = reads.order_by("-at", "-pk")[first : first + most]
    return tuple(_read(row) for row in rows), reads.count()


def looks_of(actor: Actor, person: Person, asked: LooksAsked) -> LooksFound:
    """The looks at a record by day, user and role. Three queries, however many looks there are."""
    every = _reads(actor, person)
    found = _narrowed(every, asked)
    names = sorted(set(every.order_by().values_list("organisation", flat=True)))
    sums = found.aggregate(times=Count("pk"), users=Count("user_id", distinct=True), first=Min("at"))
    return LooksFound(
        asked=asked,
        days=_by_day(found, actor),
        organisations=tuple((name or OWN, name or actor.partnership.name) for name in names),
        times=sums["times"],
        users_count=sums["users"],
        first_at=sums["first"],
    )


def looks_csv(actor: Actor, person: Person, asked: LooksAsked) -> str:
    """Every look that was asked for, newest first, as a file."""
    rows = _narrowed(_reads(actor, person), asked).order_by("-at", "-pk")
    return write_csv(
        ["day", "time", "who", "role", "organisation", "page", "reason"],
        (
            [f"{at:%Y-%m-%d}", f"{at:%H:%M:%S}", read.who, read.role, read.organisation, read.page, read.reason]
            for read in (_read(row) for row in rows)
            if (at := timezone.localtime(read.at))
        ),
    )


def _reads(actor: Actor, person: Person) -> QuerySet[RecordRead]:
    return RecordRead.objects.filter(person_id=person.pk, partnership_code=actor.partnership.code)


def _narrowed(reads: QuerySet[RecordRead], asked: LooksAsked) -> QuerySet[RecordRead]:
    if asked.since:
        reads = reads.filter(at__gte=_begins(asked.since))
    if asked.until:
        reads = reads.filter(at__lt=_begins(asked.until + dt.timedelta(days=1)))
    if asked.organisation:
        reads = reads.filter(organisation="" if asked.organisation == OWN else asked.organisation)
    return reads


def _begins(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def _read(row: RecordRead) -> Read:
    return Read(row.at, row.user_name, _role(row.role), row.organisation, title_of(row.route), row.reason)


def _role(role: str) -> str:
    return Role(role).label if role in Role.values else role


def _by_day(reads: QuerySet[RecordRead], actor: Actor) -> tuple[DayLooks, ...]:
    key = ("day", "user_id", "user_name", "role", "organisation")
    rows = (
        reads.annotate(day=TruncDate("at"))
        .values(*key, "route", "reason")
        .annotate(times=Count("pk"), first=Min("at"), last=Max("at"))
        .order_by("-day", "user_name", "user_id", "role", "organisation", "-times", "route")
    )
    found = [_day_looks(list(group), actor) for _, group in groupby(rows, key=lambda row: [row[name] for name in key])]
    return tuple(sorted(found, key=lambda looks: (looks.day, looks.last_at), reverse=True))


def _day_looks(rows: list[Mapping[str, object]], actor: Actor) -> DayLooks:
    row: Mapping[str, object] = rows[0]
    return DayLooks(
        day=row["day"],  # type: ignore[arg-type]  # rows of values() carry no types
        who=str(row["user_name"]),
        role=_role(str(row["role"])),
        organisation=str(row["organisation"]) or actor.partnership.name,
        first_at=min(each["first"] for each in rows),  # type: ignore[type-var,arg-type]
        last_at=max(each["last"] for each in rows),  # type: ignore[type-var,arg-type]
        pages=tuple(PageLooks(title_of(str(row["route"])), int(str(row["times"])), str(row["reason"])) for row in rows),
    )


# --- For the person -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LetterLine:
    """Somebody who looked, as the person is told: name (empty where names are left out), what they do, where, when."""

    who: str
    does: str
    days: int
    last: dt.date


@dataclass(frozen=True)
class Letter:
    """The list for the person: those who looked by organisation, most days first; and what of the record was seen."""

    asked: LooksAsked
    first: dt.date | None
    last: dt.date | None
    users_count: int
    by_organisation: tuple[tuple[str, tuple[LetterLine, ...]], ...]
    pages: tuple[str, ...]
    has_lists: bool


def letter_of(actor: Actor, person: Person, asked: LooksAsked, *, with_names: bool) -> Letter:
    """Who looked, for handing to the person. Without names, all who do the same in a place are one line."""
    reads = _narrowed(_reads(actor, person), asked)
    who = ("organisation", "role", "user_id", "user_name") if with_names else ("organisation", "role")
    rows = (
        reads.values(*who)
        .annotate(days=Count(TruncDate("at"), distinct=True), last=Max("at"))
        .order_by("organisation", "-days", "-last")
    )
    sums = reads.aggregate(first=Min("at"), last=Max("at"), users=Count("user_id", distinct=True))
    routes = set(reads.order_by().values_list("route", flat=True))
    return Letter(
        asked=asked,
        first=_local(sums["first"]),
        last=_local(sums["last"]),
        users_count=sums["users"],
        by_organisation=_by_organisation(rows, actor),
        pages=tuple(sorted({title_of(route) for route in routes})),
        has_lists=bool(routes & LISTS),
    )


def _by_organisation(
    rows: Iterable[Mapping[str, object]], actor: Actor
) -> tuple[tuple[str, tuple[LetterLine, ...]], ...]:
    found: dict[str, list[LetterLine]] = {}
    for row in rows:
        line = LetterLine(
            who=str(row.get("user_name", "")),
            does=PLAIN_ROLES.get(str(row["role"]), str(row["role"])),
            days=int(str(row["days"])),
            last=timezone.localdate(row["last"]),  # type: ignore[arg-type]  # rows of values() carry no types
        )
        found.setdefault(str(row["organisation"]) or actor.partnership.name, []).append(line)
    return tuple((name, tuple(lines)) for name, lines in found.items())


def _local(at: dt.datetime | None) -> dt.date | None:
    return timezone.localdate(at) if at else None
