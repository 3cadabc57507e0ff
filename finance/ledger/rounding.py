"""Exact division and rounding of whole numbers: the only place where the ledger rounds.

Money is rounded to the penny, half away from zero. Arrays are int64 and nothing becomes a float.
"""

from fractions import Fraction
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

IntArray: TypeAlias = npt.NDArray[np.int64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]

WHOLE_PPM = 1_000_000
"""100% in parts per million; one part is 1/10,000 of a percent, the finest share a file can carry."""


def divide_rounded(magnitude: IntArray, even_divisor: int) -> IntArray:
    """`magnitude / even_divisor`, halves up, for numbers that are not negative.

    An even divisor lets half of it be added before a plain division, without doubling the dividend,
    which has no room for that (see `accrual`).
    """
    half = even_divisor // 2
    return (magnitude + half) // even_divisor


def part_of(magnitude: IntArray, ppm: IntArray) -> IntArray:
    """`magnitude × ppm / 1,000,000`, halves up, for amounts that are not negative (rule 4).

    Split into millions and rest, so that no product is larger than the result or 10^12.
    """
    millions = magnitude // WHOLE_PPM
    rest = magnitude - millions * WHOLE_PPM
    return millions * ppm + divide_rounded(rest * ppm, WHOLE_PPM)


def places_of(magnitude: IntArray, places: IntArray, of: IntArray) -> IntArray:
    """`magnitude × places / of`, halves up, for amounts that are not negative and up to 100,000 places.

    Split into whole places and rest, so that no product is larger than the result or 2 × 10^10.
    """
    whole = magnitude // of
    rest = magnitude - whole * of
    return whole * places + (2 * rest * places + of) // (2 * of)


def round_mixed(whole: IntArray, parts: IntArray, even_denominator: int) -> IntArray:
    """The sum `whole + parts / even_denominator`, rounded half away from zero; `parts` may be any size and sign."""
    carried = whole + parts // even_denominator
    rest = parts % even_denominator
    half = even_denominator // 2
    return carried + np.where(carried < 0, rest > half, rest >= half)


def multiply_rounded(pence: IntArray, factor: Fraction) -> IntArray:
    """`pence × factor`, rounded half away from zero; the factor is positive, its two numbers under a million."""
    top, bottom = factor.numerator, factor.denominator
    magnitude = np.abs(pence)
    quotient = magnitude // bottom
    rest = magnitude - quotient * bottom
    product = quotient * top + (2 * rest * top + bottom) // (2 * bottom)
    signed: IntArray = np.sign(pence) * product
    return signed
