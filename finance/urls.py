"""Addresses of money."""

from django.conf import settings
from django.urls import URLPattern

from commissioning.accounts.downloads import few_an_hour
from commissioning.accounts.models import Role
from commissioning.accounts.routes import COMMISSIONING, MONEY_READERS, Reads, View, route
from finance import views
from finance.views import budgets, calendars, cases, month_end, payments, risk_share, uplifts

# Who looks after payments; auditors read.
PAYERS = frozenset({Role.COMMISSIONER, Role.FINANCE_OFFICER})
CLOSERS = frozenset({Role.FINANCE_OFFICER})


def act(pattern: str, view: View, name: str) -> URLPattern:
    """A form of a commissioner's about one person's money."""
    return route(pattern, view, name=name, roles=COMMISSIONING, methods=("GET", "POST"), reads=Reads.PEOPLE)


def pay(pattern: str, view: View, name: str, methods: tuple[str, ...] = ("GET", "POST")) -> URLPattern:
    """A form of those who look after a partnership's money."""
    return route(pattern, view, name=name, roles=PAYERS, methods=methods, reads=Reads.PEOPLE)


def keep(pattern: str, view: View, name: str) -> URLPattern:
    """A form of what prices go by, which names nobody."""
    return route(pattern, view, name=name, roles=PAYERS, methods=("GET", "POST"))


STATEMENT = "<ref:reference>/statements/<slug:period>/"

