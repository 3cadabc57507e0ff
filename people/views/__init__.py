"""Pages about people."""

from people.views.circle import (
    circle_add,
    circle_change,
    circle_end,
    circle_page,
    clinician_add,
    clinician_end,
)
from people.views.details import (
    person_create,
    person_details,
    person_edit,
    responsibility_add,
    responsibility_change,
)
from people.views.goals import goal_add, goal_review, goals_page
from people.views.listing import people_csv, people_page, people_search
from people.views.plans import plan_agree, plan_edit, plan_page, plan_start, plan_version

__all__ = [
    "circle_add",
    "circle_change",
    "circle_end",
    "circle_page",
    "clinician_add",
    "clinician_end",
    "goal_add",
    "goal_review",
    "goals_page",
    "people_csv",
    "people_page",
    "people_search",
    "person_create",
    "person_details",
    "person_edit",
    "plan_agree",
    "plan_edit",
    "plan_page",
    "plan_start",
    "plan_version",
    "responsibility_add",
    "responsibility_change",
]
