"""Which provider a supplier is likely to be, by name."""

from collections.abc import Iterator, Mapping, Sequence

from finance.payments.suppliers import LIKELY, likeness, telling_words

SHORTEST_SLIP = 5  # in shorter words, one letter more or less makes another word


class Likely:
    """Finds the likely one of many named things without comparing every pair: only those that share a word are."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """`names` has each thing's name by its key."""
        self.names = names
        self.by_word: dict[str, set[str]] = {}
        for key, name in names.items():
            for word in telling_words(name):
                for form in _forms(word):
                    self.by_word.setdefault(form, set()).add(key)

    def best(self, names: Sequence[str]) -> str | None:
        """The key of what one of these names is likely to be; None where nothing is likely."""
        found = [
            (score, key)
            for name in names
            for key in sorted(self._candidates(name))
            if (score := likeness(name, self.names[key])) >= LIKELY
        ]
        return max(found, key=lambda each: each[0])[1] if found else None

    def _candidates(self, name: str) -> set[str]:
        forms = (form for word in telling_words(name) for form in _forms(word))
        return set().union(*(self.by_word.get(form, ()) for form in forms))


def _forms(word: str) -> Iterator[str]:
    """The word, and for a longer one the word with any one letter left out, so that one slip is forgiven."""
    yield word
    if len(word) >= SHORTEST_SLIP:
        yield from (word[:place] + word[place + 1 :] for place in range(len(word)))
