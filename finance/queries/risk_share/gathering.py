"""What a period's statement is made from: contributions from the agreement, spending from the cost lines, and what
earlier statements used or kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import PartnershipOrganisation
from commissioning.core.money import format_pence, round_half_away, to_pence
from commissioning.core.periods import Month, day_before
from finance import ledger
from finance.models import (
    Budget,
    RiskShareAgreement,
    RiskShareContribution,
    RiskShareLine,
    RiskSharePercent,
    RiskShareStatement,
    RiskShareTransfer,
)
from finance.queries.book import UNALLOCATED_NAME, open_book
from finance.queries.costs import costs_by_period
from finance.queries.risk_share.periods import StatementPeriod, months_in_force
from finance.risk_share import KEPT, RESERVE, Inputs, Partner, Rule, SpendLine, Step, Surplus, Transfer
from people.models import Person

DAYS_IN_WEEK = 7
BY_LINE = ("kind", "setting", "provider", "person", "funder")


@dataclass(frozen=True)
class Draft:
    """What a period's statement would be made from now. `unallocated_pence` is cost that nobody pays for, and
    `others_pence` cost that others than the partners pay for; neither is in the statement.
    """

    inputs: Inputs
    unallocated_pence: int
    others_pence: int


def draft_of(
    actor: Actor, agreement: RiskShareAgreement, period: StatementPeriod, other_underspend: Decimal = Decimal(0)
) -> Draft:
    """What a statement of the period would be made from now."""
    return _Gathering(actor, agreement, period).draft(to_pence(other_underspend))


@dataclass
class _Gathering:
    actor: Actor
    agreement: RiskShareAgreement
    period: StatementPeriod
    codes: dict[int, str] = field(default_factory=dict)
    given: list[Step] = field(default_factory=list)
    spent: dict[str, int] = field(default_factory=dict)
    spent_on: dict[int | None, int] = field(default_factory=dict)

    def draft(self, other_underspend_pence: int) -> Draft:
        agreement = self.agreement
        links = PartnershipOrganisation.objects.filter(partnership=agreement.partnership_id)
        self.codes = dict(links.values_list("organisation_id", "code"))
        rows = list(RiskSharePercent.objects.filter(agreement=agreement).select_related("partner"))
        put_in, transfers = self._contributions(), self._transfers()
        lines = list(RiskShareLine.objects.filter(agreement=agreement)) if agreement.rule == "by_line" else []
        shares = sorted((row for row in rows if row.line_id is None), key=lambda row: self.codes[row.partner_id])
        self._spend({self.codes[row.partner_id] for row in shares}, lines)
        partners = tuple(self._partner(row, put_in, transfers) for row in shares)
        kept, used = self._left_over()
        inputs = Inputs(
            rule=Rule(agreement.rule),
            first=self.period.first,
            last=self.period.last,
            partners=partners,
            lines=tuple(self._line(line, shares, rows, put_in) for line in lines),
            transfers=tuple(transfers),
            given=tuple(self.given),
            other_underspend_pence=other_underspend_pence,
            reserve_pence=max(0, to_pence(agreement.reserve) + kept - used),
            brought_forward_pence=max(0, kept),
            threshold_percent=agreement.threshold_percent or Decimal(0),
            first_bearer=self.codes.get(agreement.first_bearer_id or 0, ""),
            surplus=Surplus(agreement.surplus),
        )
        of_partners = {partner.code for partner in partners}
        others = sum(pence for code, pence in self.spent.items() if code not in {*of_partners, UNALLOCATED_NAME})
        return Draft(inputs, self.spent.get(UNALLOCATED_NAME, 0), others)

    # ------------------------------------------------------------ put in

    def _contributions(self) -> dict[tuple[int, int | None], int]:
        """Pence of the period by partner and line, in equal monthly parts: from what is entered on the agreement for
        the year, or where nothing is, from the partners' budgets.
        """
        rows = RiskShareContribution.objects.filter(agreement=self.agreement, year=self.period.year.start)
        entered = list(rows.select_related("partner", "line").order_by("line__reference", "partner__name"))
        if not entered:
            return {(budget.partner_id, None): self._from_budget(budget) for budget in self._budgets()}
        found = {}
        for row in entered:
            name = f"{row.partner.name}, {row.line.name}" if row.line else row.partner.name
            amount = to_pence(row.amount)
            found[row.partner_id, row.line_id] = self._part(name, amount, amount)
        return found

    def _budgets(self) -> list[Budget]:
        """The partners' budgets of the year for a pool of the agreement's name, or else those without a name."""
        partners = RiskSharePercent.objects.filter(agreement=self.agreement, line=None).values("partner")
        budgets = Budget.objects.filter(
            partnership=self.agreement.partnership_id, year=self.period.year.start, partner__in=partners
        )
        found = list(budgets.select_related("partner").prefetch_related("changes").order_by("partner__name"))
        named = [each for each in found if each.pool in {self.agreement.name, self.agreement.reference}]
        return named or [each for each in found if not each.pool]

    def _from_budget(self, budget: Budget) -> int:
        """With what was added to it or taken away by the end of the period; earlier periods took what they knew."""
        now, before = (
            to_pence(budget.amount) + sum(to_pence(each.amount) for each in budget.changes.all() if each.on <= day)
            for day in (self.period.last, day_before(self.period.first))
        )
        return self._part(f"{budget.partner.name}, by its budget", now, before, is_said=True)

    def _part(self, name: str, amount: int, amount_before: int, *, is_said: bool = False) -> int:
        """The months of the period of a year's contribution, in pence; a step says how, unless it is all of it."""
        year = self.period.year
        months = months_in_force(self.agreement, year)
        before = sum(month < Month.of(self.period.first) for month in months)
        upto = sum(month <= Month.of(self.period.last) for month in months)
        taken = round_half_away(amount_before * before, len(months))
        part = round_half_away(amount * upto, len(months)) - taken
        if (before, upto) == (0, len(months)):
            words = f"{name}: {format_pence(part)} for {year.label}"
        elif amount == amount_before:
            exact = part * len(months) == amount * (upto - before)
            words = (
                f"{name}: {format_pence(amount)} for {year.label} × {upto - before} ÷ {len(months)} months = "
                f"{format_pence(part)}{'' if exact else ', to the penny'}"
            )
        else:
            words = (
                f"{name}: {format_pence(amount)} for {year.label} × {upto} ÷ {len(months)} months − "
                f"{format_pence(taken)} before = {format_pence(part)}"
            )
        if is_said or (before, upto) != (0, len(months)):
            self.given.append(Step(words, part))
        return part

    def _transfers(self) -> list[Transfer]:
        """The in-patient money of those who had moved by the end of the period."""
        if self.agreement.rule != Rule.TRANSFER.value:
            return []
        rows = RiskShareTransfer.objects.filter(agreement=self.agreement, moved_on__lte=self.period.last)
        return [self._transfer(number, row) for number, row in enumerate(rows.order_by("moved_on", "pk"), start=1)]

    def _transfer(self, number: int, row: RiskShareTransfer) -> Transfer:
        """Cumulative from the move, so that quarters add up to the year.

        By number, not by reference: a closed statement stays, also when the person's record is erased.
        """
        weekly = to_pence(row.weekly_cost)
        first = max(row.moved_on, self.period.first)
        before, days = (first - row.moved_on).days, (self.period.last - first).days + 1
        pence = round_half_away(weekly * (before + days), DAYS_IN_WEEK) - round_half_away(weekly * before, DAYS_IN_WEEK)
        return Transfer(f"Person {number}", self.codes[row.partner_id], row.moved_on, weekly, days, pence)

    def _partner(
        self, row: RiskSharePercent, put_in: Mapping[tuple[int, int | None], int], transfers: Sequence[Transfer]
    ) -> Partner:
        code = self.codes[row.partner_id]
        contribution = sum(pence for (partner, _), pence in put_in.items() if partner == row.partner_id)
        contribution += sum(each.transferred_pence for each in transfers if each.partner == code)
        return Partner(code, row.partner.name, contribution, self.spent.get(code, 0), row.percent)

    # ------------------------------------------------------------ spent

    def _spend(self, partners: set[str], lines: Sequence[RiskShareLine]) -> None:
        """Whole pence by who pays, and by line of spending what the partners pay."""
        if self.agreement.rule == Rule.TRANSFER.value:
            self._spend_on_moves()
        elif lines:
            self._spend_by_line(partners, lines)
        else:
            for cost in costs_by_period(open_book(self.actor), [self._whole], ("funder",)):
                self.spent[cost.keys[0]] = cost.pence

    @property
    def _whole(self) -> ledger.Period:
        return ledger.Period(self.period.first, self.period.last)

    def _spend_on_moves(self) -> None:
        """What support costs for those who moved, from their move on."""
        rows = RiskShareTransfer.objects.filter(agreement=self.agreement, moved_on__lte=self.period.last)
        moved = dict(rows.values_list("person__reference", "moved_on"))
        book = open_book(
            self.actor, people=Person.objects.filter(reference__in=moved, partnership=self.actor.partnership)
        )
        for day in sorted(set(moved.values())):
            together = book.only("person", [person for person, on in moved.items() if on == day])
            period = ledger.Period(max(day, self.period.first), self.period.last)
            for cost in costs_by_period(together, [period], ("funder",)):
                self.spent[cost.keys[0]] = self.spent.get(cost.keys[0], 0) + cost.pence

    def _spend_by_line(self, partners: set[str], lines: Sequence[RiskShareLine]) -> None:
        cohorts = self._cohorts() if any(line.by == RiskShareLine.By.COHORT for line in lines) else {}
        for cost in costs_by_period(open_book(self.actor), [self._whole], BY_LINE):
            kind, setting, provider, person, funder = cost.keys
            has = {"kind": {kind}, "setting": {setting}, "provider": {provider}, "cohort": cohorts.get(person, set())}
            self.spent[funder] = self.spent.get(funder, 0) + cost.pence
            if funder in partners:
                line = next((line.pk for line in lines if line.value in has[line.by]), None)
                self.spent_on[line] = self.spent_on.get(line, 0) + cost.pence

    def _cohorts(self) -> dict[str, set[str]]:
        people = Person.objects.visible_to(self.actor).exclude(cohorts=[])
        return {reference: set(cohorts) for reference, cohorts in people.values_list("reference", "cohorts")}

    def _line(
        self,
        line: RiskShareLine,
        shares: Sequence[RiskSharePercent],
        rows: Sequence[RiskSharePercent],
        put_in: Mapping[tuple[int, int | None], int],
    ) -> SpendLine:
        percents = {row.partner_id: row.percent or Decimal(0) for row in rows if row.line_id == line.pk}
        return SpendLine(
            name=line.name,
            budget_pence=sum(pence for (_, of_line), pence in put_in.items() if of_line == line.pk),
            spent_pence=self.spent_on.get(line.pk, 0),
            percents=tuple(percents.get(row.partner_id, Decimal(0)) for row in shares),
        )

    # ------------------------------------------------------------ left over

    def _left_over(self) -> tuple[int, int]:
        """What closed statements of earlier periods kept in the pool, less what they used of it; and what they used of
        the reserve. Said as steps where there is anything to say.
        """
        kept = used = 0
        earlier = RiskShareStatement.objects.filter(agreement=self.agreement, first__lt=self.period.first).closed()
        for statement in earlier:
            for row in (statement.result or {})["rows"]:
                kept -= row["part_pence"] if row["name"] == KEPT and not row["code"] else 0
                used += row["part_pence"] if row["name"] == RESERVE and not row["code"] else 0
        if self.agreement.rule == Rule.WATERFALL.value and (kept or used):
            start = to_pence(self.agreement.reserve)
            words = (
                f"{RESERVE}: {format_pence(start)} at the start + {format_pence(kept)} kept − "
                f"{format_pence(used)} used in earlier statements = {format_pence(start + kept - used)}"
            )
            self.given.append(Step(words, start + kept - used))
        return kept, used
