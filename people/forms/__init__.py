"""Forms of this app."""

from people.forms.circle import CircleForm, ClinicianForm, EndedOnForm, EndForm, ResponsibilityForm
from people.forms.person import PersonForm
from people.forms.plans import AgreeForm, GoalForm, PlanForm, ReviewForm

__all__ = [
    "AgreeForm",
    "CircleForm",
    "ClinicianForm",
    "EndForm",
    "EndedOnForm",
    "GoalForm",
    "PersonForm",
    "PlanForm",
    "ResponsibilityForm",
    "ReviewForm",
]
