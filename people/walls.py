"""Who sees the rows of this app, in the database itself (accounts.walls)."""

from commissioning.accounts.walls import (
    A_CLINICIAN,
    A_PROVIDER,
    EVERYONE,
    ORGANISATION,
    PEOPLE_EVER,
    PEOPLE_NOW,
    by_parent,
    by_partnership,
    wall,
)
from people.models import CircleMember, ClinicalInvolvement, Goal, Person, Placement, Plan, Responsibility, Suspension

# A provider keeps the people of its own past entries, by name; the rest of a record is open for today's people only.
wall(Person, by_partnership(f"{EVERYONE} OR id = {PEOPLE_EVER}"))
OPEN_RECORD = f"{EVERYONE} OR person_id = {PEOPLE_NOW}"
for model in (Responsibility, CircleMember, ClinicalInvolvement, Plan):
    wall(model, by_parent("people_person", "person_id", OPEN_RECORD))
wall(Goal, by_partnership(OPEN_RECORD))
wall(
    Placement,
    by_partnership(
        f"{EVERYONE} OR ({A_PROVIDER} AND provider_id = {ORGANISATION} AND person_id = {PEOPLE_EVER})"
        f" OR ({A_CLINICIAN} AND person_id = {PEOPLE_NOW})"
    ),
)
wall(Suspension, by_parent("people_placement", "placement_id"))
