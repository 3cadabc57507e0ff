"""Who sees the rows of this app, in the database itself (accounts.walls)."""

from commissioning.accounts.walls import WORKING, by_partnership, wall
from commissioning.interchange.models import Upload

wall(Upload, by_partnership(WORKING))
