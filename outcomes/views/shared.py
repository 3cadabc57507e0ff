"""What the pages of a month share: which month is meant, and months to choose from."""

from django.http import Http404, HttpRequest
from django.utils import timezone

from commissioning.core.periods import Month, NotADate
from outcomes.queries.due import last_month

MONTHS_OFFERED = 13


def month_or_404(text: str) -> Month:
    try:
        return Month.parse(text)
    except NotADate as error:
        raise Http404(str(error)) from error


def chosen_month(request: HttpRequest) -> Month:
    """The month in the address, else the one asked for now. A month that has not begun is not a page."""
    text = request.GET.get("month", "")
    month = month_or_404(text) if text else last_month()
    if month > Month.of(timezone.localdate()):
        raise Http404("That month has not begun.")
    return month


def months_to_choose(shown: Month) -> list[Month]:
    """This month and a year back, newest first, and the one shown if it is older."""
    now = Month.of(timezone.localdate())
    offered = [now.plus(-back) for back in range(MONTHS_OFFERED)]
    return offered if shown in offered else [*offered, shown]
