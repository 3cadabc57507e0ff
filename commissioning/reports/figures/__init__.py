"""Frozen figures: everything an edition of a report says, as JSON, made once and kept with the document.

`gather` reads the exact facts; `build` has them told by an edition's teller (through disclosure control, or exactly)
and freezes what was told. The document, its charts and its words are made from the frozen figures alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from commissioning.core.money import format_pence
from commissioning.core.periods import words as day_words
from commissioning.reports.disclosure import (
    Changed,
    Guard,
    Release,
)
from commissioning.reports.figures import words
from commissioning.reports.figures.cost import CostSection, cost_section
from commissioning.reports.figures.facts import Facts
from commissioning.reports.figures.gather import gather
from commissioning.reports.figures.homes import HomesSection, QualitySection, homes_section, quality_section
from commissioning.reports.figures.living import LivesSection, TogetherSection, lives_section, together_section
from commissioning.reports.figures.working import WorkingSection, working_section
from commissioning.reports.models import Edition
from commissioning.reports.telling import ExactTeller, PublicTeller, Teller, freeze

__all__ = ["Frozen", "build", "gather"]

EDITION_NOTES = {
    Edition.BOARD: "Board edition, safe to publish",
    Edition.EASY_READ: "Easy Read, safe to publish",
    Edition.WORKING: "Working pack. Names people: for commissioners only",
}


@dataclass(frozen=True)
class Meta:
    board: str
    board_code: str
    partnership: str
    month: str
    month_words: str
    edition: str
    edition_note: str
    revision: str
    frozen_at: str
    frozen_words: str
    is_fictional: bool
    month_is_over: bool
    weeks_per_year: str


@dataclass(frozen=True)
class Figures:
    """Everything an edition says."""

    meta: Meta
    headline: words.Headline
    keys: tuple[words.Key, ...]
    needs: tuple[words.Need, ...]
    pages: Mapping[str, words.Page]
    cost: CostSection
    lives: LivesSection
    together: TogetherSection
    homes: HomesSection
    quality: QualitySection
    changed: tuple[str, ...]
    working: WorkingSection | None


@dataclass(frozen=True)
class Frozen:
    """The figures as JSON, what they add to the register of released figures, and the register as it was read."""

    figures: dict[str, Any]
    newly: Mapping[str, Release]
    read: Mapping[str, Release]


def build(facts: Facts, edition: str, *, revision: int, released: Mapping[str, Release], seal: str = "") -> Frozen:
    """The frozen figures of an edition. `released` is the partnership's register of what was published, `seal` the last
    seal of the audit, which the working pack prints."""
    if edition == Edition.WORKING:
        figures = _figures(facts, ExactTeller(), edition, revision, working_section(facts, seal))
        return Frozen(freeze(figures, public=False), {}, released)
    guard = Guard(released)
    told = _figures(facts, PublicTeller(guard), edition, revision, None)
    changed = tuple(_changed(each) for each in guard.changed)
    return Frozen(freeze(replace(told, changed=changed), public=True), guard.newly, released)


def _figures(facts: Facts, teller: Teller, edition: str, revision: int, working: WorkingSection | None) -> Figures:
    cost, lives, homes = cost_section(facts, teller), lives_section(facts, teller), homes_section(facts, teller)
    together, quality = together_section(facts, teller), quality_section(facts, teller)
    needs = words.needs_of(cost, lives, quality, homes.steadiness.contracts_ending)
    return Figures(
        meta=_meta(facts, edition, revision),
        headline=words.headline(cost, lives, needs),
        keys=words.keys(cost, lives, homes),
        needs=needs,
        pages={
            "cost": words.cost_page(cost),
            "lives": words.lives_page(lives),
            "together": words.together_page(together),
            "homes": words.homes_page(cost, homes),
            "support": words.support_page(homes, needs),
        },
        cost=cost,
        lives=lives,
        together=together,
        homes=homes,
        quality=quality,
        changed=(),
        working=working,
    )


def _meta(facts: Facts, edition: str, revision: int) -> Meta:
    month, frozen = facts.window.month, timezone.localtime(facts.frozen_at)
    return Meta(
        board=facts.board,
        board_code=facts.board_code,
        partnership=facts.partnership,
        month=str(month),
        month_words=month.words,
        edition=edition,
        edition_note=EDITION_NOTES[Edition(edition)],
        revision=str(revision),
        frozen_at=frozen.isoformat(timespec="seconds"),
        frozen_words=day_words(frozen.date()),
        is_fictional=facts.is_fictional,
        month_is_over=facts.month_is_over,
        weeks_per_year=facts.weeks_per_year,
    )


def _changed(changed: Changed) -> str:
    """`cost.change, 2026-05: £10,000, now £30,000`."""
    figure, _, when = changed.name.partition("|")

    def told(number: int | None) -> str:
        if number is None:
            return "not shown"
        return format_pence(number, pennies=False) if changed.is_money else f"{number:,}"

    return f"{figure.replace('.', ' ')}, {when.replace('|', ' to ')}: {told(changed.before)}, now {told(changed.now)}"
