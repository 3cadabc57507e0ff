"""Addresses of this app."""

from django.conf import settings
from django.urls import URLPattern

from commissioning.accounts.routes import COMMISSIONING, COMMISSIONING_READERS, MONEY_READERS, PROVIDERS, route
from providers import views

BOTH = ("GET", "POST")
# A provider reaches its own page and contracts, and nothing of another's.
CONTRACT_READERS = MONEY_READERS | PROVIDERS

urlpatterns: list[URLPattern] = [
    route("", views.providers_view, name="providers", roles=MONEY_READERS),
    route("new/", views.provider_create, name="provider_create", roles=COMMISSIONING, methods=BOTH),
    route("contracts/", views.contracts_page, name="contracts", roles=CONTRACT_READERS),
    route("contracts/new/", views.contract_create, name="contract_create", roles=COMMISSIONING, methods=BOTH),
    route("contracts/on/<ref:reference>/", views.contract_page, name="contract", roles=CONTRACT_READERS),
    route(
        "contracts/on/<ref:reference>/change/",
        views.contract_edit,
        name="contract_edit",
        roles=COMMISSIONING,
        methods=BOTH,
    ),
    route(
        "cqc/",
        views.cqc_import,
        name="cqc_import",
        roles=COMMISSIONING,
        methods=BOTH,
        takes=settings.UPLOAD_LIMIT_BYTES,
    ),
    route("cqc/to-match/", views.cqc_unmatched, name="cqc_unmatched", roles=COMMISSIONING_READERS),
    route("cqc/match/", views.cqc_match, name="cqc_match", roles=COMMISSIONING, methods=("POST",)),
    route(
        "with/<ref:code>/locations/<int:pk>/not-theirs/",
        views.cqc_unmatch,
        name="cqc_unmatch",
        roles=COMMISSIONING,
        methods=("POST",),
    ),
    route("with/<ref:code>/", views.provider_view, name="provider", roles=CONTRACT_READERS),
    route("with/<ref:code>/change/", views.provider_edit, name="provider_edit", roles=COMMISSIONING, methods=BOTH),
]