urlpatterns = [
    act("placements/<ref:reference>/prices/add/", views.line_add, "line_add"),
    act("placements/<ref:reference>/who-pays/", views.shares_change, "shares_change"),
    act("placements/<ref:reference>/suspend/", views.placement_suspend, "placement_suspend"),
    act("placements/<ref:reference>/resume/", views.placement_resume, "placement_resume"),
    act("placements/<ref:reference>/end/", views.placement_end, "placement_end"),
    act("prices/<ref:reference>/change/", views.line_change, "line_change"),
    act("prices/<ref:reference>/correct/", views.line_correct, "line_correct"),
    act("prices/<ref:reference>/end/", views.line_end, "line_end"),
    act("prices/<ref:reference>/who-pays/", views.line_shares, "line_shares"),
    route("calendars/", calendars.calendars, name="calendars", roles=MONEY_READERS),
    route(
        "calendars/bank-holidays/",
        calendars.calendar_bank_holidays,
        name="calendar_bank_holidays",
        roles=PAYERS,
        methods=("POST",),
    ),
    keep("calendars/new/add/", calendars.calendar_add, "calendar_add"),
    route("calendars/<ref:reference>/", calendars.calendar, name="calendar", roles=MONEY_READERS, reads=Reads.PEOPLE),
    keep("calendars/<ref:reference>/change/", calendars.calendar_change, "calendar_change"),
    keep("calendars/<ref:reference>/days/add/", calendars.calendar_days_add, "calendar_days_add"),
    keep("calendars/<ref:reference>/days/<int:pk>/", calendars.calendar_days_change, "calendar_days_change"),
    keep("calendars/<ref:reference>/days/<int:pk>/remove/", calendars.calendar_days_remove, "calendar_days_remove"),
    act("people/<ref:reference>/baseline/", views.baseline_set, "baseline_set"),
    pay("cases/new/add/", cases.case_add, "case_add"),
    *(
        pay(f"cases/<ref:reference>/{page}/", view, f"case_{page}")
        for page, view in (
            ("change", cases.case_change),
            ("funding", cases.case_funding),
            ("savings", cases.case_savings),
            ("people", cases.case_people),
            ("beds", cases.case_beds),
        )
    ),
    *(
        route(f"risk-share/{page}", view, name=name, roles=MONEY_READERS, reads=reads)
        for page, view, name, reads in (
            ("", risk_share.risk_shares, "risk_shares", Reads.NOTHING),
            ("<ref:reference>/", risk_share.risk_share_page, "risk_share", Reads.PEOPLE),
            (f"{STATEMENT}", risk_share.risk_statement, "risk_statement", Reads.PEOPLE),
            (f"{STATEMENT}print/", risk_share.risk_statement_print, "risk_statement_print", Reads.PEOPLE),
            (f"{STATEMENT}statement.csv", risk_share.risk_statement_csv, "risk_statement_csv", Reads.PEOPLE),
            (f"{STATEMENT}statement.xlsx", risk_share.risk_statement_xlsx, "risk_statement_xlsx", Reads.PEOPLE),
        )
    ),
    *(
        route(f"budgets/{page}", view, name=name, roles=MONEY_READERS, reads=Reads.PEOPLE)
        for page, view, name in (
            ("", budgets.budgets, "budgets"),
            ("budget.csv", budgets.budgets_csv, "budgets_csv"),
            ("budget.xlsx", budgets.budgets_xlsx, "budgets_xlsx"),
            ("variance/", budgets.budget_variance, "budget_variance"),
            ("variance/variance.csv", budgets.budget_variance_csv, "budget_variance_csv"),
            ("variance/variance.xlsx", budgets.budget_variance_xlsx, "budget_variance_xlsx"),
            ("lines/", budgets.budget_lines, "budget_lines"),
        )
    ),
    pay("budgets/enter/", budgets.budget_set, "budget_set"),
    pay("budgets/change/", budgets.budget_change, "budget_change"),
    pay("budgets/planned/new/add/", budgets.planned_change_add, "planned_change_add"),
    pay("budgets/planned/<ref:reference>/", budgets.planned_change, "planned_change"),
    pay("risk-share/new/add/", risk_share.risk_share_add, "risk_share_add"),
    pay("risk-share/<ref:reference>/change/", risk_share.risk_share_change, "risk_share_change"),
    pay("risk-share/<ref:reference>/lines/", risk_share.risk_share_lines, "risk_share_lines"),
    pay("risk-share/<ref:reference>/moves/", risk_share.risk_share_transfers, "risk_share_transfers"),
    pay(
        "risk-share/<ref:reference>/put-in/<slug:year>/",
        risk_share.risk_share_contributions,
        "risk_share_contributions",
    ),
    pay(f"risk-share/{STATEMENT}prepare/", risk_share.risk_statement_prepare, "risk_statement_prepare"),
    *(
        pay(f"risk-share/{STATEMENT}{act}/", view, f"risk_statement_{act}", methods=("POST",))
        for act, view in (
            ("approve", risk_share.risk_statement_approve),
            ("close", risk_share.risk_statement_close),
            ("withdraw", risk_share.risk_statement_withdraw),
        )
    ),
    route("month-end/", month_end.month_ends, name="month_ends", roles=MONEY_READERS),
    route("month-end/<slug:of>/", month_end.month_end, name="month_end", roles=MONEY_READERS, reads=Reads.PEOPLE),
    route(
        "month-end/<slug:of>/month-end.csv",
        few_an_hour(month_end.month_end_csv),
        name="month_end_csv",
        roles=MONEY_READERS,
        reads=Reads.PEOPLE,
    ),
    route("month-end/<slug:of>/close/", month_end.month_close, name="month_close", roles=CLOSERS, methods=("POST",)),
    route("uplifts/", uplifts.uplifts, name="uplifts", roles=MONEY_READERS),
    route("uplifts/<int:number>/", uplifts.uplift, name="uplift", roles=MONEY_READERS, reads=Reads.PEOPLE),
    act("uplifts/new/add/", uplifts.uplift_add, "uplift_add"),
    route(
        "uplifts/<int:number>/undo/", uplifts.uplift_undo, name="uplift_undo", roles=COMMISSIONING, methods=("POST",)
    ),
    route("payments/", payments.payments, name="payments", roles=MONEY_READERS),
    route("payments/csv/", payments.payments_csv, name="payments_csv", roles=MONEY_READERS),
    *(
        route(f"payments/exceptions/{page}", view, name=name, roles=MONEY_READERS)
        for page, view, name in (
            ("", payments.payments_exceptions, "payments_exceptions"),
            ("exceptions.csv", payments.payments_exceptions_csv, "payments_exceptions_csv"),
        )
    ),
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
