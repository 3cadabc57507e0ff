"""Two million lines in 150 partnerships: one partnership alone and among them; all of them in one run."""

from django.db import connection

from commissioning.accounts import scope
from commissioning.accounts.actors import Actor
from commissioning.bench.figures import by_month
from commissioning.bench.rounds import peak_megabytes, say, seconds, side_by_side
from commissioning.bench.stored import store

PARTNERSHIPS = 150
PEOPLE = 150_000
LINES = 2_000_000
SAID = 15


def run() -> None:
    """Print one partnership alone and among all, and all of them, with memory."""
    say(f"\nAll England: {PARTNERSHIPS} partnerships, {PEOPLE:,} people, {LINES:,} lines")
    actors = [_stored(0)]
    alone = _one(actors[0])
    for number in range(1, PARTNERSHIPS):
        actors.append(_stored(number))
        if number % SAID == 0:
            say(f"  … {number} partnerships stored")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM finance_costline")
        lines = cursor.fetchone()[0]
    among = _one(actors[0])
    say(f"  one partnership alone{alone:29.3f} s")
    say(f"  the same among all{among:32.3f} s  {among / alone:6.2f} × alone")
    took, peak = seconds(lambda: _national(actors)), peak_megabytes(lambda: _national(actors))
    say(f"  all of them, {lines:,} lines, by month and funder{took:6.1f} s  peak {peak:.1f} MB")


def _stored(number: int) -> Actor:
    return store(f"E{number:03}", PEOPLE // PARTNERSHIPS, LINES // PARTNERSHIPS)


def _one(actor: Actor) -> float:
    with scope.acting(actor):
        return side_by_side({"one": lambda: by_month(actor)})["one"]


def _national(actors: list[Actor]) -> int:
    """The sum of every partnership's months, each through its own scope."""
    total = 0
    for actor in actors:
        with scope.acting(actor):
            total += int(by_month(actor).pence.sum())
    return total
