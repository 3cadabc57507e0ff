"""The only writers of outcomes. Each takes who acts as `by`, is atomic, and raises Refused in words for that person."""

from outcomes.actions.answers import Conflict, Entry, Saved, correct_checklist, save_answers
from outcomes.actions.checklists import accept_checklists, mark_ready, send_back, send_checklist
from outcomes.actions.frameworks import ensure_default_framework, ensure_framework
from outcomes.actions.incidents import (
    IncidentFacts,
    can_change_incident,
    change_incident,
    check_can_change_incident,
    record_incident,
)
from outcomes.actions.reminders import notify, request_reminders

__all__ = [
    "Conflict",
    "Entry",
    "IncidentFacts",
    "Saved",
    "accept_checklists",
    "can_change_incident",
    "change_incident",
    "check_can_change_incident",
    "correct_checklist",
    "ensure_default_framework",
    "ensure_framework",
    "mark_ready",
    "notify",
    "record_incident",
    "request_reminders",
    "save_answers",
    "send_back",
    "send_checklist",
]
