"""Suppliers as published: which of them may be named, their ID where the file gives none, and the words of their names.

Published spending names sole traders and, by mistake, private persons. What looks like a person's name is never kept.
"""

import hashlib
import re

NO_ID = "name:"
LONGEST_ID = 40

# What the codes of the creditor type mean where they tell a private person, or somebody who trades under their name.
INDIVIDUAL_TYPES = frozenset({"indv", "individual"})
SOLE_TRADER_TYPES = frozenset({"sole", "sole trader", "cham", "ey"})  # barristers and childminders among them

_REDACTED = re.compile(r"\bredacted\b|\bwithheld\b|\bdata protection\b", re.IGNORECASE)
_NOTES = re.compile(r"\*+.*$|\(.*?(\)|$)|\bformerly\b.*$|\bformally\b.*$", re.IGNORECASE)
_TITLES = frozenset({"mr", "mrs", "miss", "ms", "mx", "master", "dr"})
SHORTEST_PERSONAL, LONGEST_PERSONAL = 2, 4  # words in a person's name, title included
LONGEST_INITIALS = 2  # letters: SMITH J, SMITH JA

# Words that say what a supplier is, not which one it is.
_COMPANY = frozenset({"limited", "ltd", "limitd", "plc", "llp", "cic", "cio"})
_FORM = _COMPANY | frozenset({"company", "co", "the", "and", "of", "uk"})
_COMMON = frozenset(
    {"group", "holdings", "services", "service", "care", "support", "living", "homes", "home", "house", "trust"}
)
# The given names that most adults in England have: with one of them, a short name of no business is somebody's own.
GIVEN_NAMES = frozenset(
    """aaron abigail adam adrian alan albert alex alexander alexandra alice alison allan amanda amber amelia amy andrea
    andrew angela anita ann anna anne annette anthony antony april arthur ashley audrey barbara barry ben benjamin
    bernard beth bethany beverley bob bradley brenda brian bridget bruce callum cameron carl carol caroline carolyn
    catherine charles charlie charlotte cheryl chloe chris christian christina christine christopher claire clare
    clive colin connor craig daniel danielle darren dave david dawn dean deborah debra denise dennis derek diana diane
    dominic donald donna dora doris dorothy douglas duncan edward eileen elaine eleanor elizabeth ella ellen emily emma
    eric erica ernest ethan eva evelyn faye felicity fiona florence frances francis frank fred frederick gail gareth
    garry gary gavin gemma geoff geoffrey george georgia georgina gerald gillian glen glenn gordon grace graham grant
    greg gregory guy hannah harold harriet harry hayley hazel heather helen henry hilary holly howard hugh ian irene
    isaac isabel isabella ivan jack jackie jacob jacqueline jade jake james jamie jane janet janice jason jasmine jay
    jean jeff jeffrey jemma jennifer jenny jeremy jessica jill jim jo joan joanna joanne joe joel john johnathan jon
    jonathan jordan joseph josephine joshua joy joyce judith judy julia julian julie june justin karen karl kate
    katherine kathleen kathryn katie katy kay keith kelly ken kenneth kerry kevin kieran kim kimberley kirsty kyle laura
    lauren lawrence leah lee leo leon leonard leslie lesley lewis liam linda lindsay lisa liz lorna lorraine louis
    louise lucy luke lynda lynn lynne malcolm marc margaret maria marian marie marilyn marion mark martin martyn mary
    matthew maureen maurice max megan melanie melissa michael michelle mike mohammed molly monica muriel nancy naomi
    natalie natasha nathan neil nicholas nicola nicole nigel nina noel nora norma norman oliver olivia oscar owen
    pamela patricia patrick paul paula pauline penelope peter philip phillip phillipa philippa phyllis rachael rachel
    ralph raymond rebecca richard rita robert robin roger roland ronald rosalind rose rosemary ross roy russell ruth
    ryan sally sam samantha samuel sandra sara sarah scott sean sharon shaun sheila shirley sian simon sophia sophie
    stacey stanley stella stephanie stephen steve steven stewart stuart susan suzanne sybil sylvia tanya tara teresa
    terence terry theresa thomas tim timothy tina toby tom tony tracey tracy trevor vanessa vera veronica victor
    victoria vincent wayne wendy william yvonne zoe""".split()  # noqa: SIM905 a list this long reads better as a text
)
_BUSINESS = (
    _FORM
    | _COMMON
    | frozenset(
        """abbey academy access action activities agency assisted associates association autism building
        camphill catering centre charity cheshire church club coaches college communities community
        consultancy consulting contracts council court day design devon domiciliary east education
        electrical enabling enterprises experience farm foundation fund hall health healthcare
        hospice hospital hotel housing independence inn institute learning lodge manor medical
        mencap nhs north nursery nursing options partners partnership pathways practice primary
        project projects properties residential rest school society solutions south supported
        surgery sw taxis training transport travel union university villa west youth""".split()  # noqa: SIM905
    )
)


def is_withheld(name: str) -> bool:
    """Whether the council took the name out before publishing."""
    return not name or bool(_REDACTED.search(name))


def is_individual(creditor_type: str) -> bool:
    """Whether a row pays a private person."""
    return creditor_type.casefold() in INDIVIDUAL_TYPES


def is_sole_trader(name: str, creditor_type: str) -> bool:
    """Whether a row pays somebody who may trade under their own name; a company's name is a company's."""
    return creditor_type.casefold() in SOLE_TRADER_TYPES and _COMPANY.isdisjoint(_words(name))


def looks_personal(name: str) -> bool:
    """Whether this reads like a person's own name: short, without a word of business, with a title, initials at its
    end or a common given name."""
    words = _words(name)
    if len(words) > LONGEST_PERSONAL or any(word in _BUSINESS or word.isdigit() for word in words):
        return False
    if len(words) < SHORTEST_PERSONAL:
        return False
    has_initials = len(words[-1]) <= LONGEST_INITIALS
    return has_initials or not GIVEN_NAMES.isdisjoint(words) or not _TITLES.isdisjoint(words)


def id_from_name(name: str) -> str:
    """The key of a supplier that the file gives no ID: its name with `name:` before it; those without one are one."""
    plain = " ".join(_words(name)).upper()
    key = f"{NO_ID}{plain or 'WITHHELD'}"
    if len(key) <= LONGEST_ID:
        return key
    return f"{key[: LONGEST_ID - 9]}~{hashlib.sha256(plain.encode()).hexdigest()[:8]}"


def _words(name: str) -> list[str]:
    plain = _NOTES.sub(" ", name.casefold()).replace("'", "").replace("’", "").replace("&", " and ")
    return re.findall(r"[^\W_]+", plain.replace(".", ""))


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name but for legal forms, `THE` and notes; letters that stand alone are joined."""
    return tuple(word for word in _joined(_words(name)) if word not in _FORM)


def telling_words(name: str) -> tuple[str, ...]:
    """The words that tell one supplier from another: `NORTHAM CARE TRUST THE` gives `northam`.

    Notes such as `****5215` and brackets do not count either; `S A Y SUPPORT` is `say`. A name of common words
    alone keeps them.
    """
    words = name_words(name)
    return tuple(word for word in words if word not in _COMMON) or words


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
