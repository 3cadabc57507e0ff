"""What the pages of “Log a placement” show beside the answers."""

from commissioning.accounts.actors import Actor
from commissioning.overview.models import PlacementDraft
from people.models import Person, Placement


def draft_of(actor: Actor, person: Person) -> PlacementDraft | None:
    return PlacementDraft.objects.visible_to(actor).filter(person=person).first()


def homes_of(person: Person) -> list[Placement]:
    """The person's homes that have not ended, or that ended last, oldest first."""
    return list(Placement.objects.homes().filter(person=person).select_related("provider").order_by("start"))
