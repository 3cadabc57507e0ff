"""Addresses of money."""

from django.conf import settings
from django.urls import URLPattern

from commissioning.accounts.models import Role
from commissioning.accounts.routes import COMMISSIONING, MONEY_READERS, Reads, View, route
from finance import views
from finance.views import payments

# Who looks after payments; auditors read.
PAYERS = frozenset({Role.COMMISSIONER, Role.FINANCE_OFFICER})


def act(pattern: str, view: View, name: str) -> URLPattern:
    """A form of a commissioner's about one person's money."""
    return route(pattern, view, name=name, roles=COMMISSIONING, methods=("GET", "POST"), reads=Reads.PEOPLE)


urlpatterns = [
    act("placements/<ref:reference>/prices/add/", views.line_add, "line_add"),
    act("placements/<ref:reference>/who-pays/", views.shares_change, "shares_change"),
    act("placements/<ref:reference>/suspend/", views.placement_suspend, "placement_suspend"),
    act("placements/<ref:reference>/resume/", views.placement_resume, "placement_resume"),
    act("placements/<ref:reference>/end/", views.placement_end, "placement_end"),
    act("prices/<ref:reference>/change/", views.line_change, "line_change"),
    act("prices/<ref:reference>/correct/", views.line_correct, "line_correct"),
    act("people/<ref:reference>/baseline/", views.baseline_set, "baseline_set"),
    route("payments/", payments.payments, name="payments", roles=MONEY_READERS),
    route("payments/csv/", payments.payments_csv, name="payments_csv", roles=MONEY_READERS),
    route("payments/providers/<ref:code>/", payments.payments_provider, name="payments_provider", roles=MONEY_READERS),
    route("payments/suppliers/", payments.payments_suppliers, name="payments_suppliers", roles=MONEY_READERS),
    route("payments/suppliers/match/", payments.payments_match, name="payments_match", roles=PAYERS, methods=("POST",)),
    route(
        "payments/upload/",
        payments.payments_upload,
        name="payments_upload",
        roles=PAYERS,
        methods=("GET", "POST"),
        takes=settings.UPLOAD_TOGETHER_BYTES,
    ),
    route("payments/files/<int:pk>/", payments.payments_import, name="payments_import", roles=MONEY_READERS),
    route("payments/types/", payments.payments_types, name="payments_types", roles=PAYERS, methods=("GET", "POST")),
]
