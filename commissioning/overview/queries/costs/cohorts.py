"""Costs by cohort. Somebody may be in several, so a slice is a set of cohorts, and slices add up to everybody."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from commissioning.accounts.actors import Actor
from commissioning.overview.queries.costs.asked import Asked
from finance.queries import Book
from finance.queries.blocks import VOID
from people.models import Cohort, Person

AND = "+"
NONE = "none"


def asked_of(actor: Actor, asked: Asked) -> Asked:
    """The question with everybody's cohorts, where it is about them. One query then."""
    if not asked.is_about_cohorts:
        return asked
    people = Person.objects.visible_to(actor).values_list("reference", "cohorts")
    return replace(asked, cohorts={reference: code_of(cohorts) for reference, cohorts in people})


def code_of(cohorts: list[str]) -> str:
    """`care_home+out_of_area`, in the order in which cohorts are always named."""
    return AND.join(each for each in Cohort.values if each in cohorts) or NONE


def words_of(code: str) -> str:
    """The cohorts of a code in words."""
    if code == NONE:
        return "In no cohort"
    first, *others = (Cohort(each).label for each in code.split(AND))
    return ", ".join([first, *(label[:1].lower() + label[1:] for label in others)])


def with_cohorts(book: Book, cohorts: Mapping[str, str]) -> Book:
    """The book with each line's cohorts beside its person; what nobody fills is in none."""
    texts = [VOID if person == VOID else cohorts.get(person, NONE) for person in book.names["person"]]
    names = tuple(sorted(set(texts)))
    number = {text: code for code, text in enumerate(names)}
    codes = np.array([number[text] for text in texts], dtype=np.int64)
    lines = replace(book.lines, codes={**book.lines.codes, "cohort": codes[book.lines.codes["person"]]})
    return replace(book, lines=lines, names={**book.names, "cohort": names})
