"""Numbering and adding up rows by any columns of whole numbers."""

from dataclasses import dataclass

import numpy as np

from finance.ledger.rounding import IntArray

_MOST_KEYS = 2**62


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


def groups_by(*columns: IntArray) -> Groups:
    """Number the distinct combinations of these columns, in order of the first, then the second …"""
    key, number = columns[0], np.zeros(0, dtype=np.int64)
    for values in columns[1:]:
        key = _pair(key, values)
    _, first, number = np.unique(key, return_index=True, return_inverse=True)
    return Groups(number, tuple(values[first] for values in columns))


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
        major = np.unique(major, return_inverse=True)[1]
        minor = np.unique(minor, return_inverse=True)[1]
        span = int(minor.max()) + 1
    key: IntArray = major * span + (minor - minor.min())
    return key
