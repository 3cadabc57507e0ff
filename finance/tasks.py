"""The worker's side of money."""

from celery import shared_task

from commissioning.accounts import scope
from commissioning.accounts.actors import Actor
from finance.actions.spending import read_file
from finance.queries.spending import file_to_read


@shared_task(name="finance.read_spending_file")
def read_spending_file(file_id: int) -> None:
    """Reads one file of published spending that somebody brought."""
    with scope.everywhere():
        file = file_to_read(file_id)
    by = Actor.system(file.brought_in.partnership)
    with scope.acting(by):
        read_file(file=file, by=by)
