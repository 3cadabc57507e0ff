"""Reads of outcomes that other apps call. Each is scoped to the actor where one is given, and says its units."""

from outcomes.queries.due import ChecklistsDue, checklists_due, due_on, last_month
from outcomes.queries.frameworks import framework_in_force
from outcomes.queries.incidents import (
    IncidentMonth,
    PersonIncidents,
    incident_counts,
    incidents_by_month,
)
from outcomes.queries.series import (
    AnswerRow,
    Change,
    LatestAnswer,
    MonthlyAnswer,
    OutcomeChange,
    OutcomeSeries,
    ViewSeries,
    accepted_months,
    answers_by_month,
    answers_of,
    latest_answers,
    outcome_change,
)

__all__ = [
    "AnswerRow",
    "Change",
    "ChecklistsDue",
    "IncidentMonth",
    "LatestAnswer",
    "MonthlyAnswer",
    "OutcomeChange",
    "OutcomeSeries",
    "PersonIncidents",
    "ViewSeries",
    "accepted_months",
    "answers_by_month",
    "answers_of",
    "checklists_due",
    "due_on",
    "framework_in_force",
    "incident_counts",
    "incidents_by_month",
    "last_month",
    "latest_answers",
    "outcome_change",
]
