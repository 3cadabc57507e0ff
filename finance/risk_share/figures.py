"""What a risk-share statement is made from and what it says: whole pence, no Django, nothing read or kept here.

The rules are those in use for pooled funds under section 75 of the National Health Service Act 2006 (the partners of a
pooled fund agree how an overspend or underspend is borne: NHS Bodies and Local Authorities Partnership Arrangements
Regulations 2000, regulation 7).
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum


class Rule(Enum):
    """How partners share what a pool spends over or under what they put in."""

    PROPORTIONAL = "proportional"
    EACH_ITS_OWN = "each_its_own"
    BY_LINE = "by_line"
    WATERFALL = "waterfall"
    THRESHOLD = "threshold"
    TRANSFER = "transfer"


class Surplus(Enum):
    """What becomes of money that is left."""

    KEPT = "kept"
    RETURNED = "returned"


class CannotShare(ValueError):
    """The figures do not allow a statement; the message says what is missing."""


@dataclass(frozen=True)
class Step:
    """One step of the working: what is done, in words with figures, and what it comes to."""

    words: str
    pence: int


@dataclass(frozen=True)
class Partner:
    """A partner's money in the period. `percent` is the agreed share, None where it follows the contributions."""

    code: str
    name: str
    contribution_pence: int
    spent_pence: int
    percent: Decimal | None = None


@dataclass(frozen=True)
class SpendLine:
    """One line of spending with its own shares: a percentage for each partner, in their order."""

    name: str
    budget_pence: int
    spent_pence: int
    percents: tuple[Decimal, ...]


@dataclass(frozen=True)
class Transfer:
    """The money that came with somebody who moved out of hospital: the in-patient cost a week at the move, for the days
    of the period since it. It is part of the partner's contribution.
    """

    person: str
    partner: str
    moved_on: dt.date
    weekly_pence: int
    days: int
    transferred_pence: int


@dataclass(frozen=True)
class Inputs:
    """All that a statement is made from. Partners stand in code-point order of their codes.

    `given` says how the contributions came about, such as a year's in months; it is shown as the first steps.
    `other_underspend_pence` and `reserve_pence` are what the waterfall may use first; `brought_forward_pence` the
    surplus kept from people who moved before.
    """

    rule: Rule
    first: dt.date
    last: dt.date
    partners: tuple[Partner, ...]
    lines: tuple[SpendLine, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    given: tuple[Step, ...] = ()
    other_underspend_pence: int = 0
    reserve_pence: int = 0
    brought_forward_pence: int = 0
    threshold_percent: Decimal = Decimal(0)
    first_bearer: str = ""
    surplus: Surplus = Surplus.RETURNED

    @property
    def contribution_pence(self) -> int:
        return sum(partner.contribution_pence for partner in self.partners)

    @property
    def spent_pence(self) -> int:
        return sum(partner.spent_pence for partner in self.partners)

    @property
    def variance_pence(self) -> int:
        """Above 0 the pool is overspent, below 0 underspent."""
        return self.spent_pence - self.contribution_pence


@dataclass(frozen=True)
class Part:
    """What a partner, or money set aside (`code` is empty), bears of the overspend; below 0, gets of an underspend."""

    code: str
    name: str
    pence: int


@dataclass(frozen=True)
class Row:
    """A statement's row. `bears_pence` is the contribution and the part together; `to_pay_pence` is that less what the
    partner has paid already, below 0 what it gets back. Every column adds up, and the last to nothing.
    """

    code: str
    name: str
    contribution_pence: int
    part_pence: int
    spent_pence: int

    @property
    def bears_pence(self) -> int:
        return self.contribution_pence + self.part_pence

    @property
    def to_pay_pence(self) -> int:
        return self.bears_pence - self.spent_pence


@dataclass(frozen=True)
class Statement:
    """Who bears what in a period, with every step. The parts add up to `variance_pence` exactly."""

    variance_pence: int
    steps: tuple[Step, ...]
    rows: tuple[Row, ...]

    @property
    def total(self) -> Row:
        return Row(
            "",
            "All",
            sum(row.contribution_pence for row in self.rows),
            sum(row.part_pence for row in self.rows),
            sum(row.spent_pence for row in self.rows),
        )
