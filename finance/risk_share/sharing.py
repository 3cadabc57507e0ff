"""Sharing an amount out by weights: whole pence, rounded cumulatively, so that the parts are the whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from commissioning.core.money import format_pence, round_half_away
from finance.risk_share.figures import CannotShare, Inputs, Part, Partner, Step

WHOLE = Decimal(100)


def split(pence: int, weights: Sequence[Fraction]) -> list[int]:
    """The amount by weights: each takes the rounded cumulative amount less what those before it took.

    The parts add up to the amount, and none has the other sign. Raises CannotShare where all weights are 0.
    """
    whole = sum(weights, Fraction(0))
    if whole <= 0 or any(weight < 0 for weight in weights):
        raise CannotShare("There is nothing to share by: the percentages or contributions are all 0.")
    parts, taken, so_far = [], 0, Fraction(0)
    for weight in weights:
        so_far += weight
        upto = pence * so_far / whole
        rounded = round_half_away(upto.numerator, upto.denominator)
        parts.append(rounded - taken)
        taken = rounded
    return parts


@dataclass(frozen=True)
class Basis:
    """What an amount is shared by: a weight for each partner, and how that is said."""

    weights: tuple[Fraction, ...]
    words: tuple[str, ...]


def by_percent(percents: Sequence[Decimal]) -> Basis:
    """Agreed percentages, which must come to 100. Raises CannotShare."""
    if sum(percents, Decimal(0)) != WHOLE:
        raise CannotShare("The percentages do not come to 100%. Change them on the agreement.")
    return Basis(tuple(Fraction(each) for each in percents), tuple(percent_words(each) for each in percents))


def by_contribution(partners: Sequence[Partner]) -> Basis:
    """In proportion to what each put in. Raises CannotShare where nobody put anything in."""
    whole = sum(partner.contribution_pence for partner in partners)
    if whole <= 0:
        raise CannotShare("No contributions are entered for this period, so there is no proportion to share by.")
    return Basis(
        tuple(Fraction(partner.contribution_pence) for partner in partners),
        tuple(f"{format_pence(each.contribution_pence)} ÷ {format_pence(whole)}" for each in partners),
    )


def agreed(inputs: Inputs) -> Basis:
    """The agreed percentages, or where there are none the contributions."""
    percents = [partner.percent for partner in inputs.partners if partner.percent is not None]
    if not percents:
        return by_contribution(inputs.partners)
    if len(percents) != len(inputs.partners):
        raise CannotShare("Some partners have a percentage and some have none. Change them on the agreement.")
    return by_percent(percents)


def shared(pence: int, partners: Sequence[Partner], basis: Basis) -> tuple[list[Part], list[Step]]:
    """Each partner's part of an amount over (above 0) or under (below 0), and a step for each."""
    parts = split(pence, basis.weights)
    whole = sum(basis.weights, Fraction(0))
    found, steps = [], []
    for partner, weight, words, part in zip(partners, basis.weights, basis.words, parts, strict=True):
        exact = pence * weight / whole == part
        rounded = "" if exact else f", to the penny, so that the parts add up to {format_pence(abs(pence))}"
        does = "bears" if pence > 0 else "gets"
        said = f"{partner.name} {does} {format_pence(abs(pence))} × {words} = {format_pence(abs(part))}{rounded}"
        found.append(Part(partner.code, partner.name, part))
        steps.append(Step(said, part))
    return found, steps


def percent_words(percent: Decimal) -> str:
    return f"{percent.normalize():f}%"
