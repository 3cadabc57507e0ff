"""Disclosure control: every published number passes through here, and nowhere else.

**Counts** of people or of things about people: 0 to 7 read “fewer than 8”, others go to the nearest 5, totals too. A
true 0 is shown only for an absence the board has listed (`ABSENCES`), among ten people or more.

**Money**, and other sums such as days in hospital: nothing for fewer than ten people. The rest goes to the nearest
*unit*, the smallest of 1, 2, 5, 10, 20, 50 … times the least unit that no single person's contribution exceeds. So with
or without any one person, what is published is the same or one unit apart: nobody's price can be taken out of a total.
Kinds of sums (all support, one kind of home, changes) have units of their own; finer units than 1, 2 and 5 would tell
too much of the largest contribution. A unit is told only beside a sum that is shown.

**Percentages** and yearly amounts come from published numbers and tell nothing more. There are no averages for fewer
than ten people. Words and rows, too, depend on published numbers alone: whether a hidden one is 0 or 7 changes nothing.

**The register.** Two reports must not be subtracted either. Every published figure has a name with its own month or
period in it (`cost.change|2026-05`), and the register keeps what was published under it, for the whole partnership: all
boards, editions and revisions. Whoever asks again is given the same value, even after corrections, until the exact one
has left the range that the published one stands for by more than a whole step (5 people, one money unit). One person's
late or corrected record cannot move a sum by more than a unit, so it can never change what was published before; a
correction about many people can, and is listed as a change. A kind of sum never gets a finer unit than it had before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from commissioning.core.money import format_pence, round_half_away

FEWEST_TO_COUNT = 8
COUNT_STEP = 5
FEWEST_FOR_SUMS = 10
LEAST_MONEY_UNIT_PENCE = 100_00
LEAST_UNIT = 5

HIDDEN_COUNT = f"fewer than {FEWEST_TO_COUNT}"
HIDDEN_SUM = "not shown"
NONE = "none"

# What boards want to hear when it did not happen (S15). A later setting of the board; these are the first.
ABSENCES = frozenset({"transition.residential", "admissions"})


@dataclass(frozen=True)
class Published:
    """A figure that may be published: its words, and the rounded number behind them (None where it is hidden).

    `unit` is what it was rounded to, 0 where there was nothing to round. Only this module makes one.
    """

    words: str
    number: int | None
    unit: int = 0

    @property
    def is_shown(self) -> bool:
        return self.number is not None


@dataclass(frozen=True)
class Release:
    """A figure as it was first published: the rounded number, or None where it was hidden, and its step."""

    number: int | None
    step: int
    is_money: bool = False


@dataclass(frozen=True)
class Changed:
    """A figure published before that this report shows otherwise, because corrections about many people came in."""

    name: str
    before: int | None
    now: int | None
    is_money: bool


def unit_for(largest: int, least: int) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 … times `least` that is not below the largest single contribution."""
    unit, power = least, 1
    while True:
        for times in (1, 2, 5):
            unit = least * power * times
            if unit >= abs(largest):
                return unit
        power *= 10


