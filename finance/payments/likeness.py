"""Which provider a supplier is likely to be, by name."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from finance.payments.suppliers import name_words, telling_words

LIKELY = 0.6
SLIP = 0.85  # what a word with one letter more or less counts
SHORTEST_SLIP = 5  # in shorter words, one letter more or less makes another word


class Likely:
    """Finds the likely one of many named things. A word that few names have says more than one that many have, and
    only things that share a telling word are compared."""

    def __init__(self, names: Mapping[str, str], others: Iterable[str]) -> None:
        """`names` has each thing's name by its key; `others` are the names that will be asked about."""
        self.words = {key: frozenset(name_words(name)) for key, name in names.items()}
        self.by_form: dict[str, set[str]] = {}
        for key, name in names.items():
            for form in (form for word in telling_words(name) for form in _forms(word)):
                self.by_form.setdefault(form, set()).add(key)
        self.count = Counter(word for name in others for word in set(name_words(name)))

    def best(self, names: Sequence[str]) -> str | None:
        """The key of what one of these names is likely to be; None where nothing is likely."""
        found = []
        for name in names:
            words = frozenset(name_words(name))
            forms = (form for word in telling_words(name) for form in _forms(word))
            candidates = {key for form in forms for key in self.by_form.get(form, ())}
            found += [(self._likeness(words, self.words[key]), key) for key in sorted(candidates)]
        score, key = max(found, key=lambda each: each[0], default=(0.0, ""))
        return key if score >= LIKELY else None

    def _likeness(self, one: frozenset[str], two: frozenset[str]) -> float:
        """From 0 to 1: the weight of the words they share, of the weight of all their words."""
        shared = sum(self._weight(word) * _share(word, two) for word in one)
        shared += sum(self._weight(word) * _share(word, one) for word in two)
        return shared / sum(self._weight(word) for words in (one, two) for word in words)

    def _weight(self, word: str) -> float:
        return 1 / (1 + math.log1p(self.count[word]))


def _share(word: str, others: frozenset[str]) -> float:
    """1 for the same word, something less for one with a slip in it, 0 for another word."""
    if word in others:
        return 1.0
    forms = set(_forms(word))
    return SLIP if any(not forms.isdisjoint(_forms(other)) for other in others) else 0.0


def _forms(word: str) -> Iterator[str]:
    """The word, and for a longer one the word with any one letter left out, so that one slip is forgiven."""
    yield word
    if len(word) >= SHORTEST_SLIP:
        yield from (word[:place] + word[place + 1 :] for place in range(len(word)))
