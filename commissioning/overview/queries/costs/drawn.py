"""The chart of the cost explorer: all of it month by month, and the largest slices beside it on the same scale."""

from commissioning.core.charts import Chart, MoneyPanel, MoneyPoint, StepsOverTime, steps_over_time
from commissioning.overview.queries.costs.asked import BY, MONEY, Asked
from commissioning.overview.queries.costs.grid import slices_of
from commissioning.overview.queries.costs.names import Names
from finance import ledger
from finance.queries import Book

# Beside all costs, slices that are large enough to be read on the same scale.
LARGEST = 2
READABLE_SHARE = 8  # an eighth of all


def chart_of(book: Book, asked: Asked, names: Names) -> Chart | None:
    """None where there is nothing to draw. No queries."""
    months = list(asked.first.until(asked.last))
    found = slices_of(book, asked, [ledger.Period(month.first, month.last) for month in months])
    if not found:
        return None
    codes = sorted(found, key=lambda code: -sum(found[code].values()))[:LARGEST]
    everything = {place: sum(amounts.get(place, 0) for amounts in found.values()) for place in range(len(months))}
    series = [("All costs", everything)]
    whole = sum(everything.values())
    if len(found) > 1:
        readable = [code for code in codes if sum(found[code].values()) * READABLE_SHARE >= whole]
        series += [(names.of(asked.by, code), found[code]) for code in readable]
    panels = tuple(
        MoneyPanel(label, tuple(MoneyPoint(month.first, amounts.get(place, 0)) for place, month in enumerate(months)))
        for label, amounts in series
    )
    title = f"{MONEY[asked.money]} cost a month by {BY[asked.by].lower()}"
    return steps_over_time(StepsOverTime("costs", panels, title=title, per="a month"), widths=(900, 600, 346))
