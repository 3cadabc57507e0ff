"""Addresses of this app."""

from django.urls import URLPattern

from commissioning.accounts.models import Role
from commissioning.accounts.routes import (
    COMMISSIONING,
    COMMISSIONING_READERS,
    EVERY_ROLE,
    PROVIDERS,
    Reads,
    route,
)
from outcomes.views import checklists, incidents, overview

READERS = COMMISSIONING_READERS | PROVIDERS | {Role.CLINICIAN}
RECORDERS = COMMISSIONING | PROVIDERS | {Role.CLINICIAN}
BOTH = ("GET", "POST")
ONE_VIEW = "checklists/<ref:reference>/<str:month>/<str:view>/"

urlpatterns: list[URLPattern] = [
    route("", overview.outcomes_overview, name="outcomes_overview", roles=COMMISSIONING_READERS, reads=Reads.PEOPLE),
    route("accept/", overview.checklists_accept, name="checklists_accept", roles=COMMISSIONING, methods=("POST",)),
    route("framework/", overview.framework, name="framework", roles=EVERY_ROLE),
    route("month/", checklists.outcomes_month, name="outcomes_month", roles=PROVIDERS, reads=Reads.PEOPLE),
    route(
        "checklists/<ref:reference>/<str:month>/",
        checklists.checklist,
        name="checklist",
        roles=READERS,
        reads=Reads.PEOPLE,
    ),
    route(
        ONE_VIEW, checklists.checklist_view, name="checklist_view", roles=PROVIDERS, methods=BOTH, reads=Reads.PEOPLE
    ),
    route(
        f"{ONE_VIEW}autosave/",
        checklists.checklist_autosave,
        name="checklist_autosave",
        roles=PROVIDERS,
        methods=("POST",),
        reads=Reads.PEOPLE,
    ),
    route(f"{ONE_VIEW}done/", checklists.checklist_done, name="checklist_done", roles=PROVIDERS, reads=Reads.PEOPLE),
    route(
        f"{ONE_VIEW}correct/",
        checklists.checklist_correct,
        name="checklist_correct",
        roles={Role.PROVIDER_MANAGER},
        methods=BOTH,
        reads=Reads.PEOPLE,
    ),
    route(
        "sent/<int:pk>/send-back/",
        overview.checklist_send_back,
        name="checklist_send_back",
        roles=COMMISSIONING,
        methods=BOTH,
        reads=Reads.PEOPLE,
    ),
    route("incidents/", incidents.incidents, name="incidents", roles=READERS, reads=Reads.PEOPLE),
    route(
        "incidents/of/<ref:reference>/",
        incidents.person_incidents,
        name="person_incidents",
        roles=READERS,
        reads=Reads.PEOPLE,
    ),
    route(
        "incidents/new/",
        incidents.incident_create,
        name="incident_create",
        roles=RECORDERS,
        methods=BOTH,
        reads=Reads.PEOPLE,
    ),
    route(
        "incidents/new/<ref:reference>/",
        incidents.incident_record,
        name="incident_record",
        roles=RECORDERS,
        methods=BOTH,
        reads=Reads.PEOPLE,
    ),
    route("incident/<ref:reference>/", incidents.incident, name="incident", roles=READERS, reads=Reads.PEOPLE),
    route(
        "incident/<ref:reference>/change/",
        incidents.incident_change,
        name="incident_change",
        roles=RECORDERS,
        methods=BOTH,
        reads=Reads.PEOPLE,
    ),
]
