"""The Estuary Partnership: fictional, of the size that North East Lincolnshire described (134 people, £5.4M)."""

import datetime as dt

from commissioning.demo.dataset import Dataset
from commissioning.demo.lives import Life, add_life, live
from commissioning.demo.organisations import add_contracts, add_organisations
from commissioning.demo.outcomes import add_framework, add_outcomes
from commissioning.demo.people import add_person
from commissioning.demo.places import add_places
from commissioning.demo.stories import add_stories, story_lives

CODE = "ESTUARY"
NAME = "Estuary Partnership"
# 140 people with the three of the stories; how many lives of each kind.
KINDS = {"care_home": 58, "moved": 41, "hospital": 13, "transition": 11, "family": 14}


def build(today: dt.date) -> Dataset:
    """The whole partnership as interchange rows; the same today gives the same rows."""
    data = Dataset(today)
    data.add("partnership", name=NAME, weeks_per_year="52", is_fictional=True)
    add_organisations(data)
    add_contracts(data)
    add_framework(data)
    lives = _lives(today)
    stories = story_lives()
    for number, life in enumerate([*lives, *stories], start=1):
        add_person(data, life, number)
    for life in lives:
        add_life(data, life)
    add_stories(data, stories)
    add_places(data, lives)
    for life in [*lives, *stories]:
        add_outcomes(data, life)
    _say_when_known(data)
    return data


def _say_when_known(data: Dataset) -> None:
    """Prices and shares became known on their first day, those ahead today: so earlier days have records to look at."""
    for row in (*data.files["cost_lines"], *data.files["funding"]):
        row["recorded_on"] = min(row["start"], data.today.isoformat())


def _lives(today: dt.date) -> list[Life]:
    kinds = [kind for kind, count in KINDS.items() for _ in range(count)]
    references = [f"EP-{number:04d}" for number in range(1, len(kinds) + 4) if number not in (126, 127, 128)]
    return [live(reference, kind, today) for reference, kind in zip(references, kinds, strict=True)]
