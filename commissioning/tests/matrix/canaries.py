"""Canaries: words, numbers and prices that occur nowhere else, and how each is found again in whatever is sent out."""

import datetime as dt
import hashlib
import io
import re
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from html import unescape
from urllib.parse import unquote

CONSONANTS, VOWELS = "bdfghjklmnprstvz", "aeiou"
WORD = re.compile(r"zq[a-z]{6}", re.IGNORECASE)
AMOUNT = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?:\.\d\d)?(?![\d])|(?<![\d.,])\d+(?:\.\d\d)?(?![\d])")
NHS_NUMBER = re.compile(r"(?<!\d)(\d{3})[ \u00a0]?(\d{3})[ \u00a0]?(\d{4})(?!\d)")
POSTCODE = re.compile(r"Z[A-Z]\d\d ?\d[A-Z]{2}")
DAY_IN_WORDS = re.compile(r"\d{1,2} [A-Z][a-z]+ (?:19|20)\d\d")
WEEKS_IN_A_YEAR = (Decimal("52"), Decimal("52.14"))


@dataclass(frozen=True)
class Canary:
    """A thing of somebody's: what it is, and whose. `provider` is the organisation it came from or belongs to."""

    kind: str
    partnership: str
    person: str = ""
    provider: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.kind, self.person, self.provider, self.partnership) if part)


def word(*of: str) -> str:
    """A made-up word of eight letters, the same for the same things: `Zqbavoli`."""
    number = int.from_bytes(hashlib.sha256("/".join(of).encode()).digest()[:8], "big")
    letters = ""
    for _ in range(3):
        number, consonant = divmod(number, len(CONSONANTS))
        number, vowel = divmod(number, len(VOWELS))
        letters += CONSONANTS[consonant] + VOWELS[vowel]
    return f"Zq{letters}"


class Aviary:
    """Every canary that was planted, by each form in which it may be printed."""

    def __init__(self) -> None:
        self.forms: dict[str, Canary] = {}

    def plant_word(self, canary: Canary) -> str:
        text = word(canary.kind, canary.partnership, canary.person, canary.provider)
        self._add(text.lower(), canary)
        return text

    def plant_nhs_number(self, canary: Canary, number: str) -> str:
        self._add(number, canary)
        return number

    def plant_postcode(self, canary: Canary, postcode: str) -> str:
        self._add(postcode.replace(" ", ""), canary)
        return postcode

    def plant_day(self, canary: Canary, day: dt.date) -> dt.date:
        for form in (f"{day:%-d %B %Y}", f"{day:%-d %b %Y}", day.isoformat(), f"{day:%d/%m/%Y}"):
            self._add(form, canary)
        return day

    def plant_price(self, canary: Canary, pounds: Decimal) -> Decimal:
        """Pounds a week, and what becomes of them: whole pounds, pence, a year in either way of counting weeks."""
        for amount in (pounds, *(pounds * weeks for weeks in WEEKS_IN_A_YEAR)):
            self._add(f"{amount:.2f}", canary)
            self._add(f"{amount * 100:.0f}", canary)
        self._add(f"£{pounds:.0f}", canary)
        return pounds

    def _add(self, form: str, canary: Canary) -> None:
        if self.forms.setdefault(form, canary) != canary:
            raise AssertionError(f"{form} would stand for two things: {canary} and {self.forms[form]}.")

    def seen_in(self, text: str) -> dict[Canary, str]:
        """The canaries in a text, each with the form it was found in."""
        return {self.forms[form]: form for form in _forms(text) if form in self.forms}


def _forms(text: str) -> Iterator[str]:
    """Whatever in a text could be a canary, written as it was planted."""
    for found in WORD.finditer(text):
        yield found[0].lower()
    for found in AMOUNT.finditer(text):
        plain = found[0].replace(",", "")
        yield plain
        if text[found.start() - 1 : found.start()] == "£":
            yield f"£{plain}"
    for found in NHS_NUMBER.finditer(text):
        yield "".join(found.groups())
    for found in POSTCODE.finditer(text):
        yield found[0].replace(" ", "")
    for found in DAY_IN_WORDS.finditer(text):
        yield found[0]
    for found in re.finditer(r"\d{4}-\d\d-\d\d|\d\d/\d\d/\d{4}", text):
        yield found[0]


def text_of(content: bytes, content_type: str) -> str:
    """What a reader would find in a body: the files in an archive, the words of a document, a page as shown."""
    if content.startswith(b"%PDF"):
        return _words_of_pdf(content)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(f"{name}\n{text_of(archive.read(name), '')}" for name in archive.namelist())
    text = content.decode("utf-8", "replace")
    return f"{unescape(text)}\n{unquote(text)}" if "html" in content_type else text


@cache
def _words_of_pdf(content: bytes) -> str:
    done = subprocess.run(["pdftotext", "-q", "-", "-"], input=content, capture_output=True, check=True)
    return done.stdout.decode()