@dataclass
class Guard:
    """The disclosure control of one report. `released` is the register; `newly` gathers what this report adds to it.

    A figure's *family* is its name up to the first `|`: `cost.change` of every month. A family keeps one unit.
    """

    released: Mapping[str, Release]
    newly: dict[str, Release] = field(default_factory=dict)
    changed: list[Changed] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._coarsest: dict[str, int] = {}
        for name, release in self.released.items():
            family = _family(name)
            self._coarsest[family] = max(release.step, self._coarsest.get(family, 0))

    def count(self, name: str, number: int, *, among: int | None = None) -> Published:
        """A number of people, or of things. `among` is the group a listed absence is told of."""
        if number == 0 and among is not None and among >= FEWEST_FOR_SUMS and _family(name) in ABSENCES:
            return Published(NONE, 0)
        rounded = None if number < FEWEST_TO_COUNT else COUNT_STEP * round_half_away(number, COUNT_STEP)
        kept = self._kept(name, number, Release(rounded, COUNT_STEP), hidden=(0, FEWEST_TO_COUNT - 1))
        if kept is None:
            return Published(HIDDEN_COUNT, None)
        return Published(f"{kept:,}", kept, COUNT_STEP)

    def money(self, name: str, pence: int, *, people: int, largest: int, sign: bool = False) -> Published:
        """A sum of money over this many people, in whole pence; a change with its `sign`.

        `largest` is the most that any one person adds to any sum of the family, whatever its sign.
        """
        unit = self._unit(name, unit_for(largest, LEAST_MONEY_UNIT_PENCE))
        number = self._sum(name, pence, people, unit, is_money=True)
        if number is None:
            return Published(HIDDEN_SUM, None)
        return Published(format_pence(number, pennies=False, sign=sign), number, unit)

    def amount(self, name: str, number: int, *, people: int, largest: int) -> Published:
        """A sum of other things over this many people, such as days; `largest` is the most that one person adds."""
        unit = self._unit(name, unit_for(largest, LEAST_UNIT))
        rounded = self._sum(name, number, people, unit, is_money=False)
        return Published(HIDDEN_SUM, None) if rounded is None else Published(f"{rounded:,}", rounded, unit)

    def _unit(self, name: str, unit: int) -> int:
        return max(unit, self._coarsest.get(_family(name), 0))

    def _sum(self, name: str, number: int, people: int, unit: int, *, is_money: bool) -> int | None:
        earlier = self.released.get(name)
        if people < FEWEST_FOR_SUMS:
            hidden = Release(None, unit, is_money)
            return self._remember(name, hidden) if earlier is None else earlier.number
        if earlier is not None and earlier.number is None and people < FEWEST_FOR_SUMS + COUNT_STEP:
            return None
        rounded = Release(unit * round_half_away(number, unit), unit, is_money)
        return self._kept(name, number, rounded, hidden=None)

    def _kept(self, name: str, exact: int, now: Release, *, hidden: tuple[int, int] | None) -> int | None:
        """What the register says, unless the exact number has left its range by more than a step."""
        earlier = self.released.get(name)
        if earlier is None:
            return self._remember(name, now)
        if earlier.number is not None:
            low, high = 2 * earlier.number - earlier.step, 2 * earlier.number + earlier.step
        elif hidden is not None:
            low, high = 2 * hidden[0], 2 * hidden[1]
        else:
            return self._replace(name, earlier, now)
        beyond = 2 * max(now.step, earlier.step)
        if low - beyond <= 2 * exact <= high + beyond:
            return earlier.number
        return self._replace(name, earlier, now)

    def _replace(self, name: str, earlier: Release, now: Release) -> int | None:
        if earlier.number != now.number:
            self.changed.append(Changed(name, earlier.number, now.number, now.is_money))
        return self._remember(name, now)

    def _remember(self, name: str, release: Release) -> int | None:
        self.newly[name] = release
        return release.number


def _family(name: str) -> str:
    return name.partition("|")[0]


def total(*parts: Published) -> Published:
    """Published amounts of money added up; not shown where one is hidden."""
    numbers = [part.number for part in parts if part.number is not None]
    if len(numbers) < len(parts):
        return Published(HIDDEN_SUM, None)
    return Published(
        format_pence(sum(numbers), pennies=False), sum(numbers), max((part.unit for part in parts), default=0)
    )


def a_year(weekly: Published, weeks_numerator: int, weeks_denominator: int) -> Published:
    """A year at a published weekly amount: nothing more is told, since it comes from what is told already."""
    if weekly.number is None:
        return Published(HIDDEN_SUM, None)
    pence = round_half_away(weekly.number * weeks_numerator, weeks_denominator)
    thousands = 1000_00 * round_half_away(pence, 1000_00)
    return Published(format_pence(thousands, pennies=False), thousands)
