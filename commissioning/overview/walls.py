"""Who sees the rows of this app, in the database itself (accounts.walls)."""

from commissioning.accounts.walls import USER, WORKING, by_parent, wall
from commissioning.overview.models import PlacementDraft

wall(PlacementDraft, by_parent("people_person", "person_id", f"{WORKING} AND by_id = {USER}"))
