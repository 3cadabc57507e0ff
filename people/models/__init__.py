"""People, those around them, their plans and goals, and where they live and are supported."""

from people.models.people import (
    CircleMember,
    ClinicalInvolvement,
    Cohort,
    Diagnosis,
    Person,
    PersonQuerySet,
    Responsibility,
)
from people.models.placements import HOSPITALS, NOT_HOMES, Placement, PlacementQuerySet, Setting, Suspension
from people.models.plans import Goal, GoalQuerySet, Plan, PlanQuerySet

__all__ = [
    "HOSPITALS",
    "NOT_HOMES",
    "CircleMember",
    "ClinicalInvolvement",
    "Cohort",
    "Diagnosis",
    "Goal",
    "GoalQuerySet",
    "Person",
    "PersonQuerySet",
    "Placement",
    "PlacementQuerySet",
    "Plan",
    "PlanQuerySet",
    "Responsibility",
    "Setting",
    "Suspension",
]
