"""Addresses of people's rights. Commissioners act, auditors read; administrators set the years."""

from django.urls import URLPattern

from commissioning.accounts.models import Role
from commissioning.accounts.routes import COMMISSIONING, COMMISSIONING_READERS, Reads, route
from commissioning.rights.views import copies, keeping, person, requests

BOTH = ("GET", "POST")
POST = ("POST",)
SCHEDULERS = frozenset({Role.COMMISSIONER, Role.ADMINISTRATOR})
PEOPLE = Reads.PEOPLE
PERSON = "people/<ref:reference>/rights/"
REQUEST = "rights/requests/<int:number>/"
COPY = "rights/copies/<int:number>/"
ERASURE = "rights/erasures/<int:number>/"

urlpatterns: list[URLPattern] = [
    route(PERSON, person.person_rights, name="person_rights", roles=COMMISSIONING_READERS, reads=PEOPLE),
    *(
        route(f"{PERSON}{last}/", view, name=name, roles=COMMISSIONING, methods=BOTH, reads=PEOPLE)
        for last, view, name in (
            ("request", person.request_add, "rights_request_add"),
            ("hold", person.hold_add, "hold_add"),
            ("keep", person.retention_keep, "retention_keep"),
            ("erase", person.erasure_ask, "erasure_ask"),
        )
    ),
    route("rights/", requests.requests_page, name="rights", roles=COMMISSIONING_READERS, reads=PEOPLE),
    route(REQUEST, requests.rights_request, name="rights_request", roles=COMMISSIONING_READERS, reads=PEOPLE),
    *(
        route(f"{REQUEST}{last}/", view, name=name, roles=COMMISSIONING, methods=BOTH, reads=PEOPLE)
        for last, view, name in (
            ("identity", requests.identity, "rights_request_identity"),
            ("more-time", requests.more_time, "rights_request_more_time"),
            ("answer", requests.answer, "rights_request_answer"),
        )
    ),
    route(f"{REQUEST}copy/", requests.copy_begin, name="copy_begin", roles=COMMISSIONING, methods=POST, reads=PEOPLE),
    route(COPY, copies.copy, name="copy", roles=COMMISSIONING_READERS, reads=PEOPLE),
    route(f"{COPY}preview/", copies.preview, name="copy_preview", roles=COMMISSIONING_READERS, reads=PEOPLE),
    route(f"{COPY}columns/", copies.columns, name="copy_columns", roles=COMMISSIONING, methods=BOTH, reads=PEOPLE),
    route(
        f"{COPY}read/<slug:section>/", copies.read, name="copy_read", roles=COMMISSIONING, methods=BOTH, reads=PEOPLE
    ),
    route(f"{COPY}ask/", copies.ask, name="copy_ask", roles=COMMISSIONING, methods=POST, reads=PEOPLE),
    route(f"{COPY}approve/", copies.approve, name="copy_approve", roles=COMMISSIONING, methods=POST, reads=PEOPLE),
    route(
        f"{COPY}send-back/", copies.send_back, name="copy_send_back", roles=COMMISSIONING, methods=BOTH, reads=PEOPLE
    ),
    route(f"{COPY}copy.zip", copies.copy_zip, name="copy_zip", roles=COMMISSIONING, reads=PEOPLE),
    route("rights/kept/", keeping.kept, name="kept", roles=COMMISSIONING_READERS, reads=PEOPLE),
    route("rights/years/", keeping.years, name="retention_years", roles=SCHEDULERS, methods=BOTH),
    route("rights/holds/", keeping.holds, name="holds", roles=COMMISSIONING_READERS, reads=PEOPLE),
    route("rights/holds/new/", keeping.hold_everybody, name="hold_everybody", roles=COMMISSIONING, methods=BOTH),
    route(
        "rights/holds/<int:number>/lift/",
        keeping.hold_lift,
        name="hold_lift",
        roles=COMMISSIONING,
        methods=BOTH,
        reads=PEOPLE,
    ),
    route(ERASURE, keeping.erasure, name="erasure", roles=COMMISSIONING_READERS, reads=PEOPLE),
    route(
        f"{ERASURE}approve/",
        keeping.erasure_approve,
        name="erasure_approve",
        roles=COMMISSIONING,
        methods=POST,
        reads=PEOPLE,
    ),
    route(
        f"{ERASURE}withdraw/",
        keeping.erasure_withdraw,
        name="erasure_withdraw",
        roles=COMMISSIONING,
        methods=POST,
        reads=PEOPLE,
    ),
]
