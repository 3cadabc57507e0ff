"""Addresses of money."""

from django.urls import URLPattern

from commissioning.accounts.routes import COMMISSIONING, Reads, View, route
from finance import views


def act(pattern: str, view: View, name: str) -> URLPattern:
    """A form of a commissioner's about one person's money."""
    return route(pattern, view, name=name, roles=COMMISSIONING, methods=("GET", "POST"), reads=Reads.PEOPLE)


urlpatterns = [
    act("placements/<str:reference>/prices/add/", views.line_add, "line_add"),
    act("placements/<str:reference>/who-pays/", views.shares_change, "shares_change"),
    act("placements/<str:reference>/suspend/", views.placement_suspend, "placement_suspend"),
    act("placements/<str:reference>/resume/", views.placement_resume, "placement_resume"),
    act("placements/<str:reference>/end/", views.placement_end, "placement_end"),
    act("prices/<str:reference>/change/", views.line_change, "line_change"),
    act("prices/<str:reference>/correct/", views.line_correct, "line_correct"),
    act("people/<str:reference>/baseline/", views.baseline_set, "baseline_set"),
]
