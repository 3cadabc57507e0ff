"""What the first page of each role shows."""

from commissioning.overview.queries.home.going import Going, how_it_is_going
from commissioning.overview.queries.home.looks import Looks, looks_lately
from commissioning.overview.queries.home.needs import Group, Item, Need, grouped, people_in
from commissioning.overview.queries.home.own_people import OwnPeople, own_people
from commissioning.overview.queries.home.roles import Day, day_of
from commissioning.overview.queries.home.since import Since, since_last_here

__all__ = [
    "Day",
    "Going",
    "Group",
    "Item",
    "Looks",
    "Need",
    "OwnPeople",
    "Since",
    "day_of",
    "grouped",
    "how_it_is_going",
    "looks_lately",
    "own_people",
    "people_in",
    "since_last_here",
]
