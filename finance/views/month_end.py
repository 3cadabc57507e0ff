"""Month end: the months, what each costs with its adjustments, and closing one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from commissioning.accounts.routes import ActorRequest, record_read
from commissioning.core import downloads
from commissioning.core.errors import Refused
from finance import actions
from finance.queries.month_end import month_end_csv as csv_of
from finance.queries.month_end import month_end_of, month_for, month_list


def month_ends(request: ActorRequest) -> HttpResponse:
    return render(request, "finance/month_ends.html", {"found": month_list(request.actor, timezone.localdate())})


def month_end(request: ActorRequest, of: str) -> HttpResponse:
    today = timezone.localdate()
    end = month_end_of(request.actor, month_for(of, today), today)
    record_read(request, *end.people_ids)
    return render(request, "finance/month_end.html", {"end": end})


def month_end_csv(request: ActorRequest, of: str) -> HttpResponse:
    """Own costs and adjustments line by line, as on the page but every one of them."""
    today = timezone.localdate()
    end = month_end_of(request.actor, month_for(of, today), today)
    text, people = csv_of(request.actor, end)
    record_read(request, *people)
    state = "closed" if end.closed else "open"
    return downloads.download(text, name=f"month-end-{end.month}-{state}.csv", content_type=downloads.CSV)


def month_close(request: ActorRequest, of: str) -> HttpResponse:
    """Close the month whose figures were shown."""
    month = month_for(of, timezone.localdate())
    try:
        actions.close_month(month=month, shown=request.POST.get("shown", ""), by=request.actor)
        messages.success(request, f"{month.words} is closed. What is booked of it does not move any more.")
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("month_end", str(month))
