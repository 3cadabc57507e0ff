"""Addresses of this app."""

from django.urls import URLPattern

from commissioning.accounts.downloads import few_an_hour
from commissioning.accounts.models import PROVIDER_ROLES, Role
from commissioning.accounts.routes import COMMISSIONING, PERSON_READERS, Reads, route
from people import views

BOTH = ("GET", "POST")
# A finance officer knows people by reference and what they cost, not their plans, circle or record.
LIFE_READERS = frozenset({Role.COMMISSIONER, Role.AUDITOR, Role.CLINICIAN, *PROVIDER_ROLES})
PLANNERS = frozenset({Role.COMMISSIONER, Role.CLINICIAN})
PEOPLE = Reads.PEOPLE

# The page of a person is people/<reference>/ (overview), so these addresses have two parts whatever they say.
urlpatterns: list[URLPattern] = [
    route("", views.people_page, name="people", roles=PERSON_READERS, methods=BOTH, reads=PEOPLE),
    route("find/person/", views.people_search, name="people_search", roles=PERSON_READERS, methods=BOTH),
    route("list/people.csv", few_an_hour(views.people_csv), name="people_csv", roles=PERSON_READERS, reads=PEOPLE),
    route("new/person/", views.person_create, name="person_create", roles=COMMISSIONING, methods=BOTH, reads=PEOPLE),
    route("<ref:reference>/details/", views.person_details, name="person_details", roles=LIFE_READERS, reads=PEOPLE),
    route(
        "<ref:reference>/change/",
        views.person_edit,
        name="person_edit",
        roles=COMMISSIONING,
        methods=BOTH,
        reads=PEOPLE,
    ),
    route(
        "<ref:reference>/responsible/add/",
        views.responsibility_add,
        name="responsibility_add",
        roles=COMMISSIONING,
        methods=BOTH,
        reads=PEOPLE,
    ),
    route(
        "<ref:reference>/responsible/<int:pk>/",
        views.responsibility_change,
        name="responsibility_change",
        roles=COMMISSIONING,
        methods=BOTH,
        reads=PEOPLE,
    ),
    route("<ref:reference>/plan/", views.plan_page, name="plan", roles=LIFE_READERS, reads=PEOPLE),
    route(
        "<ref:reference>/plan/versions/<int:number>/",
        views.plan_version,
        name="plan_version",
        roles=LIFE_READERS,
        reads=PEOPLE,
    ),
    route("<ref:reference>/plan/new/", views.plan_start, name="plan_start", roles=PLANNERS, methods=("POST",)),
    route(
        "<ref:reference>/plan/change/", views.plan_edit, name="plan_edit", roles=PLANNERS, methods=BOTH, reads=PEOPLE
    ),
    route(
        "<ref:reference>/plan/agree/", views.plan_agree, name="plan_agree", roles=PLANNERS, methods=BOTH, reads=PEOPLE
    ),
    route("<ref:reference>/goals/", views.goals_page, name="goals", roles=LIFE_READERS, reads=PEOPLE),
    route("<ref:reference>/goals/add/", views.goal_add, name="goal_add", roles=PLANNERS, methods=BOTH, reads=PEOPLE),
    route(
        "<ref:reference>/goals/<ref:goal_reference>/review/",
        views.goal_review,
        name="goal_review",
        roles=PLANNERS,
        methods=BOTH,
        reads=PEOPLE,
    ),
    route("<ref:reference>/circle/", views.circle_page, name="circle", roles=LIFE_READERS, reads=PEOPLE),
    route(
        "<ref:reference>/circle/add/",
        views.circle_add,
        name="circle_add",
        roles=COMMISSIONING,
        methods=BOTH,
        reads=PEOPLE,
    ),
    route(
        "<ref:reference>/circle/<int:pk>/",
        views.circle_change,
        name="circle_change",
        roles=COMMISSIONING,
        methods=BOTH,
        reads=PEOPLE,
    ),
    route(
        "<ref:reference>/circle/<int:pk>/end/",
        views.circle_end,
        name="circle_end",
        roles=COMMISSIONING,
        methods=BOTH,
        reads=PEOPLE,
    ),
    route(
        "<ref:reference>/clinicians/add/",
        views.clinician_add,
        name="clinician_add",
        roles=COMMISSIONING,
        methods=BOTH,
        reads=PEOPLE,
    ),
    route(
        "<ref:reference>/clinicians/<int:pk>/end/",
        views.clinician_end,
        name="clinician_end",
        roles=COMMISSIONING,
        methods=BOTH,
        reads=PEOPLE,
    ),
]
