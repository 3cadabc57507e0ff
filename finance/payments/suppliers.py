"""Suppliers as published: which of them may be named, their ID where the file gives none, and their names compared."""

import difflib
import hashlib
import re

NO_ID = "name:"
LONGEST_ID = 40

# What the codes of the creditor type mean, where they tell a private person or somebody trading under their own name.
INDIVIDUAL_TYPES = frozenset({"indv", "individual"})
SOLE_TRADER_TYPES = frozenset({"sole", "sole trader", "cham", "ey"})  # barristers and childminders among them

_REDACTED = re.compile(r"\bredacted\b|\bwithheld\b|\bdata protection\b", re.IGNORECASE)
_TITLE = re.compile(r"\b(mr|mrs|miss|ms|mx|master)\b", re.IGNORECASE)
_TRADING_AS = re.compile(r"\b(t/a|ta|trading as)\b", re.IGNORECASE)
_NOTES = re.compile(r"\*+.*$|\(.*?\)|\bformerly\b.*$|\bformally\b.*$", re.IGNORECASE)

# Words that say what a supplier is, not which one it is.
_FORM = frozenset({"limited", "ltd", "limitd", "plc", "llp", "cic", "cio", "company", "co", "the", "and", "of", "uk"})
_COMPANY = frozenset({"limited", "ltd", "limitd", "plc", "llp", "cic", "cio"})
_COMMON = frozenset(
    {"group", "holdings", "services", "service", "care", "support", "living", "homes", "home", "house", "trust"}
)
LIKELY = 0.6


def is_withheld(name: str) -> bool:
    """Whether the council took the name out before publishing."""
    return not name or bool(_REDACTED.search(name))


def is_individual(name: str, creditor_type: str) -> bool:
    """Whether a row pays a private person, by the creditor type or a title in the name."""
    if creditor_type.casefold() in INDIVIDUAL_TYPES:
        return True
    return bool(_TITLE.search(name)) and not _TRADING_AS.search(name) and not _is_company(name)


def is_sole_trader(name: str, creditor_type: str) -> bool:
    """Whether a row pays somebody who may trade under their own name; a company's name is a company's."""
    may_be = creditor_type.casefold() in SOLE_TRADER_TYPES or bool(_TITLE.search(name))
    return may_be and not _is_company(name)


def _is_company(name: str) -> bool:
    return not _COMPANY.isdisjoint(_words(name))


def id_from_name(name: str) -> str:
    """The key of a supplier that the file gives no ID: its name with `name:` before it; withheld names are one."""
    plain = " ".join(_words(name)).upper()
    key = f"{NO_ID}{plain or 'WITHHELD'}"
    if len(key) <= LONGEST_ID:
        return key
    return f"{key[: LONGEST_ID - 9]}~{hashlib.sha256(plain.encode()).hexdigest()[:8]}"


def _words(name: str) -> list[str]:
    plain = _NOTES.sub(" ", name.casefold()).replace("'", "").replace("’", "").replace("&", " and ")
    return re.findall(r"[a-z0-9]+", plain.replace(".", ""))


def telling_words(name: str) -> tuple[str, ...]:
    """The words that tell one supplier from another: `NORTHAM CARE TRUST THE` gives `northam`.

    Notes such as `****5215`, brackets, legal forms and `THE` do not count; letters that stand alone are joined, so
    that `S A Y SUPPORT` is `say`. A name of common words alone keeps them.
    """
    words = [word for word in _joined(_words(name)) if word not in _FORM]
    return tuple(word for word in words if word not in _COMMON) or tuple(words)


def _joined(words: list[str]) -> list[str]:
    """Letters that stand alone next to each other become one word."""
    found: list[str] = []
    was_letter = False
    for word in words:
        is_letter = len(word) == 1 and word.isalpha()
        if is_letter and was_letter:
            found[-1] += word
        else:
            found.append(word)
        was_letter = is_letter
    return found


def likeness(first: str, second: str) -> float:
    """How alike two names are, from 0 to 1: words in common, a slip of spelling allowed, all words told apart last."""
    one, two = telling_words(first), telling_words(second)
    if not one or not two:
        return 0.0
    shared = sum(_best(word, two) for word in one) + sum(_best(word, one) for word in two)
    by_telling = shared / (len(one) + len(two))
    every_one = [word for word in _joined(_words(first)) if word not in _FORM]
    every_two = [word for word in _joined(_words(second)) if word not in _FORM]
    whole = difflib.SequenceMatcher(None, " ".join(sorted(every_one)), " ".join(sorted(every_two))).ratio()
    return 0.8 * by_telling + 0.2 * whole


def _best(word: str, others: tuple[str, ...]) -> float:
    """1 for the same word, something less for one with a slip in it, 0 for another word."""
    if word in others:
        return 1.0
    close = difflib.get_close_matches(word, others, n=1, cutoff=0.85) if len(word) > 4 else []
    return 0.85 if close else 0.0
