"""Numbering and adding up rows by any columns of whole numbers."""

from dataclasses import dataclass

import numpy as np

from finance.ledger.rounding import IntArray

_MOST_KEYS = 2**62
_MOST_SPAN_PER_ROW = 16


@dataclass(frozen=True)
class Groups:
    """The number of each row's group, and what each group is: one value of every column, in order."""

    number: IntArray
    columns: tuple[IntArray, ...]

    def __len__(self) -> int:
        return len(self.columns[0])


@dataclass(frozen=True)
class Grouped:
    """Pence per group: the groups' columns side by side, in order; only what is not zero."""

    columns: tuple[IntArray, ...]
    pence: IntArray


def distinct(keys: IntArray) -> tuple[IntArray, IntArray]:
    """The different keys in order, and each row's place among them.

    Where the keys lie close together they are ticked off in a list of all possible ones, which needs no sorting.
    """
    if not len(keys):
        return keys, keys
    least = int(keys.min())
    span = int(keys.max()) - least + 1
    if span > _MOST_SPAN_PER_ROW * len(keys):
        found, place = np.unique(keys, return_inverse=True)
        return found, place
    occurs = np.zeros(span, dtype=np.bool_)
    occurs[keys - least] = True
    number = np.cumsum(occurs) - 1
    return np.flatnonzero(occurs) + least, number[keys - least]


def place_among(ordered: IntArray, wanted: IntArray) -> IntArray:
    """Where each wanted key stands among the ordered ones, or -1; looked up in a list where they lie close together."""
    if not len(ordered):
        return np.full(len(wanted), -1)
    least = int(ordered[0])
    span = int(ordered[-1]) - least + 1
    if span > _MOST_SPAN_PER_ROW * (len(wanted) + len(ordered)):
        found = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
        return np.where(ordered[found] == wanted, found, -1)
    place = np.full(span + 1, -1)  # the last for every key outside
    place[ordered - least] = np.arange(len(ordered))
    offset = wanted - least
    return place[np.where((offset < 0) | (offset > span), span, offset)]


def in_order(keys: IntArray) -> IntArray:
    """The different keys in order."""
    ordered = np.sort(keys)
    different: IntArray = ordered[np.diff(ordered, prepend=ordered[:1] - 1) != 0]
    return different


def groups_by(*columns: IntArray) -> Groups:
    """Number the distinct combinations of these columns, in order of the first, then the second …"""
    key = columns[0]
    for values in columns[1:]:
        key = _pair(key, values)
    found, number = distinct(key)
    any_row = np.zeros(len(found), dtype=np.int64)
    any_row[number] = np.arange(len(number))
    return Groups(number, tuple(values[any_row] for values in columns))


def total_by(pence: IntArray, *columns: IntArray) -> Grouped:
    """Add pence up by these columns."""
    groups = groups_by(*columns)
    total = np.zeros(len(groups), dtype=np.int64)
    np.add.at(total, groups.number, pence)
    kept = total != 0
    return Grouped(tuple(values[kept] for values in groups.columns), total[kept])


def _pair(major: IntArray, minor: IntArray) -> IntArray:
    """One sortable number for two columns; columns of too wide a range are numbered first."""
    if not len(major):
        return major
    span = int(minor.max()) - int(minor.min()) + 1
    if max(abs(int(major.max())), abs(int(major.min())), 1) * span >= _MOST_KEYS:
        major = distinct(major)[1]
        minor = distinct(minor)[1]
        span = int(minor.max()) + 1
    key: IntArray = major * span + (minor - minor.min())
    return key
