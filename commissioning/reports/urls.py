"""Addresses of this app."""

from django.urls import URLPattern

from commissioning.accounts.models import Role
from commissioning.accounts.routes import COMMISSIONING, Reads, route
from commissioning.reports import views

READERS = frozenset({Role.COMMISSIONER, Role.FINANCE_OFFICER, Role.AUDITOR, Role.BOARD_MEMBER})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})

urlpatterns: list[URLPattern] = [
    route("", views.reports, name="reports", roles=READERS),
    route("new/", views.report_request, name="report_request", roles=COMMISSIONING, methods=("GET", "POST")),
    route("boards/", views.boards, name="boards", roles=ADMINISTRATORS),
    route(
        "boards/<ref:code>/", views.board_members, name="board_members", roles=ADMINISTRATORS, methods=("GET", "POST")
    ),
    route("<int:pk>/", views.report, name="report", roles=READERS),
    route("<int:pk>/pdf/", views.report_pdf, name="report_pdf", roles=READERS, reads=Reads.PEOPLE),
    route("<int:pk>/revision/", views.report_revise, name="report_revise", roles=COMMISSIONING, methods=("POST",)),
    route("<int:pk>/notices/", views.report_notices, name="report_notices", roles=COMMISSIONING, methods=("POST",)),
]
