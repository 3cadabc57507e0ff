"""The only writers of people, their circle, plans and goals."""

from people.actions.circle import (
    add_clinician,
    add_to_circle,
    change_circle_member,
    end_circle_member,
    end_clinician,
)
from people.actions.goals import add_goal, change_goal
from people.actions.plans import agree_plan, change_plan, start_plan
from people.actions.records import PersonDetails, add_person, change_person
from people.actions.responsibilities import add_responsibility, change_responsibility

__all__ = [
    "PersonDetails",
    "add_clinician",
    "add_goal",
    "add_person",
    "add_responsibility",
    "add_to_circle",
    "agree_plan",
    "change_circle_member",
    "change_goal",
    "change_person",
    "change_plan",
    "change_responsibility",
    "end_circle_member",
    "end_clinician",
    "start_plan",
]
