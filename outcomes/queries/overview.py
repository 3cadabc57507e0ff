"""A month's checklists as a commissioner sees them: by provider, what is in, what is missing, what waits."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation
from commissioning.core.periods import Month
from outcomes.queries.due import PersonMonth, Progress, ViewMonth, people_months
from outcomes.queries.series import Change, OutcomeChange, outcome_change

# The most checklists listed to be accepted on one page.
MOST_WAITING = 200
# The most people a provider's row names of those whose checklists are not in.
MOST_MISSING = 8


@dataclass(frozen=True)
class Mark:
    """One measure's mark in a row of them, in pixels from the left."""

    kind: str
    left: int
    middle: int


@dataclass(frozen=True)
class ChangeSummary:
    """How many measures of one point of view changed, and how; never a score."""

    better: int
    same: int
    worse: int
    not_known: int

    @classmethod
    def of(cls, changes: Iterable[OutcomeChange]) -> "ChangeSummary":
        counted = Counter(each.change for each in changes)
        return cls(counted[Change.BETTER], counted[Change.SAME], counted[Change.WORSE], counted[Change.NOT_KNOWN])

    @property
    def words(self) -> str:
        parts = ((self.better, "better"), (self.same, "same"), (self.worse, "worse"))
        return ", ".join(f"{count} {word}" for count, word in parts if count) or "nothing to compare with yet"

    @property
    def marks(self) -> list[Mark]:
        kinds = ["better"] * self.better + ["same"] * self.same + ["worse"] * self.worse
        return [Mark(kind, 17 * place + 2, 17 * place + 8) for place, kind in enumerate(kinds)]

    @property
    def width(self) -> int:
        return 17 * len(self.marks)


@dataclass(frozen=True)
class Waiting:
    """A sent checklist that waits to be accepted, with how its measures changed since the month before."""

    row: PersonMonth
    view: ViewMonth
    changes: ChangeSummary


@dataclass(frozen=True)
class ProviderMonth:
    """One provider's month in numbers of people, and the people whose checklists are not in."""

    provider: Organisation
    people_count: int
    in_count: int
    accepted_count: int
    missing: tuple[PersonMonth, ...]

    @property
    def missing_named(self) -> tuple[PersonMonth, ...]:
        return self.missing[:MOST_MISSING]

    @property
    def missing_unnamed_count(self) -> int:
        return len(self.missing) - len(self.missing_named)


@dataclass(frozen=True)
class MonthOverview:
    """A month over all providers. `waiting_count` may be more than are listed."""

    month: Month
    people_count: int
    in_count: int
    accepted_count: int
    late_count: int
    waiting_count: int
    providers: tuple[ProviderMonth, ...]
    waiting: tuple[Waiting, ...]

    @property
    def people_named(self) -> frozenset[int]:
        """Whom the page names: those whose checklists wait, and the first of those that are missing."""
        missing = {row.person.pk for each in self.providers for row in each.missing_named}
        return frozenset({each.row.person.pk for each in self.waiting} | missing)


def month_overview(actor: Actor, month: Month) -> MonthOverview:
    """A month's checklists by provider, in order of name, those with most missing first. At most 7 queries."""
    rows = people_months(actor, month)
    waiting = [(row, view) for row in rows for view in row.views if view.progress is Progress.SENT]
    by_provider: dict[int, list[PersonMonth]] = {}
    for row in rows:
        by_provider.setdefault(row.provider.pk, []).append(row)
    providers = sorted(
        (_provider_month(each) for each in by_provider.values()),
        key=lambda each: (-len(each.missing), each.provider.name),
    )
    return MonthOverview(
        month=month,
        people_count=len(rows),
        in_count=sum(row.is_in for row in rows),
        accepted_count=sum(row.progress is Progress.ACCEPTED for row in rows),
        late_count=sum(row.is_late for row in rows),
        waiting_count=len(waiting),
        providers=tuple(providers),
        waiting=_waiting(waiting[:MOST_WAITING], month),
    )


def _provider_month(rows: Sequence[PersonMonth]) -> ProviderMonth:
    return ProviderMonth(
        provider=rows[0].provider,
        people_count=len(rows),
        in_count=sum(row.is_in for row in rows),
        accepted_count=sum(row.progress is Progress.ACCEPTED for row in rows),
        missing=tuple(row for row in rows if not row.is_in),
    )


def _waiting(found: Sequence[tuple[PersonMonth, ViewMonth]], month: Month) -> tuple[Waiting, ...]:
    changes: dict[tuple[int, str], list[OutcomeChange]] = {}
    for each in outcome_change({row.person.pk for row, _ in found}, month.plus(-1), month) if found else ():
        changes.setdefault((each.person_id, each.view), []).append(each)
    return tuple(
        Waiting(row, view, ChangeSummary.of(changes.get((row.person.pk, view.view), []))) for row, view in found
    )
