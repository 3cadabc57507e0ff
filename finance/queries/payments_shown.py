"""Payments beside placements as charts, key figures and files show them: the same figures, three ways."""

import datetime as dt
from dataclasses import dataclass

from commissioning.core.charts import Chart, MoneyLevel, MoneyPanel, MoneyPoint, StepsOverTime, steps_over_time
from commissioning.core.money import csv_pence, format_pence
from finance.queries.payments import PaymentsAgainstPlacements, ProviderPayments

COLUMNS = ("month", "provider", "name", "paid", "placements", "council_part", "difference")


@dataclass(frozen=True)
class Figure:
    """A key figure as `components/figures.html` shows it."""

    label: str
    value: str
    note: str
    kind: str = "money"


def difference_words(pence: int | None) -> str:
    """`£1,200 less than the placements say`."""
    if pence is None:
        return "not known"
    if pence == 0:
        return "exactly what the placements say"
    return f"{format_pence(abs(pence), pennies=False)} {'less' if pence < 0 else 'more'} than the placements say"


def chart_of(key: str, provider: ProviderPayments, found: PaymentsAgainstPlacements) -> Chart:
    """Paid as steps; the councils' part of what placements accrued as a dashed line, the whole as a dotted one."""
    months = [each.month.first for each in found.months]
    council = _points(months, provider.council_pence)
    whole = _points(months, provider.placements_pence)
    panel = MoneyPanel(
        heading="Paid each month",
        points=_points(months, provider.paid_pence),
        baseline=MoneyLevel("Placements, the council’s part", points=council) if any(provider.council_pence) else None,
        budget=MoneyLevel("Placements, all funders", points=whole)
        if any(provider.placements_pence) and provider.placements_pence != provider.council_pence
        else None,
    )
    title = f"{provider.name}: paid {difference_words(provider.difference_pence)}"
    return steps_over_time(StepsOverTime(key, (panel,), title=title, per="a month"), widths=(1120, 720, 346))


def _points(months: list[dt.date], pence: tuple[int | None, ...] | tuple[int, ...]) -> tuple[MoneyPoint, ...]:
    return tuple(MoneyPoint(month, each) for month, each in zip(months, pence, strict=True))


def figures_of(found: PaymentsAgainstPlacements) -> list[Figure]:
    """The period in four figures; nothing where no provider is matched."""
    total = found.total
    paid, difference = total.total_paid_pence, total.difference_pence
    if paid is None or difference is None:
        return []
    word = "the same" if difference == 0 else f"{format_pence(abs(difference), pennies=False)} "
    word += "" if difference == 0 else ("less" if difference < 0 else "more")
    return [
        Figure("Paid to matched providers", format_pence(paid, pennies=False), "in the months that are known"),
        Figure(
            "Their placements say",
            format_pence(total.total_council_pence, pennies=False),
            f"the council’s part; {format_pence(total.total_placements_pence, pennies=False)} with all funders",
        ),
        Figure("Difference", word, "paid, against the council’s part"),
        Figure(
            "Not matched yet",
            format_pence(found.not_matched_pence, pennies=False),
            f"to {found.not_matched_suppliers:,} {'supplier' if found.not_matched_suppliers == 1 else 'suppliers'}",
        ),
    ]


def file_of(found: PaymentsAgainstPlacements) -> tuple[tuple[str, ...], list[list[str]]]:
    """Header and rows of the page's figures as a file; an empty cell is not known."""
    rows = [
        [
            str(month.month),
            provider.code,
            provider.name,
            _cell(each.paid_pence),
            csv_pence(each.placements_pence),
            csv_pence(each.council_pence),
            _cell(each.difference_pence),
        ]
        for provider in found.providers
        for month, each in zip(found.months, provider.by_month, strict=True)
    ]
    return COLUMNS, rows


def _cell(pence: int | None) -> str:
    return "" if pence is None else csv_pence(pence)
