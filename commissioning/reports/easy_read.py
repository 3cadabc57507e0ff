"""The Easy Read edition's words: short sentences, one idea with one picture, hard words explained.

Made from the frozen figures of a published edition, so it tells nothing that the board edition does not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from commissioning.core.money import format_pence
from commissioning.reports.disclosure import HIDDEN_COUNT

Told = Mapping[str, Any]


@dataclass(frozen=True)
class Sentence:
    """One short sentence with its key words in bold."""

    before: str
    key: str = ""
    after: str = ""


@dataclass(frozen=True)
class Idea:
    """One picture and what it says."""

    picture: str
    sentences: tuple[Sentence, ...]

    @property
    def template(self) -> str:
        return f"reports/print/pictures/{self.picture}.svg"


@dataclass(frozen=True)
class Part:
    kind: str
    title: str
    ideas: tuple[Idea, ...]


def easy_read(figures: Told) -> tuple[Part, ...]:
    """The parts of the edition, in the order of the board's three questions."""
    return (
        Part("", "People’s lives", _lives(figures)),
        Part("money", "What it costs", _money(figures)),
        Part("ask", "What the board is asked to do", _asks(figures)),
        Part("", "Good to know", _good_to_know(figures)),
    )


def people(told: Told) -> str:
    """`About 80 people`, `7 people or fewer`, `nobody`."""
    if told["number"] is None:
        return "7 people or fewer" if told["words"] == HIDDEN_COUNT else "some people"
    if told["number"] == 0:
        return "nobody"
    return f"about {told['words']} people"


def _idea(picture: str, *sentences: Sentence) -> Idea:
    return Idea(picture, sentences)


def _lives(figures: Told) -> tuple[Idea, ...]:
    lives, homes = figures["lives"], figures["homes"]
    everyone = lives["everyone"]
    found = [_idea("group", Sentence("We support ", people(figures["cost"]["supported"]), "."))]
    if lives["is_shown"]:
        found += [
            _idea("ask", Sentence("We asked ", people(everyone["known"]), " about their life."),
                  Sentence("Then we asked again later.")),
            _idea("faces", Sentence("Life is better for ", people(everyone["better"]), "."),
                  Sentence("Life is the same for ", people(everyone["same"]), "."),
                  Sentence("Life is worse for ", people(everyone["worse"]), ".")),
            _idea("missing", Sentence("We do not know about ", people(everyone["not_known"]), "."),
                  Sentence("They were not asked two times.")),
        ]  # fmt: skip
    else:
        found.append(_idea("missing", Sentence("We do not know yet if lives are better."),
                           Sentence("Too few people were asked two times.")))  # fmt: skip
    found.append(_idea("home", Sentence("This year ", people(homes["moved_home"]), " moved"),
                       Sentence("to a home of their own.")))  # fmt: skip
    found.append(_idea("hospital", Sentence("Now ", people(homes["in_hospital"]), " are in hospital.")))
    return tuple(found)


def _money(figures: Told) -> tuple[Idea, ...]:
    cost = figures["cost"]
    if not cost["is_shown"]:
        return (
            _idea("private", Sentence("We do not show money here."), Sentence("There are too few people."),
                  Sentence("It could show what one person’s support costs.")),
        )  # fmt: skip
    change = cost["change"]["number"]
    first = _idea("cost", Sentence("Support for ", people(cost["compared"])),
                  Sentence("costs about ", cost["now"]["words"], " a week."))  # fmt: skip
    if change == 0:
        return first, _idea("cost", Sentence("This is about the ", "same", " as before."))
    amount = format_pence(abs(change), pennies=False)
    word = "less" if change < 0 else "more"
    return first, _idea("less" if change < 0 else "cost", Sentence("This is about ", amount, f" a week {word}"),
                        Sentence("than it was before."))  # fmt: skip


_PICTURES = {"pays": "cost", "contract": "wait", "life": "ask", "before": "cost", "checklists": "missing"}


def _asks(figures: Told) -> tuple[Idea, ...]:
    needs = figures["needs"]
    if not needs:
        return (_idea("team", Sentence("There is nothing this month.")),)
    return tuple(
        _idea(_picture(need["ask"]), Sentence(f"{place}. ", need["ask"])) for place, need in enumerate(needs, start=1)
    )


def _picture(ask: str) -> str:
    return next((picture for word, picture in _PICTURES.items() if word in ask), "team")


def _good_to_know(figures: Told) -> tuple[Idea, ...]:
    return (
        _idea("private", Sentence("We hide very small numbers."), Sentence("Other numbers are not exact."),
              Sentence("This keeps people’s lives private.")),
        _idea("tell", Sentence("You can tell us what you think."),
              Sentence("Ask someone you trust to help you.")),
    )  # fmt: skip
