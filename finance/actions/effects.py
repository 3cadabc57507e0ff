"""An act on somebody's prices that is saved only as its effect on past months was shown."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from commissioning.accounts.actors import Actor
from finance.actions.lines import Priced, lock
from finance.queries.book import Book, open_block, open_book
from finance.queries.effect import Effect, effect_of
from people.models import Person, Placement


@transaction.atomic
def save_as_shown(*, of: Priced, act: Callable[[], object], shown: str, by: Actor) -> Effect | None:
    """Do an act, unless it changes months that are over and `shown` is not the fingerprint of just that change.

    Returns the effect to be shown then, with nothing saved; None when it is saved. The act is really done and, where it
    must be shown first, taken back: what is shown is what would be saved. Raises what the act raises.
    """
    lock(of)
    before = _book(of, by)
    act()
    effect = effect_of(by, before, _book(of, by), timezone.localdate())
    if effect.is_nothing or shown == effect.fingerprint:
        return None
    transaction.set_rollback(True)
    return effect


def _book(of: Priced, by: Actor) -> Book:
    """Of the person's prices, or of the contract's places."""
    if isinstance(of, Placement):
        return open_book(by, people=Person.objects.filter(pk=of.person_id))
    return open_block(by, of)
