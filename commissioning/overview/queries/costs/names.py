"""What codes and references are called on the pages of costs."""

from collections.abc import Mapping
from dataclasses import dataclass

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import PartnershipOrganisation
from commissioning.overview.queries.costs.asked import Asked
from commissioning.overview.queries.costs.cohorts import words_of
from finance.models import CostKind
from finance.queries import Book
from finance.queries.blocks import VOID
from finance.queries.book import UNALLOCATED_NAME
from people.models import Cohort, Person, Setting

NOBODY = "Nobody yet"
VOID_WORDS = "Void (nobody placed)"


@dataclass(frozen=True)
class Names:
    """The words of each dimension's codes. People are references for those who know no names."""

    organisations: Mapping[str, str]
    people: Mapping[str, tuple[int, str]]

    @property
    def payers(self) -> dict[str, str]:
        return {**self.organisations, UNALLOCATED_NAME: NOBODY}

    def of(self, dimension: str, code: str) -> str:
        if code == VOID:
            return VOID_WORDS
        if dimension in {"funder", "provider"}:
            return NOBODY if code == UNALLOCATED_NAME else self.organisations.get(code, code)
        if dimension == "setting":
            return Setting(code).label
        if dimension == "cohort":
            return words_of(code)
        if dimension == "kind":
            return CostKind(code).label
        return self.people[code][1] if code in self.people else code

    def choices(self, book: Book, dimension: str) -> list[tuple[str, str]]:
        """Codes and words to narrow by, in order of words."""
        if dimension == "cohort":
            return [(value, str(label)) for value, label in Cohort.choices]
        codes = (*book.funders, UNALLOCATED_NAME) if dimension == "funder" else book.names[dimension]
        return sorted(
            ((code, self.of(dimension, code)) for code in codes if code != VOID), key=lambda pair: pair[1].casefold()
        )


def names_of(actor: Actor, asked: Asked) -> Names:
    """One query, and one for people where the question is about them."""
    links = PartnershipOrganisation.objects.filter(partnership=actor.partnership).select_related("organisation")
    organisations = {link.code: str(link.organisation) for link in links}
    if not asked.is_about_people:
        return Names(organisations, {})
    people = Person.objects.visible_to(actor).only("pk", "reference", "given_name", "family_name", "preferred_name")
    return Names(organisations, {person.reference: (person.pk, person.label_for(actor)) for person in people})
