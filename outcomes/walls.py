"""Who sees the rows of this app, in the database itself (accounts.walls)."""

from commissioning.accounts.walls import (
    A_PROVIDER,
    EVERYONE,
    ORGANISATION,
    PEOPLE_NOW,
    by_parent,
    by_partnership,
    exempt,
    wall,
)
from outcomes.models import Answer, Checklist, ChecklistStep, Framework, Incident, Measure, Reminder

OPEN_RECORD = f"{EVERYONE} OR person_id = {PEOPLE_NOW}"
# A provider sees what it sent itself, past months included, and nothing another provider sent.
wall(
    Checklist,
    by_parent(
        "people_person",
        "person_id",
        f"({A_PROVIDER} AND provider_id = {ORGANISATION}) OR (NOT {A_PROVIDER} AND ({OPEN_RECORD}))",
    ),
)
wall(Answer, by_parent("outcomes_checklist", "checklist_id"))
wall(ChecklistStep, by_parent("outcomes_checklist", "checklist_id"))
_OWN = "EXISTS (SELECT FROM people_placement own WHERE own.id = {table}.placement_id)"
wall(
    Incident,
    by_partnership(f"({A_PROVIDER} AND {_OWN}) OR (NOT {A_PROVIDER} AND ({OPEN_RECORD}))"),
)
exempt("what is asked, not what was answered", Framework, Measure)
exempt("that a provider was reminded of a month, without whose", Reminder)
